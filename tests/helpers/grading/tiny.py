"""A course of one small notebook, so that a test may grade it many times: the same steps as a unit, a
fraction of the time."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from nonconv.publish.course import course_api

ROOT = Path(__file__).resolve().parents[3]
UNIT = "tiny"
ANSWERS = {
    "ada": "def double(x):\n    return 2 * x",
    "alan": "def double(x):\n    return x + x",
    "emmy": "def double(x):\n    return x",
    "eve": "def double(x):\n    raise KeyError(x)",
    "grace": "def double(x):\n    return None",
    "kurt": "def double(x)\n    return 2 * x",
}
EARNED = {"ada": 3.0, "alan": 3.0, "emmy": 1.0, "eve": 0.0, "grace": 0.0, "kurt": 0.0}


def cell(name: str, source: str, *, points: int = 0, solution: bool = False) -> nbformat.NotebookNode:
    marks = {
        "grade_id": name,
        "grade": bool(points),
        "solution": solution,
        "locked": not solution,
        "task": False,
        "schema_version": 3,
        **({"points": points} if points else {}),
    }
    return new_code_cell(source, id=name, metadata={"nbgrader": marks})


def notebook(answer: str) -> nbformat.NotebookNode:
    """The check is in plain Python: nbgrader's own marks, with a hidden test."""
    cells = [
        cell("answer", answer, solution=True),
        cell("zero", "assert double(0) == 0", points=1),
        cell(
            "more",
            "assert double(4) == 8\n### BEGIN HIDDEN TESTS\nassert double(-1) == -2\n### END HIDDEN TESTS",
            points=2,
        ),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def course(folder: Path) -> Path:
    """A course folder as `make grade` finds it."""
    solution = (
        "def double(x):\n    ### BEGIN SOLUTION Return twice x.\n    return 2 * x\n    ### END SOLUTION"
    )
    return course_of(UNIT, notebook(solution), folder)


def released_course(folder: Path) -> Path:
    """The same with its gradebook, and exercises/ as `make build` leaves it: what a student got."""
    return shutil.copytree(_released(), folder)


@cache
def _released() -> Path:
    """Made once: that takes longer than many a test."""
    folder = tempfile.mkdtemp(prefix="tiny-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = course(Path(folder) / "course")
    released = course_api(made, made, made / "gradebook.db").generate_assignment(
        UNIT, force=True, create=True
    )
    assert released["success"], released["log"]
    return made


def course_of(unit: str, solved: nbformat.NotebookNode, folder: Path) -> Path:
    """A course folder with one unit of one notebook."""
    (folder / "solutions" / unit).mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    nbformat.write(solved, folder / "solutions" / unit / f"{unit}.ipynb")
    (folder / "solutions" / unit / "judge.json").write_text("{}")
    return folder


def inbox(folder: Path, answers: dict[str, str] = ANSWERS) -> Path:
    """A folder for each student."""
    for student, answer in answers.items():
        (folder / student).mkdir(parents=True)
        handed_in = notebook(answer)
        handed_in.cells[2].source = "assert double(4) == 8"
        nbformat.write(handed_in, folder / student / f"{UNIT}.ipynb")
    return folder
