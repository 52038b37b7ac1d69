"""Autograding a class with nbgrader, one student at a time, so that no submission can stop the next."""

import csv
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import temp_attrs

from nonconv.grading import sandbox
from nonconv.grading.collect import Submission, untouched
from nonconv.grading.execute import DIED, TAMPERED
from nonconv.grading.parallel import executed, workers
from nonconv.grading.store import Store
from nonconv.publish.course import course_api

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
    scheduler: str | None = None, fresh: bool = False, isolated: bool = True,
) -> list[Grade]:  # fmt: skip
    """Autograde with nbgrader, write feedback/, return the grades in the gradebook.

    `jobs` workers execute the notebooks (0: this process does), or those of a Dask `scheduler`; only this process has the gradebook.
    Student code runs in a sandbox; IsolationError says why it cannot. Not `isolated`, it runs with the rights of whoever grades.
    Results are kept in root/.grading: a run that was stopped goes on, and what did not change is not run again unless `fresh`.

    root holds nbgrader_config.py, solutions/, submitted/ and gradebook.db (made if missing). A notebook that
    nbgrader cannot get through is kept as `….broken` and graded as untouched, with the reason: a grade that an
    earlier hand-in earned never stands for a later one.
    """
    gradebook = root / "gradebook.db"
    api = course_api(root, root, gradebook)
    kernel = api.config.Execute.kernel_name if isolated else OPEN
    if kernel == CLOSED and (reason := sandbox.problem()):
        raise IsolationError(reason)
    api.config.Execute.kernel_name = kernel
    # registered from a folder of its own: killed in the middle of it, a run must leave exercises/ as it was
    with tempfile.TemporaryDirectory() as scratch, temp_attrs(api.coursedir, release_directory=scratch):
        released = api.generate_assignment(unit, force=True, create=True)
    if not released["success"]:
        raise RuntimeError(f"nbgrader could not release {unit}:\n{released.get('error')}\n{released['log']}")
    grades = []
    start = time.monotonic()
    by_student = {submission.student: submission for submission in submissions}
    store = Store(root / ".grading" / unit)
    if fresh:
        store.keep(set())
    api.config.StoredExecute.store = str(store.folder)
    for number, (student, problem) in enumerate(
        _as_executed(unit, by_student, root, store, jobs, scheduler, kernel), 1
    ):
        submission = by_student[student]
        troubles = list(submission.troubles) + ([problem] if problem else [])
        result = api.autograde(unit, submission.student, force=True)
        if "WarmError" in f"{result.get('log')} {result.get('error')}":  # nobody's submission is to blame
            raise RuntimeError(_reason(result))
        if not result["success"]:
            reason = f"grading stopped: {_reason(result)}"
            troubles.append(reason)
            _set_aside(submission, root / "exercises" / unit, reason)
            result = api.autograde(unit, submission.student, force=True)
        if result["success"]:
            troubles += _noticed(root / "autograded" / submission.student / unit)
            result = api.generate_feedback(unit, submission.student, force=True)
        if not result["success"]:
            troubles.append(f"not graded: {_reason(result)}")
        grades.append(read(unit, submission.student, gradebook, troubles))
        spent = time.monotonic() - start
        left = spent / number * (len(submissions) - number)
        say(f"{number} of {len(submissions)}  {submission.student}: {grades[-1].score:g} of {grades[-1].best:g}"
            f"  ({spent:.0f} s, {left:.0f} s left)")  # fmt: skip
    order = list(by_student)
    return sorted(grades, key=lambda one: order.index(one.student))


def _as_executed(
    unit: str,
    submissions: dict[str, Submission],
    root: Path,
    store: Store,
    jobs: int,
    scheduler: str | None,
    kernel: str,
) -> Iterator[tuple[str, str | None]]:
    """(student, problem) as each submission's results are there; without workers at once, to be executed by nbgrader's own step."""
    if not jobs and scheduler is None:
        yield from ((student, None) for student in submissions)
        return
    with workers(jobs, scheduler) as executor:
        folders = {student: submission.folder for student, submission in submissions.items()}
        yield from executed(root, unit, folders, store, executor, kernel)


def feedback(unit: str, root: Path) -> list[Grade]:
    """Write everyone's feedback/ anew from the gradebook, marks given by hand included; nothing is executed."""
    gradebook = root / "gradebook.db"
    api = course_api(root, root, gradebook)
    grades = []
    for student in students(unit, gradebook):
        result = api.generate_feedback(unit, student, force=True)
        grades.append(read(unit, student, gradebook, [] if result["success"] else [_reason(result)]))
    return grades


def _set_aside(submission: Submission, released: Path, reason: str) -> None:
    for path in sorted(submission.folder.glob("*.ipynb")):
        path.rename(path.with_name(f"{path.name}.broken"))
        path.write_text(nbformat.writes(untouched(released / path.name, reason)), encoding="utf-8")


def _reason(result: dict[str, Any]) -> str:
    """The last error that nbgrader's log names, but for its own summary of it."""
    text = f"{result.get('log', '')}\n{result.get('error') or ''}"  # nbgrader leaves out what is empty
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
    with Gradebook(f"sqlite:///{gradebook.resolve()}", "nonconv") as book:
        return sorted(submission.student.id for submission in book.assignment_submissions(unit))


def read(unit: str, student: str, gradebook: Path, troubles: list[str]) -> Grade:
    """A student's grade as it stands in the gradebook; a mark given by hand comes before the automatic one."""
    found = Grade(student, troubles=troubles)
    with Gradebook(f"sqlite:///{gradebook.resolve()}", "nonconv") as book:
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
