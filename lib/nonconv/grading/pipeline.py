"""Autograding a class with nbgrader's own steps, so that no submission can stop the next."""

import contextlib
import math
import time
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from nonconv.grading.feedback import Say, write_feedback
from nonconv.grading.kernels import client
from nonconv.grading.kernels.sandbox.namespaces import shown
from nonconv.grading.kernels.sandbox.walls import walls
from nonconv.grading.limits import at_once
from nonconv.grading.marks import answers_in, has_marks, keep_marks
from nonconv.grading.release import register
from nonconv.grading.report import Grade, noticed, read_grade
from nonconv.grading.submissions.collect import Submission
from nonconv.grading.submissions.repair import untouched
from nonconv.grading.text import one_line
from nonconv.grading.workers.gradebook import OpenGradebook, opened
from nonconv.grading.workers.parallel import Outcome, execute, executed, files_of, pack
from nonconv.grading.workers.pool import workers
from nonconv.grading.workers.steps import Committing, convert, reason_in
from nonconv.grading.workers.store import Store
from nonconv.publish.course import course_api

ISOLATED, NOT_ISOLATED = "nonconv-isolated", "nonconv-warm"  # kernels for student code


class IsolationError(RuntimeError):
    """Student code cannot be isolated on this machine."""

    def __init__(self, reason: str) -> None:
        super().__init__(ADVICE.format(reason=reason))


class MachineError(RuntimeError):
    """There is no kernel here; no submission is to blame."""


MOST_LINES = 40  # about how far a run is
CUT_SHORT = "run twice, the second time alone: it was stopped both times, though it was hardly on a processor"
ADVICE = """Student code cannot be isolated here: {reason}.
  In a container: start it with --privileged, or grade outside of it.
  On Ubuntu 24.04 and later: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0
  On macOS and Windows: grade in a Linux machine, WSL 2 or a container.
  Without isolation student code runs with your own rights: it can read and change your files. If you know
  your students, or this is a machine to throw away: make grade … ISOLATION=no"""


def grade(
    unit: str,
    submissions: list[Submission],
    root: Path,
    say: Say = print,
    jobs: int = 0,
    scheduler: str | None = None,
    fresh: bool = False,
    isolated: bool = True,
    pages: bool = True,
    pool: Executor | None = None,
) -> list[Grade]:
    """Autograde with nbgrader's own steps, write feedback/ (unless `pages` is False), return the grades in
    the gradebook.

    `jobs` workers execute the notebooks (0: this process does), or those of a Dask `scheduler`; `pool`: they
    are there already. Only this process has the gradebook. Student code runs in a sandbox; IsolationError
    says why it cannot. Not `isolated`, it runs with your own rights. Results are kept in root/.grading: a run
    that was stopped goes on, and what did not change is not run again unless `fresh`.

    root holds nbgrader_config.py, solutions/, submitted/ and gradebook.db (made if missing). A notebook that
    nbgrader cannot get through is kept as `….broken` and graded as untouched, with the reason: a grade that
    an earlier hand-in earned never stands for a later one.
    """
    api = course_api(root, root, root / "gradebook.db")
    kernel = api.config.Execute.kernel_name if isolated else NOT_ISOLATED
    if kernel == ISOLATED and (reason := shown(root)) is not None:
        raise IsolationError(reason)
    try:
        say(walls(isolated=kernel == ISOLATED))
    except OSError as error:
        raise IsolationError(str(error)) from None
    grades: dict[str, Grade] = {}
    ungraded: set[str] = set()
    by_student = {submission.student: submission for submission in submissions}
    store = Store(root / ".grading" / unit)
    if fresh:
        store.keep(set())
    progress = Progress(len(by_student), say)
    with contextlib.ExitStack() as stack:
        client.prepare(kernel == ISOLATED, root / "solutions" / unit)
        executor = pool
        if scheduler or (jobs and pool is None):
            executor = stack.enter_context(workers(jobs, scheduler))
        register(unit, api)
        course = pack(root, unit, root / "gradebook.db", kernel)
        book = stack.enter_context(opened(root / "gradebook.db"))
        folders = {student: submission.folder for student, submission in by_student.items()}
        ahead = 4 * jobs if scheduler is None else 512  # how large a cluster is, only its scheduler knows

        def untouched_one(student: str) -> Outcome:
            submit = at_once if executor is None else executor.submit
            return submit(execute, course, unit, student, files_of(folders[student])).result()

        for student, outcome in executed(course, unit, folders, store, executor, ahead):
            troubles = list(by_student[student].troubles)
            if outcome.problem is not None:  # the worker died
                troubles.append(outcome.problem)
            if outcome.cut_short:
                troubles.append(CUT_SHORT)
            reason = _commit(unit, student, outcome, api, book)
            if reason is not None:
                troubles.append(f"grading stopped: {reason}")
                try:
                    _quarantine(by_student[student], root / "exercises" / unit, troubles[-1])
                    reason = _commit(unit, student, untouched_one(student), api, book)
                except MachineError:
                    raise
                except Exception as error:  # it costs itself
                    reason = f"{type(error).__name__}: {error}"
            if reason is None:
                troubles += _noticed(root / "autograded" / student / unit)
            else:
                troubles.append(f"not graded: {reason}")
                ungraded.add(student)
                _score_nothing(unit, student, book)
            grades[student] = read_grade(unit, student, book, troubles)
            progress.graded(grades[student])
        if pages:
            names = [student for student in by_student if student not in ungraded]
            here = executor if scheduler is None else pool
            for student, problem in write_feedback(unit, names, root, jobs, say, here):
                if problem is not None:
                    grades[student].troubles.append(f"no feedback: {problem}")
    return [grades[student] for student in by_student]


