"""python -m nonconv.grading autograde UNIT --from FOLDER: collect, autograde, write feedback, print a table.

python -m nonconv.grading feedback UNIT: write feedback and table anew from the gradebook, executing nothing.
"""

import argparse
import os
import sys
from pathlib import Path

from nonconv.grading.collect import CollectError, collect, handed_in
from nonconv.grading.run import Grade, IsolationError, feedback, grade, read, students, table, write_csv

# a kernel that starts, and nbgrader, wait for a part of the time: measured best on 2 cores
JOBS = 2 * (os.cpu_count() or 1)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m nonconv.grading", description="Grade what a class handed in."
    )
    commands = made.add_subparsers(required=True, metavar="autograde | feedback")
    autograde = commands.add_parser("autograde", help="execute and score submissions, write feedback")
    autograde.set_defaults(run=_autograde)
    autograde.add_argument(
        "--from", dest="inbox", type=Path, metavar="FOLDER",
        help="collect from a folder with a folder, a zip or a notebook for each student;"
        " default: grade what lies in submitted/ already",
    )  # fmt: skip
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
    again.set_defaults(run=_feedback)
    for command in (autograde, again):
        command.add_argument(
            "unit", metavar="UNIT", nargs="?", default="", help="such as 02-reduction-to-convolution"
        )
        command.add_argument(
            "--jobs", type=int, default=JOBS, metavar="N",
            help="processes that work at once; default: two for each core; 0: this one alone",
        )  # fmt: skip
    return made


def main() -> int:
    arguments = parser().parse_args()
    arguments.unit = arguments.unit.rstrip("/")
    try:
        grades, everyone = arguments.run(arguments, Path.cwd())
    except (CollectError, IsolationError) as error:
        print(error, file=sys.stderr)
        return 1
    sheet = Path("feedback") / f"{arguments.unit}.csv"
    write_csv(everyone, sheet)
    print(f"\n{table(grades)}\n\nfeedback/STUDENT/{arguments.unit}/ has a page for each notebook,")
    print(f"{sheet} the table of the whole class. After marking by hand (`make lab`, menu Nbgrader >")
    print(f"Formgrader): make feedback UNIT={arguments.unit}")
    if getattr(arguments, "no_isolation", False):
        print("\nStudent code ran without isolation, with your own rights.")
    return 0


def _autograde(arguments: argparse.Namespace, root: Path) -> tuple[list[Grade], list[Grade]]:
    if arguments.inbox is None:
        submissions = handed_in(arguments.unit, root)
    else:
        submissions, passed_over = collect(arguments.inbox, arguments.unit, root)
        for sentence in passed_over:
            print(sentence)
    grades = grade(arguments.unit, submissions, root, jobs=arguments.jobs, scheduler=arguments.scheduler,
                   fresh=arguments.fresh, isolated=not arguments.no_isolation, pages=not arguments.no_feedback)  # fmt: skip
    here = {one.student: one for one in grades}
    gradebook = root / "gradebook.db"
    everyone = [
        here.get(name) or read(arguments.unit, name, gradebook, [])
        for name in students(arguments.unit, gradebook)
    ]
    if absent := [one.student for one in everyone if one.student not in here]:
        print(f"\nin the gradebook, not among these submissions: {', '.join(absent)}")
    return grades, everyone


def _feedback(arguments: argparse.Namespace, root: Path) -> tuple[list[Grade], list[Grade]]:
    grades = feedback(arguments.unit, root, arguments.jobs)
    return grades, grades


if __name__ == "__main__":
    sys.exit(main())
