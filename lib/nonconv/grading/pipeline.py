"""Autograding a class with nbgrader's own steps, so that no submission can stop the next."""

import contextlib
import csv
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import temp_attrs

from nonconv.grading.engine.execute import DIED, TAMPERED
from nonconv.grading.kernels import client
from nonconv.grading.kernels.sandbox import namespaces
from nonconv.grading.submissions.collect import Submission, untouched
from nonconv.grading.workers.gradebook import OpenGradebook, opened
from nonconv.grading.workers.parallel import Outcome, execute, executed, files_of, pack
from nonconv.grading.workers.pool import workers
from nonconv.grading.workers.steps import Committing, convert
from nonconv.grading.workers.store import Store
from nonconv.publish.course import COURSE, course_api, url

Say = Callable[[str], None]


CLOSED, OPEN = "nonconv-isolated", "nonconv-warm"  # the kernels for student code


class IsolationError(RuntimeError):
    """Student code cannot be isolated on this machine."""

    def __init__(self, reason: str) -> None:
        super().__init__(ADVICE.format(reason=reason))


ADVICE = """Student code cannot be isolated here: {reason}.
  In a container: start it with --privileged, or grade outside of it.
  On Ubuntu 24.04 and later: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0
  On macOS and Windows: grade in a Linux machine, WSL 2 or a container.
  Without isolation student code runs with your own rights: it can read and change your files. If you know your
  students, or this is a machine to throw away: make grade … ISOLATION=no"""


@dataclass
class Grade:
    """What one submission earned: points by graded cell, what nobody has read yet, what went wrong on the way."""

    student: str
    points: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        return sum(self.points.values())

    @property
    def best(self) -> float:
        return sum(self.most.values())

    @property
    def lost(self) -> str:
        """Where points were lost, in words."""
        graded = [name for name in self.most if name not in self.unread]
        lost = [name for name in graded if self.points[name] < self.most[name]]
        if lost and not any(self.points[name] for name in graded):
            return "everything"
        more = [f"and {len(lost) - 6} more"] if len(lost) > 7 else []
        return ", ".join(lost[:6] + more if more else lost)


def grade(
    unit: str, submissions: list[Submission], root: Path, say: Say = print, jobs: int = 0,
    scheduler: str | None = None, fresh: bool = False, isolated: bool = True, pages: bool = True,
) -> list[Grade]:  # fmt: skip
    """Autograde with nbgrader's own steps, write feedback/ (unless `pages` is False), return the grades in the gradebook.

    `jobs` workers execute the notebooks (0: this process does), or those of a Dask `scheduler`; only this process has the gradebook.
    Student code runs in a sandbox; IsolationError says why it cannot. Not `isolated`, it runs with the rights of whoever grades.
    Results are kept in root/.grading: a run that was stopped goes on, and what did not change is not run again unless `fresh`.

    root holds nbgrader_config.py, solutions/, submitted/ and gradebook.db (made if missing). A notebook that
    nbgrader cannot get through is kept as `….broken` and graded as untouched, with the reason: a grade that an
    earlier hand-in earned never stands for a later one.
    """
    api = course_api(root, root, root / "gradebook.db")
    kernel = api.config.Execute.kernel_name if isolated else OPEN
    if kernel == CLOSED and (reason := namespaces.problem()):
        raise IsolationError(reason)
    grades: dict[str, Grade] = {}
    ungraded: set[str] = set()
    by_student = {submission.student: submission for submission in submissions}
    store = Store(root / ".grading" / unit)
    if fresh:
        store.keep(set())
    start = time.monotonic()
    with contextlib.ExitStack() as stack:
        client.prepare(kernel == CLOSED, root / "solutions" / unit)
        executor = stack.enter_context(workers(jobs, scheduler)) if jobs or scheduler else None
        register(unit, api)
        course = pack(root, unit, root / "gradebook.db", kernel)
        book = stack.enter_context(opened(root / "gradebook.db"))
        folders = {student: submission.folder for student, submission in by_student.items()}
        ahead = 4 * jobs if scheduler is None else 512  # how large a cluster is, only its scheduler knows
        for student, outcome in executed(course, unit, folders, store, executor, ahead):
            troubles = list(by_student[student].troubles)
            if outcome.problem is not None:  # the worker died: this process does it
                troubles.append(outcome.problem)
                outcome = execute(course, unit, student, files_of(folders[student]))
            reason = _commit(unit, student, outcome, api, book)
            if reason is not None:
                troubles.append(f"grading stopped: {reason}")
                _set_aside(by_student[student], root / "exercises" / unit, troubles[-1])
                again = execute(course, unit, student, files_of(folders[student]))
                reason = _commit(unit, student, again, api, book)
            if reason is None:
                troubles += _noticed(root / "autograded" / student / unit)
            else:
                troubles.append(f"not graded: {reason}")
                ungraded.add(student)
                _score_nothing(unit, student, book)
            grades[student] = _read(unit, student, book, troubles)
            spent = time.monotonic() - start
            left = spent / len(grades) * (len(by_student) - len(grades))
            say(f"{len(grades)} of {len(by_student)}  {student}: {grades[student].score:g} of {grades[student].best:g}"
                f"  ({spent:.0f} s, {left:.0f} s left)")  # fmt: skip
    if pages:
        names = [student for student in by_student if student not in ungraded]
        for student, problem in write_feedback(unit, names, root, jobs, say):
            if problem is not None:
                grades[student].troubles.append(f"no feedback: {problem}")
    return [grades[student] for student in by_student]


