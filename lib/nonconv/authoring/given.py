"""What a notebook defines, for its mistakes: the names above an answer, and the solution's source."""

from pathlib import Path
from typing import Any

from nonconv.authoring.percent import code_cells, run_cells, source_of

TEXT, HEAD = "exercise.py", "notebook.py"


def given(file: str, *cells: str) -> dict[str, Any]:
    """The names that the notebook's first cells and these cells of the exercise define.

    `file` is the `__file__` of a module in the exercise's folder.
    """
    folder = Path(file).parent
    head = folder.parent / HEAD
    return run_cells(folder / TEXT, *cells, scope=run_cells(head, *code_cells(head)))


def solution(file: str, cell: str) -> str:
    """The source of the exercise's cell with that id, for `edited`."""
    return source_of(Path(file).parent / TEXT, cell)
