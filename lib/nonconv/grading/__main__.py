"""python -m nonconv.grading autograde UNIT --from FOLDER: collect, autograde, write feedback, print a table.

python -m nonconv.grading feedback UNIT: write feedback and table anew from the gradebook, executing nothing.

python -m nonconv.grading grades | queue | extend | register UNIT: points for a learning platform, what is to
be read, more time for one student, an exercise into the gradebook.
"""

import argparse
import gc
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from nonconv.grading.kernels import client

# a kernel that starts, and nbgrader, wait for a part of the time: measured best on 2 cores
JOBS = 2 * (os.cpu_count() or 1)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m nonconv.grading", description="Grade what a class handed in."
    )
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    autograde = commands.add_parser("autograde", help="execute and score submissions, write feedback")
    autograde.set_defaults(command="autograde")
    autograde.add_argument(
        "--from",
        dest="inbox",
        type=Path,
        metavar="FOLDER",
        help="collect from a folder with a folder, a zip or a notebook for each student;"
        " default: grade what lies in submitted/ already",
    )
    autograde.add_argument(
        "--scheduler", metavar="ADDRESS", help="execute on the Dask cluster with this scheduler"
    )
    autograde.add_argument(
        "--fresh", action="store_true", help="execute everything anew, whatever results are kept"
    )
    autograde.add_argument(
        "--no-isolation", action="store_true", help="run student code with your own rights, without a sandbox"
    )
    autograde.add_argument(
        "--no-feedback", action="store_true", help="write no pages yet: mark by hand first, then `feedback`"
    )
    again = commands.add_parser("feedback", help="write feedback anew from the gradebook, executing nothing")
    again.set_defaults(command="feedback")
    back = commands.add_parser("grades", help="the points in the list of the class of a learning platform")
    back.set_defaults(command="grades")
    back.add_argument(
        "--from",
        dest="roster",
        type=Path,
        metavar="FILE",
        required=True,
        help="Moodle's grading worksheet, Canvas's exported gradebook, or any table (CSV) with the names",
    )
    back.add_argument(
        "--for",
        dest="platform",
        choices=("moodle", "canvas", "table"),
        default="table",
        help="how the table is to be filled in; table, unless said: columns points and of at its end",
    )
    queue = commands.add_parser("queue", help="which written answers nobody has read, and how long it takes")
    queue.set_defaults(command="queue")
    extend = commands.add_parser("extend", help="more time for one student")
    extend.set_defaults(command="extend")
    extend.add_argument("--student", required=True, metavar="NAME", help="as the table of the class has it")
    extend.add_argument(
        "--days", required=True, type=_days, metavar="N", help="after the deadline; 0 takes it back"
    )
    register = commands.add_parser("register", help="make an exercise known to the gradebook")
    register.set_defaults(command="register")
    for command in (autograde, again, back, queue, extend, register):
        command.add_argument(
            "unit", metavar="UNIT", nargs="?", default="", help="such as 02-reduction-to-convolution"
        )
        command.add_argument(
            "--jobs",
            type=_jobs,
            default=JOBS,
            metavar="N",
            help="processes that work at once; default: two for each core; 0: this one alone",
        )
    return made


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 0 <= days <= 366:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days; 0, 0.5, 1, 7, … would be")
    return days


def _jobs(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; 0, 1, 2, … would be")
    return int(text)


def _stop(number: int, _: Any) -> None:
    """What SIGTERM and SIGHUP do: end as after Ctrl-C, so that nothing stays behind."""
    sys.exit(128 + number)


def main() -> int:
    arguments = parser().parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    # also what libraries write, such as multiprocessing's sockets: it goes when this run does. Before
    # multiprocessing is imported: at the end, what was registered last comes first.
    tempfile.tempdir = str(client.run_folder())
    from nonconv.grading.workers import pool

    arguments.unit = arguments.unit.rstrip("/")
    # before PyTorch is imported: judging is thousands of small sums, and threads that wait for each other
    # took twice the time of one where other programs run
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if arguments.command == "autograde" and not arguments.scheduler:
        # what they import takes seconds, and so do nbgrader's modules here: all at once
        client.prepare(not arguments.no_isolation, Path("solutions") / arguments.unit)
        if arguments.jobs:
            pool.prepare()
    gc.disable()  # see `kernels.modules.load`
    from nonconv.grading import commands

    gc.freeze()
    gc.enable()
    try:
        return commands.run(arguments, Path.cwd())
    finally:
        # or Python would look through all that it has imported once more before it ends: half a second
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