def _commit(unit: str, student: str, outcome: Outcome, api: Any, book: OpenGradebook) -> str | None:
    """Save the scores; None, or why nbgrader cannot grade this. RuntimeError if the machine is to blame, and nobody's submission."""
    if outcome.unable is not None:
        raise RuntimeError(outcome.unable)
    if outcome.log is not None:
        return _reason(outcome.log)
    converter = Committing(coursedir=api.coursedir, parent=api)
    converter.executed = outcome.notebooks
    result = convert(converter, book, unit, student, keep=True)
    return None if result["success"] else _reason(f"{result['log']}\n{result['error']}")


def _score_nothing(unit: str, student: str, book: Gradebook) -> None:
    """What nbgrader does with a notebook that was not handed in: no earlier score stands for it."""
    book.update_or_create_student(student)
    for notebook in book.update_or_create_submission(unit, student).notebooks:
        for item in notebook.grades:
            item.auto_score, item.needs_manual_grade = 0, False
    book.db.commit()


def register(unit: str, api: Any) -> None:
    """Make the exercise known to the gradebook, from solutions/UNIT. RuntimeError says what nbgrader says against it.

    nbgrader does so by releasing it: into a folder of its own, since a run that is killed must leave exercises/ as it was.
    """
    with tempfile.TemporaryDirectory() as scratch, temp_attrs(api.coursedir, release_directory=scratch):
        released = api.generate_assignment(unit, force=True, create=True)
    if not released["success"]:
        raise RuntimeError(f"nbgrader could not release {unit}:\n{released.get('error')}\n{released['log']}")


def feedback(unit: str, root: Path, jobs: int = 0, say: Say = print) -> list[Grade]:
    """Write everyone's feedback/ anew from the gradebook, marks given by hand included; nothing is executed."""
    gradebook = root / "gradebook.db"
    told = dict(write_feedback(unit, students(unit, gradebook), root, jobs, say))
    return [read(unit, student, gradebook, [problem] if problem else []) for student, problem in told.items()]


def write_feedback(
    unit: str, names: list[str], root: Path, jobs: int, say: Say
) -> Iterator[tuple[str, str | None]]:
    """(student, problem) as each student's pages are written, by `jobs` processes (0: this one). The gradebook is only read."""
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
    result = course_api(root, root, root / "gradebook.db").generate_feedback(unit, student, force=True)
    return None if result["success"] else _reason(f"{result.get('log', '')}\n{result.get('error') or ''}")


