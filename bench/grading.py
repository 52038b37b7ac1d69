"""Autograding a class: nbgrader alone, and this course's grading, on the same submissions in one run.

    python bench/grading.py [--submissions 40] [--unit 02-reduction-to-convolution] [--jobs 4] [--only-ours]

nbgrader alone is `nbgrader autograde` as installed: plain kernels, its own Execute, one submission after
another. Ours is the same steps with pre-warmed kernels and workers. The floor is the CPU time of the
submissions' own cells, measured in one warm process and divided by the cores. No grader that runs the cells
as they are can be faster. Feedback pages are left out on both sides.
"""

import argparse
import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "course"))

from classroom import course_folder, names, rounds, with_answers  # noqa: E402

from nonconv.grading.__main__ import JOBS  # noqa: E402
from nonconv.grading.report import read, students  # noqa: E402
from nonconv.grading.submissions.collect import Submission, collect  # noqa: E402
from nonconv.publish.unit import Unit, units  # noqa: E402

warnings.filterwarnings("ignore")  # nbgrader's own, about its database


def hand_in(unit: Unit, count: int, inbox: Path) -> Path:
    """Every third submission is right, the others hold known mistakes; no two are the same file."""
    wrong = rounds([attempt for attempt in unit.attempts if attempt.is_wrong])
    for number in range(count):
        chosen = [] if number % 3 == 0 else wrong[number % len(wrong)]
        folder = inbox / f"student-{number:04}"
        folder.mkdir(parents=True)
        for name, content in with_answers(unit, chosen).items():
            notebook = nbformat.reads(content.decode(), as_version=4)
            notebook.cells.append(nbformat.v4.new_markdown_cell(f"Handed in by number {number}."))
            nbformat.write(notebook, folder / f"{name}.ipynb")
    return inbox


def course(unit: Unit, folder: Path, inbox: Path) -> tuple[Path, list[Submission]]:
    made = course_folder(unit, folder)
    # with the unit, hidden checks have per-student inputs, as in the real course
    shutil.copytree(unit.folder, made / "units" / unit.name)
    return made, collect(inbox, unit.name, made)[0]


def by_nbgrader(unit: Unit, root: Path, submissions: list[Submission]) -> float:
    """Seconds that `nbgrader autograde` takes."""
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(STOCK)
    program = Path(sys.executable).with_name("nbgrader")
    subprocess.run(
        [program, "generate_assignment", unit.name, "--create", "--force"],
        cwd=root,
        env=WITH_PROGRAMS,
        check=True,
        capture_output=True,
    )
    start = time.perf_counter()
    run([program, "autograde", unit.name], root, "file permissions", "nbgrader alone", len(submissions))
    return time.perf_counter() - start


# nbgrader as it is: its own steps, a plain kernel for each notebook, its defaults for all else
STOCK = """
for name in ("sanitize_preprocessors", "autograde_preprocessors"):
    c.Autograde.pop(name)
c.pop("Execute")
c.Execute.timeout = 60
"""
WITH_PROGRAMS = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def by_ours(unit: Unit, root: Path, submissions: list[Submission], jobs: int) -> tuple[float, list[int]]:
    """Seconds of `python -m nonconv.grading autograde`, and the memory (MiB) after each tenth of a class."""
    start = time.perf_counter()
    program = [sys.executable, "-m", "nonconv.grading"]
    command = [*program, "autograde", unit.name, "--jobs", str(jobs), "--no-feedback"]
    memory = run(command, root, " left)", "ours", len(submissions))
    return time.perf_counter() - start, memory


def run(command: list[Any], root: Path, mark: str, who: str, count: int) -> list[int]:
    """Run a command that prints a line with `mark` for each submission; memory after each tenth of them."""
    memory: list[int] = []
    done, start = 0, time.perf_counter()
    with subprocess.Popen(
        command, cwd=root, env=WITH_PROGRAMS, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if mark in line:
                done += 1
                progress(who, done, count, start)
                if done * 10 // count > len(memory):  # not each time: it takes a while itself
                    memory.append(memory_of_all(process.pid))
    if process.returncode:
        raise SystemExit(f"{who} ended with {process.returncode}: {line}")
    return memory


def floor(unit: Unit, submissions: list[Submission], cores: int) -> float:
    """Seconds that the submissions' cells need on the cores, in a process that has imported everything."""
    here = Path.cwd()
    os.chdir(ROOT / "exercises" / unit.name)
    measured = submissions[:40]  # of a large class, some
    spent = 0.0
    try:
        for number, submission in enumerate([measured[0], *measured]):
            own = sum(cells_of(path) for path in sorted(submission.folder.glob("*.ipynb")))
            spent += own if number else 0  # the first time something is still imported
    finally:
        os.chdir(here)
    return spent * len(submissions) / len(measured) / cores


def cells_of(path: Path) -> float:
    """Seconds of processor time of a notebook's own cells."""
    space: dict = {}
    spent = 0.0
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            start = time.process_time()
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(BaseException):
                exec(compile(cell.source, cell.id, "exec"), space)
            spent += time.process_time() - start
    return spent


def memory_of_all(pid: int) -> int:
    """MiB of a process and all that it started (workers, zygote, kernels); what they share counts once."""
    waiting, total = [pid], 0
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        with contextlib.suppress(OSError):  # it has just ended
            for task in (folder / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
            lines = (folder / "smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


def progress(who: str, number: int, count: int, start: float) -> None:
    spent = time.perf_counter() - start
    print(f"\r{who}: {number} of {count}, {spent:.0f} s", end="" if number < count else "\n", flush=True)


def scores(gradebook: Path, unit: Unit) -> dict[str, dict[str, float]]:
    """Everyone's scores, but for proofs: those the judge scores anew from their certificates, on purpose."""
    proofs = {name for name, check in unit.checks.items() if check.proves}
    return {
        student: {
            name: score
            for name, score in read(unit.name, student, gradebook, []).points.items()
            if name not in proofs
        }
        for student in students(unit.name, gradebook)
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--submissions", type=int, default=40)
    parser.add_argument("--unit", default="02-reduction-to-convolution")
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--only-ours", action="store_true", help="for large classes")
    arguments = parser.parse_args()
    unit = next(unit for unit in units(ROOT) if unit.name == arguments.unit)
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        inbox = hand_in(unit, arguments.submissions, folder / "inbox")
        ours, submissions = course(unit, folder / "ours", inbox)
        seconds, memory = by_ours(unit, ours, submissions, arguments.jobs)
        least = floor(unit, submissions, os.cpu_count() or 1)
        count = len(submissions)
        each = f"{len(names(unit))} notebooks each"
        print(f"\n{count} submissions of {unit.name} ({each}), {arguments.jobs} workers")
        print(f"ours            {seconds:7.1f} s   {seconds / count:6.2f} s each")
        print(
            f"floor           {least:7.1f} s   {least / count:6.2f} s each"
            f"   ours is {seconds / least:.2f} of it"
        )
        print(f"memory of all processes after each tenth of the class, MiB: {' '.join(map(str, memory))}")
        if not arguments.only_ours:
            alone, submissions = course(unit, folder / "alone", inbox)
            stock = by_nbgrader(unit, alone, submissions)
            same = scores(ours / "gradebook.db", unit) == scores(alone / "gradebook.db", unit)
            print(
                f"nbgrader alone  {stock:7.1f} s   {stock / count:6.2f} s each"
                f"   {stock / seconds:.1f} times ours"
            )
            print(f"scores in the two gradebooks, proofs aside: {'the same' if same else 'DIFFERENT'}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
