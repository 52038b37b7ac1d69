"""The gradebook, opened once. nbgrader's steps open it nine times a submission, and commit after each cell: most of their time.

Within `session` they are given one that is open already, and one transaction holds a whole submission: a run that is killed leaves
it graded or not, never half.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import autograde
from nbgrader.preprocessors import latesubmissions, overwritecells, overwritekernelspec, saveautogrades
from nbgrader.utils import temp_attrs

from nonconv.publish.course import COURSE, url

STEPS = (autograde, overwritekernelspec, overwritecells, saveautogrades, latesubmissions)
OF_STUDENTS = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")


class OpenGradebook(Gradebook):
    """A gradebook for many steps; `shut` is what `close` is elsewhere."""

    def __init__(self, path: Path) -> None:
        super().__init__(url(path), COURSE)

    def close(self) -> None:
        """Each step closes the gradebook that it has opened: here it stays open."""

    def shut(self) -> None:
        super().close()

    def again(self, *_: Any) -> "OpenGradebook":
        """In the place of a step's own: what the step before has changed is read anew."""
        self.db.expire_all()
        return self


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
    """nbgrader's steps of one submission on that gradebook; what they change is kept together at the end, or not at all.

    nbgrader tells of an error by its result, not by an exception: then the caller asks to keep nothing by `book.db.rollback()`.
    """
    database: Any = book.db
    with ExitStack() as stack:
        stack.enter_context(temp_attrs(database, commit=database.flush))
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
    database.remove()  # nothing of this submission stays in memory


def without_students(gradebook: Path, copy: Path) -> None:
    """A copy that knows the assignments and nobody."""
    with sqlite3.connect(gradebook) as source, sqlite3.connect(copy) as target:
        source.backup(target)
        for table in OF_STUDENTS:
            target.execute(f"delete from {table}")
        target.commit()
        target.execute("vacuum")  # or their names would still stand in the file
