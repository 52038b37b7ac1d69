"""The gradebook, opened once. nbgrader's steps open it nine times a submission, and commit after each cell:
most of their time.

Within `session` they are given one that is open already, and one transaction holds a whole submission: a run
that is killed leaves it graded or not, never half.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, GradeCell, SolutionCell, SourceCell, TaskCell
from nbgrader.converters import autograde
from nbgrader.preprocessors import latesubmissions, overwritecells, overwritekernelspec, saveautogrades
from nbgrader.utils import temp_attrs

from nonconv.publish.course import COURSE, url

STEPS = (autograde, overwritekernelspec, overwritecells, saveautogrades, latesubmissions)
OF_STUDENTS = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")


class OpenGradebook(Gradebook):
    """A gradebook for many steps; `shut` is what `close` is elsewhere.

    A step looks up each cell by itself, with a query each time. Here the first look-up of a step reads all
    cells of the notebook; one that is not among them is looked up, and missed, in nbgrader's way.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(url(path), COURSE)
        self._read: dict[tuple[str, ...], dict[str, Any]] = {}

    def close(self) -> None:
        """Each step closes the gradebook that it has opened: here it stays open."""

    def shut(self) -> None:
        super().close()

    def again(self, *_: Any) -> "OpenGradebook":
        """In the place of a step's own: what the step before has changed is read anew."""
        self.db.flush()
        self.forget()
        return self

    def forget(self) -> None:
        self._read.clear()
        self.db.expire_all()

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> SourceCell:
        rows = self._all(SourceCell, notebook, assignment)
        return rows.get(name) or super().find_source_cell(name, notebook, assignment)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> GradeCell | TaskCell:
        rows = self._all(GradeCell, notebook, assignment)
        return rows.get(name) or super().find_graded_cell(name, notebook, assignment)

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        rows = self._all_of_student(Grade, GradeCell, notebook, assignment, student)
        return rows.get(grade_cell) or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        rows = self._all_of_student(Comment, SolutionCell, notebook, assignment, student)
        return rows.get(solution_cell) or super().find_comment(solution_cell, notebook, assignment, student)

    def _all(self, kind: Any, notebook: str, assignment: str) -> dict[str, Any]:
        place = kind.__name__, notebook, assignment
        if place not in self._read:
            known = self.find_notebook(notebook, assignment)
            self._read[place] = {
                row.name: row for row in self.db.query(kind).filter(kind.notebook_id == known.id)
            }
        return self._read[place]

    def _all_of_student(
        self, kind: Any, cell: Any, notebook: str, assignment: str, student: str
    ) -> dict[str, Any]:
        place = kind.__name__, notebook, assignment, student
        if place not in self._read:
            known = self.find_submission_notebook(notebook, assignment, student)
            rows = self.db.query(cell.name, kind).join(cell, cell.id == kind.cell_id)
            self._read[place] = dict(map(tuple, rows.filter(kind.notebook_id == known.id)))
        return self._read[place]


@contextmanager
def opened(path: Path) -> Iterator[OpenGradebook]:
    """A gradebook for a whole run."""
    book = OpenGradebook(path)
    try:
        yield book
    finally:
        book.shut()


@contextmanager
def session(book: OpenGradebook, keep: bool) -> Iterator[None]:
    """nbgrader's steps of one submission on that gradebook; what they change is kept together at the end, or
    not at all.

    nbgrader reports an error by its result, not by an exception: then the caller calls `book.db.rollback()`,
    and nothing is kept.
    """
    database: Any = book.db
    book.forget()
    with ExitStack() as stack:
        stack.enter_context(temp_attrs(database, commit=lambda: None))
        for module in STEPS:
            stack.enter_context(temp_attrs(module, Gradebook=book.again))
        try:
            yield
        except BaseException:
            database.rollback()
            raise
    if keep:
        database.commit()
    else:
        database.rollback()
    book.forget()
    database.remove()  # nothing of this submission stays in memory


def without_students(gradebook: Path, copy: Path) -> None:
    """A copy that holds the assignments and no student."""
    with sqlite3.connect(gradebook) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        for table in OF_STUDENTS:
            target.execute(f"delete from {table}")
        target.commit()
        target.execute("vacuum")  # or their names would still stand in the file