def _noticed(folder: Path) -> list[str]:
    try:
        return noticed(folder)
    except Exception as error:
        return [f"its graded notebook could not be looked through: {type(error).__name__}: {error}"]


class Progress:
    """Says how far a run is: each student of a small class, some of a large one.

    Until the first is graded, a run starts kernels and workers; what is left is counted from there.
    """

    def __init__(self, students: int, say: Say) -> None:
        self.students, self.say = students, say
        self.start = self.first = time.monotonic()
        self.done = 0

    def graded(self, grade: Grade) -> None:
        self.done += 1
        now = time.monotonic()
        if self.done == 1:
            self.first = now
        if self.done % math.ceil(self.students / MOST_LINES) and self.done < self.students:
            return
        left = ""
        if 1 < self.done < self.students:
            each = (now - self.first) / (self.done - 1)
            left = f", {each * (self.students - self.done):.0f} s left"
        self.say(
            f"{self.done} of {self.students}  {one_line(grade.student)}: {grade.score:g} of {grade.best:g}"
            f"  ({now - self.start:.0f} s{left})"
        )


def _commit(unit: str, student: str, outcome: Outcome, api: Any, book: OpenGradebook) -> str | None:
    """Save the scores; None, or why nbgrader cannot grade this.

    MachineError if it is the machine's fault, and no submission's.
    """
    if outcome.unable is not None:
        raise MachineError(outcome.unable)
    if outcome.log is not None:
        return reason_in(outcome.log)
    if outcome.lost:
        return "the process that graded it came to its end, and so did a second one"
    try:
        return _committed(unit, student, outcome, api, book)
    except Exception as error:  # whatever a notebook provokes costs itself
        book.db.rollback()
        return f"{type(error).__name__}: {error}"


def _committed(unit: str, student: str, outcome: Outcome, api: Any, book: OpenGradebook) -> str | None:
    converter = Committing(coursedir=api.coursedir, parent=api)
    converter.executed = outcome.notebooks
    autograded = Path(api.coursedir.root) / "autograded" / student / unit
    reopens = api.config.JudgedExecute.get("reopen_marks", False)
    marked = not reopens and has_marks(unit, student, book)
    before = answers_in(autograded) if marked else {}
    result = convert(converter, book, unit, student, keep=True)
    if not result["success"]:
        return reason_in(f"{result['log']}\n{result['error']}")
    if before:
        keep_marks(unit, student, book, before, answers_in(autograded))
    return None


def _score_nothing(unit: str, student: str, book: Gradebook) -> None:
    """What nbgrader does with a notebook that was not handed in: no earlier score stands for it."""
    book.update_or_create_student(student)
    for notebook in book.update_or_create_submission(unit, student).notebooks:
        for item in notebook.grades:
            item.auto_score, item.needs_manual_grade = 0, False
    book.db.commit()


def _quarantine(submission: Submission, released: Path, reason: str) -> None:
    for path in sorted(submission.folder.glob("*.ipynb")):
        path.rename(path.with_name(f"{path.name}.broken"))
        path.write_text(nbformat.writes(untouched(released / path.name, reason)), encoding="utf-8")