def _set_aside(submission: Submission, released: Path, reason: str) -> None:
    for path in sorted(submission.folder.glob("*.ipynb")):
        path.rename(path.with_name(f"{path.name}.broken"))
        path.write_text(nbformat.writes(untouched(released / path.name, reason)), encoding="utf-8")


def _reason(text: str) -> str:
    """The last error that nbgrader's log names, but for its own summary of it."""
    if "DeadKernelError" in text:
        return "the kernel died while it ran (os._exit, too much memory, or a crash in native code)"
    errors = re.findall(r"^\s*([\w.]*(?:Error|Exception|Entry)\w*: .+)$", text, re.M)
    told = [error for error in errors if "NbGraderException" not in error]
    return (told or errors or ["nbgrader gave no reason"])[-1].strip()[:200]


def _noticed(folder: Path) -> list[str]:
    """What an instructor should know of the run: a cell outside the exercises that failed, a cell without an end."""
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if output.output_type != "error":
                    continue
                if output.ename == DIED:
                    if "What ran before it counts" in output.evalue:
                        found.append(f"{path.name}: the cell {cell.id!r}: {output.evalue}")
                elif output.ename == TAMPERED:
                    found.append(
                        f"{path.name}: the test {cell.id!r} passes on a wrong answer, too: tampered with"
                    )
                elif output.ename == "CellTimeoutError":
                    found.append(f"{path.name}: the cell {cell.id!r} did not come to an end and was stopped")
                elif not cell.metadata.get("nbgrader", {}).get("grade"):
                    found.append(
                        f"{path.name}: the cell {cell.id!r} failed: {output.ename}: {output.evalue[:100]}"
                    )
    return found[:3] + ([f"and {len(found) - 3} more cells failed"] if len(found) > 3 else [])


def students(unit: str, gradebook: Path) -> list[str]:
    """Everyone who has a submission of the unit in the gradebook."""
    with Gradebook(url(gradebook), COURSE) as book:
        return sorted(submission.student.id for submission in book.assignment_submissions(unit))


def read(unit: str, student: str, gradebook: Path, troubles: list[str]) -> Grade:
    """A student's grade as it stands in the gradebook; a mark given by hand comes before the automatic one."""
    with Gradebook(url(gradebook), COURSE) as book:
        return _read(unit, student, book, troubles)


def _read(unit: str, student: str, book: Gradebook, troubles: list[str]) -> Grade:
    found = Grade(student, troubles=troubles)
    try:
        notebooks = book.find_submission(unit, student).notebooks
    except MissingEntry:
        return found
    for notebook in notebooks:
        for item in notebook.grades:
            automatic = item.auto_score or 0.0
            found.points[item.name] = automatic if item.manual_score is None else item.manual_score
            found.most[item.name] = item.max_score
            if item.needs_manual_grade and item.manual_score is None:
                found.unread.append(item.name)
    return found


def table(grades: list[Grade]) -> str:
    """The class as text: a row a student, then each trouble in a sentence."""
    width = max(len("student"), *(len(grade.student) for grade in grades))
    rows = [f"{'student':{width}}  points  of   lost in"]
    for grade in grades:
        unread = f"({', '.join(grade.unread)}: not read yet)" if grade.unread else ""
        note = "  ".join(filter(None, (grade.lost, unread)))
        rows.append(f"{grade.student:{width}}  {grade.score:6g}  {grade.best:<3g}  {note}".rstrip())
    troubled = [f"{grade.student}: {trouble}" for grade in grades for trouble in grade.troubles]
    return "\n".join(rows + (["", *troubled] if troubled else []))


def write_csv(grades: list[Grade], path: Path) -> None:
    """The same for a spreadsheet: a column for each graded cell, one for what is unread, one for the troubles."""
    cells = list(dict.fromkeys(name for grade in grades for name in grade.most))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "points", "of", *cells, "unread", "troubles"])
        for grade in grades:
            points = [grade.points.get(name, "") for name in cells]
            unread, troubles = " ".join(grade.unread), " | ".join(grade.troubles)
            writer.writerow([grade.student, grade.score, grade.best, *points, unread, troubles])
