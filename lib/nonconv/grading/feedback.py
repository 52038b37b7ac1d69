"""Pages of feedback for students, from the gradebook and the executed notebooks."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path

from nonconv.grading.limits import Limits, submitter
from nonconv.grading.report import Grade, read, students
from nonconv.grading.workers.pool import workers
from nonconv.grading.workers.steps import reason_in
from nonconv.publish.course import course_api

Say = Callable[[str], None]
LIMITS = Limits(memory=2048, processor=120, clock=600)  # of one student's pages; a page takes half a second


def feedback(
    unit: str, root: Path, jobs: int = 0, say: Say = print, pool: Executor | None = None
) -> list[Grade]:
    """Write everyone's feedback/ anew from the gradebook, marks given by hand included; nothing is
    executed."""
    gradebook = root / "gradebook.db"
    problems = dict(write_feedback(unit, students(unit, gradebook), root, jobs, say, pool))
    return [
        read(unit, student, gradebook, [problem] if problem else []) for student, problem in problems.items()
    ]


def write_feedback(
    unit: str, names: list[str], root: Path, jobs: int, say: Say, pool: Executor | None = None
) -> Iterator[tuple[str, str | None]]:
    """(student, problem) as each student's pages are written, by `jobs` processes (0: this one), or by those
    of the pool.

    The gradebook is only read. Pages that use up a limit, or end their process, cost themselves.
    """
    with ExitStack() as stack:
        if jobs and pool is None:
            pool = stack.enter_context(workers(jobs))
        submit = submitter(pool, LIMITS)
        written = [(student, submit(_feedback, unit, student, root)) for student in names]
        for number, (student, page) in enumerate(written, 1):
            try:
                problem = page.result()
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"
            yield student, problem
            if jobs and (number % 20 == 0 or number == len(names)):
                say(f"{number} of {len(names)} feedback pages written")


def _feedback(unit: str, student: str, root: Path) -> str | None:
    api = course_api(root, root, root / "gradebook.db")
    # the unit's own data are of no use beside a page; nbgrader would copy them for each student
    api.coursedir.ignore = [*api.coursedir.ignore, "checks.json"]
    result = api.generate_feedback(unit, student, force=True)
    return None if result["success"] else reason_in(f"{result.get('log', '')}\n{result.get('error') or ''}")
