"""Pages of feedback for students, from the gradebook and the executed notebooks."""

from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

from nonconv.grading.report import Grade, read, students
from nonconv.grading.workers.pool import workers
from nonconv.grading.workers.steps import reason_in
from nonconv.publish.course import course_api

Say = Callable[[str], None]


def feedback(unit: str, root: Path, jobs: int = 0, say: Say = print) -> list[Grade]:
    """Write everyone's feedback/ anew from the gradebook, marks given by hand included; nothing is
    executed."""
    gradebook = root / "gradebook.db"
    problems = dict(write_feedback(unit, students(unit, gradebook), root, jobs, say))
    return [
        read(unit, student, gradebook, [problem] if problem else []) for student, problem in problems.items()
    ]


def write_feedback(
    unit: str, names: list[str], root: Path, jobs: int, say: Say
) -> Iterator[tuple[str, str | None]]:
    """(student, problem) as each student's pages are written, by `jobs` processes (0: this one).

    The gradebook is only read.
    """
    if not jobs:
        yield from ((student, _feedback(unit, student, root)) for student in names)
        return
    with workers(jobs) as executor:
        pages = executor.map(_feedback, repeat(unit), names, repeat(root))
        for number, (student, problem) in enumerate(zip(names, pages, strict=True), 1):
            yield student, problem
            if number % 20 == 0 or number == len(names):
                say(f"{number} of {len(names)} feedback pages written")


def _feedback(unit: str, student: str, root: Path) -> str | None:
    api = course_api(root, root, root / "gradebook.db")
    # the unit's own data are of no use beside a page; nbgrader would copy them for each student
    api.coursedir.ignore = [*api.coursedir.ignore, "checks.json"]
    result = api.generate_feedback(unit, student, force=True)
    return None if result["success"] else reason_in(f"{result.get('log', '')}\n{result.get('error') or ''}")
