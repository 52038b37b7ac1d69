"""Making an exercise known to the gradebook, which nbgrader does by releasing it."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.utils import temp_attrs

from nonconv.grading.kernels.client import run_folder
from nonconv.grading.workers.steps import reason_in
from nonconv.publish.course import COURSE


class ReleaseError(RuntimeError):
    """nbgrader could not release an exercise; the message says why, and what would help."""


CHANGED = """{unit} has other cells than when its {count} submissions were graded ({what}). nbgrader cannot
change an exercise that has submissions, since their grades belong to its cells. Do one of these:
  Take the change back: git restore solutions/{unit} exercises/{unit}, and in units/{unit} as well.
  Or grade everybody anew. Marks given by hand and extensions of {unit} go; a copy keeps them to look at:
    cp gradebook.db gradebook-before.db
    nbgrader db assignment remove {unit} --force
  and then make grade UNIT={unit}"""


def register(unit: str, api: Any, into: Path | None = None) -> None:
    """Make the exercise known to the gradebook, from solutions/UNIT. ReleaseError says what is against it.

    It is released into a folder of its own, since a run that is killed, or nbgrader when it fails, would
    leave exercises/ without it. `into`: where the files are put in the end.
    """
    with (
        tempfile.TemporaryDirectory(dir=run_folder()) as scratch,
        temp_attrs(api.coursedir, release_directory=scratch),
    ):
        released = api.generate_assignment(unit, force=True, create=True)
        if not released["success"]:
            raise ReleaseError(_why(unit, api, f"{released['log']}\n{released.get('error') or ''}"))
        if into is not None:
            shutil.copytree(Path(scratch) / unit, into, dirs_exist_ok=True)


def _why(unit: str, api: Any, log: str) -> str:
    if "there are submissions" not in log:
        return f"nbgrader could not release {unit}: {reason_in(log)}"
    with Gradebook(api.coursedir.db_url, COURSE) as book:
        known = {
            (notebook.name, cell.name)
            for notebook in book.find_assignment(unit).notebooks
            for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)
        }
        count = len(book.assignment_submissions(unit))
    folder = Path(api.coursedir.format_path(api.coursedir.source_directory, ".", unit))
    now = {
        (path.stem, marks["grade_id"])
        for path in folder.glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if (marks := cell.metadata.get("nbgrader", {})).get("grade")
        or marks.get("solution")
        or marks.get("task")
    }
    lists = [
        f"{word}: {', '.join(sorted({cell for _, cell in cells}))}"
        for word, cells in (("new", now - known), ("gone", known - now))
        if cells
    ]
    return CHANGED.format(unit=unit, count=count, what="; ".join(lists) or "of another kind")
