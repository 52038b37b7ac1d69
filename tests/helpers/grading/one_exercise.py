"""A course folder whose notebook is cut down to one exercise with a visible and a hidden check."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import nbformat
from classroom import UNITS, answers, course_folder

(UNIT,) = (unit for unit in UNITS for exercise in unit.exercises if exercise.name == "relu-backward")
VISIBLE, HIDDEN = "relu-backward-values", "relu-backward-batch"


def with_sources(folder: Path) -> Path:
    course = course_folder(UNIT, folder)
    shutil.copytree(UNIT.folder, course / "units" / UNIT.name)
    return course


def short(notebook: nbformat.NotebookNode, more: Iterable[str] = ()) -> nbformat.NotebookNode:
    """Of an exercise, what the two checks of one function need, and `more` cells: it runs in a second."""
    needed = {"setup", VISIBLE, HIDDEN, *more, *(cell.id for cell in answers(notebook, "relu_backward"))}
    notebook.cells = [cell for cell in notebook.cells if cell.id in needed]
    return notebook


def short_course(folder: Path) -> Path:
    """A course with its sources, whose notebook is the short one."""
    course = with_sources(folder)
    for copy in ("solutions", "exercises"):
        path = course / copy / UNIT.name / f"{UNIT.name}.ipynb"
        nbformat.write(short(nbformat.read(path, as_version=4)), path)
    return course
