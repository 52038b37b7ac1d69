"""What can be repaired of a damaged notebook, so that nbgrader can grade it; for the rest, the released
notebook with the reason."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.grading.submissions.unpack import MAX_NOTEBOOK_BYTES

ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")  # as Jupyter's format has it


def untouched(released: Path, reason: str) -> NotebookNode:
    """The released notebook with the reason on top: what is graded where a file cannot be."""
    notebook = nbformat.read(released, as_version=4)
    note = nbformat.v4.new_markdown_cell(
        f"**This is not your notebook.** {reason}. The untouched exercise was graded in its place.",
        id="not-the-students-notebook",
    )
    notebook.cells.insert(0, note)
    return notebook


def repaired(
    content: bytes, released: NotebookNode, name: str, troubles: list[str]
) -> tuple[NotebookNode | None, str]:
    """(notebook, "") that nbgrader can grade, or (None, why not); what was repaired is added to troubles."""
    if len(content) > MAX_NOTEBOOK_BYTES:
        return None, f"{name} is larger than {MAX_NOTEBOOK_BYTES // 1_000_000} MB"
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return None, f"{name} is not a notebook: it is not JSON ({str(error)[:80]})"
    repairs: list[str] = []
    try:
        if isinstance(data, dict) and "worksheets" in data:  # Jupyter's format before 2015
            data = nbformat.convert(nbformat.from_dict(data), 4)
        if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
            return None, f"{name} is not a notebook: it has no list of cells"
        notebook: Any = nbformat.from_dict(data)
        notebook.nbformat, notebook.nbformat_minor = 4, 5
        notebook.metadata = nbformat.from_dict(dict(released.metadata))
        _repair_cells(notebook, released, name, repairs)
        nbformat.validate(notebook)
        as_bytes(notebook)  # half a character (\\ud800) is JSON, but no text
    except Exception as error:  # whatever a damaged file provokes costs this submission only
        return None, f"{name} is not a notebook of format 4: {str(error).splitlines()[0][:120]}"
    troubles += repairs
    return notebook, ""


def _repair_cells(notebook: Any, released: Any, name: str, troubles: list[str]) -> None:
    """Give official cells the metadata they were released with, each id to one cell, and put back what is
    missing."""
    official = {
        cell.metadata.nbgrader.grade_id: cell for cell in released.cells if "nbgrader" in cell.metadata
    }
    seen: dict[str, Any] = {}
    unmarked = 0
    kept = []
    for cell in notebook.cells:
        cell.metadata = cell.get("metadata", nbformat.from_dict({}))
        claimed = cell.metadata.pop("nbgrader", None)
        grade_id = _identify(cell, claimed, official)
        if grade_id in seen:
            troubles.append(f"{name}: the cell {grade_id!r} stands there twice; the first one counts")
            if official[grade_id].metadata.nbgrader.grade:
                continue  # a second test cell says nothing; a second answer may still hold honest code
            cell.metadata = nbformat.from_dict({})
        elif grade_id:
            seen[grade_id] = cell
            unmarked += not isinstance(claimed, dict)
            cell.metadata = nbformat.from_dict(official[grade_id].metadata)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        kept.append(cell)
    if unmarked:
        troubles.append(
            f"{name}: nbgrader's marks were gone from {unmarked} cells; they were found again by their text"
        )
    notebook.cells = kept
    missing = [grade_id for grade_id in official if grade_id not in seen]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        named = ", ".join(map(repr, missing[:3])) + more
        troubles.append(f"{name}: missing cells were put back as they were handed out: {named}")
    _put_back(notebook, official, seen)
    ids: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        own, more = cell.get("id"), number
        cell["id"] = own if isinstance(own, str) and ID.fullmatch(own) else f"cell-{number}"
        while cell["id"] in ids:
            cell["id"], more = f"cell-{more}", more + 1
        ids.add(cell["id"])


def _identify(cell: Any, claimed: Any, official: dict[str, Any]) -> str:
    """Which official cell this is: by nbgrader's mark, or its id, or the check it calls, or the function
    it defines."""
    by_mark = str(claimed.get("grade_id")) if isinstance(claimed, dict) else ""
    for grade_id in (by_mark, cell.get("id")):
        if (
            isinstance(grade_id, str)
            and grade_id in official
            and official[grade_id].cell_type == cell.get("cell_type")
        ):
            return grade_id
    if cell.get("cell_type") != "code" or isinstance(claimed, dict):
        return ""
    source = "".join(cell.get("source", ""))
    for grade_id, other in official.items():
        if other.cell_type == "code" and _signature(other) and _signature(other) in source:
            return grade_id
    return ""


def _signature(cell: Any) -> str:
    """What a released cell can be known by: its check or comment, or the function that is to be written
    there."""
    if cell.metadata.nbgrader.solution:
        function = re.search(r"def \w+\(", cell.source)
        return function.group() if function else ""
    return cell.source.split("\n")[0]


def _put_back(notebook: Any, official: dict[str, Any], seen: dict[str, Any]) -> None:
    """Insert each missing official cell behind the one that it follows in the released notebook."""
    before = None
    for grade_id, cell in official.items():
        if grade_id not in seen:
            at = next((n + 1 for n, other in enumerate(notebook.cells) if other is before), 0)
            seen[grade_id] = nbformat.from_dict(dict(cell))
            notebook.cells.insert(at, seen[grade_id])
        before = seen[grade_id]


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as its file. UnicodeEncodeError where a text holds half a character."""
    return nbformat.writes(notebook).encode()
