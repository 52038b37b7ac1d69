"""What can be repaired of a damaged notebook, so that nbgrader can grade it; for the rest, the released
notebook with the reason."""

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.grading.limits import MAX_CELLS
from nonconv.grading.submissions.cells import put_in_place
from nonconv.grading.submissions.unpack import MAX_NOTEBOOK_BYTES

# What Jupyter's format 4.5 has in a cell. Other programs write further keys, or these where none belong.
KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "outputs", "execution_count"},
    "markdown": {"cell_type", "id", "metadata", "source", "attachments"},
    "raw": {"cell_type", "id", "metadata", "source", "attachments"},
}


MAX_CELLS_READ = 50_000  # most of them copies of one, which are put together
MAX_BYTES = 50_000_000  # without outputs: texts, and pictures pasted into them
MAX_ATTACHMENTS = 200
# of the metadata of one cell, which nobody reads
MAX_METADATA_CHARS, MAX_METADATA_DEPTH = 10_000, 10


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
    except MemoryError:
        return None, f"{name} needs more memory to be read than a notebook may have"
    repairs: list[str] = []
    try:
        if isinstance(data, dict) and "worksheets" in data:  # Jupyter's format before 2015
            data = nbformat.convert(nbformat.from_dict(data), 4)
        if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
            return None, f"{name} is not a notebook: it has no list of cells"
        if len(data["cells"]) > MAX_CELLS_READ:
            return None, f"{name} has {len(data['cells'])} cells; at most {MAX_CELLS_READ} are read"
        notebook: Any = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "cells": data["cells"]})
        notebook.metadata = nbformat.from_dict(dict(released.metadata))
        for cell in notebook.cells:
            _clean(cell)
        put_in_place(notebook, released, name, repairs)
        if len(notebook.cells) > MAX_CELLS:
            return None, f"{name} has {len(notebook.cells)} cells; at most {MAX_CELLS} are graded"
        _keep_some_pictures(notebook, name, repairs)
        nbformat.validate(notebook)
        size = len(as_bytes(notebook))  # half a character (\\ud800) is JSON, but no text
        if size > MAX_BYTES:
            return None, f"{name} is larger than {MAX_BYTES // 1_000_000} MB without its outputs"
    except MemoryError:
        return None, f"{name} needs more memory to be read than a notebook may have"
    except Exception as error:  # whatever a damaged file provokes costs this submission only
        why = (str(error).splitlines() or [type(error).__name__])[0]
        return None, f"{name} is not a notebook of format 4: {why[:120]}"
    troubles += repairs
    return notebook, ""


def _keep_some_pictures(notebook: Any, name: str, troubles: list[str]) -> None:
    left, dropped = MAX_ATTACHMENTS, 0
    for cell in notebook.cells:
        pictures = cell.get("attachments", {})
        for key in list(pictures)[left:]:
            del pictures[key]
            dropped += 1
        left -= len(pictures)
    if dropped:
        troubles.append(
            f"{name}: {dropped} pasted pictures were left out; at most {MAX_ATTACHMENTS} are kept"
        )


def _clean(cell: Any) -> None:
    """Take out what the format does not know; outputs are thrown away, for they are made anew."""
    known = KEYS.get(cell.get("cell_type"))
    if known is None:
        return  # the validation says which type it is
    for key in [key for key in cell if key not in known]:
        del cell[key]
    cell.metadata = nbformat.from_dict(_short(cell.get("metadata")))
    if isinstance(cell.get("source"), list) and all(isinstance(line, str) for line in cell.source):
        cell.source = "".join(cell.source)
    cell.setdefault("source", "")
    if "attachments" in cell and not _are_pictures(cell.attachments):
        del cell["attachments"]
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _short(metadata: Any) -> dict[str, Any]:
    """Metadata, if they are such as a program writes; else of nbgrader's the cell's name alone."""
    if not isinstance(metadata, dict):
        return {}
    if _depth(metadata) <= MAX_METADATA_DEPTH and len(json.dumps(metadata)) <= MAX_METADATA_CHARS:
        return metadata
    marks = metadata.get("nbgrader")
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    return {"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {}


def _depth(value: Any) -> int:
    """How deep lists and dictionaries lie in each other."""
    level, depth = [value], 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        depth += 1
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return depth


def _are_pictures(attachments: Any) -> bool:
    return isinstance(attachments, dict) and all(
        isinstance(kinds, dict) and all(isinstance(value, str) for value in kinds.values())
        for kinds in attachments.values()
    )


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as its file. UnicodeEncodeError where a text holds half a character."""
    return nbformat.writes(notebook).encode()
