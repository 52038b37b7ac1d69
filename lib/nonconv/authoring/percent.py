"""Percent texts: a notebook as a Python file, whose cells have ids that they keep for ever.

A cell starts with a line such as

    # %% affine-form role="answer"

where `affine-form` is the id (nbgrader's grade_id, where the cell has a role):

    role="answer"   the student's code goes between BEGIN SOLUTION and END SOLUTION
    role="manual"   answered in words and graded by hand: needs points=N
    role="locked"   nbgrader restores it if a student changes it
"""

import copy
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

# what a notebook says of its kernel: nothing that depends on the machine that built it
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    # As a kernel of this Python says it, and JupyterLab writes it: then opening and saving a notebook changes
    # nothing. With another 3.11 the version is the one line that differs.
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.11.7",
    },
}
CELL_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")


class UnitError(ValueError):
    """A unit's text is not as it must be; the message names the file and the cell."""


def read_text(path: Path) -> NotebookNode:
    """The notebook of a percent text, with its explicit cell ids. Raises UnitError naming file and cell."""
    return copy.deepcopy(_parsed(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=128)  # parsing a lecture takes half a second, and every exercise refers to all lectures
def _parsed(path: Path, changed: int) -> NotebookNode:
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen = set()
    for number, cell in enumerate(notebook.cells, 1):
        name = cell.metadata.pop("title", "")
        start = cell.source[:50].replace("\n", " ")
        if not CELL_ID.fullmatch(name):
            raise UnitError(
                f"{path}: cell {number} ({start!r}) needs an id of small letters, digits and hyphens:"
                " # %% the-id"
            )
        if name in seen:
            raise UnitError(f"{path}: two cells are called {name!r}")
        seen.add(name)
        cell.id = name
        cell.metadata.pop("lines_to_next_cell", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.validate(notebook)
    return notebook


def source_of(path: Path, cell: str) -> str:
    """The source of one cell of a percent text. UnitError if there is none of that id."""
    found = {one.id: one.source for one in _parsed(path, path.stat().st_mtime_ns).cells}
    if cell not in found:
        raise UnitError(f"{path}: there is no cell {cell!r}; there is {', '.join(found)}")
    return found[cell]


def run_cells(path: Path, *cells: str, scope: dict[str, Any] | None = None) -> dict[str, Any]:
    """What these cells of a percent text define, run in their order on top of `scope`."""
    scope = {} if scope is None else scope
    for name in cells:
        exec(compile(source_of(path, name), f"{path}:{name}", "exec"), scope)
    return scope


def code_cells(path: Path) -> list[str]:
    """The ids of the code cells of a percent text, in order."""
    return [cell.id for cell in read_text(path).cells if cell.cell_type == "code"]
