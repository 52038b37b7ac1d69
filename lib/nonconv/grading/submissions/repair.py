"""What can be repaired of a damaged notebook, so that nbgrader can grade it; for the rest, the released
notebook with the reason."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.grading.limits import MAX_CELLS
from nonconv.grading.submissions.cells import put_in_place
from nonconv.grading.submissions.reading import one_text, read_json
from nonconv.grading.submissions.unpack import MAX_NOTEBOOK_BYTES

# What Jupyter's format 4.5 has in a cell. Other programs write further keys, or these where none belong.
KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "outputs", "execution_count"},
    "markdown": {"cell_type", "id", "metadata", "source", "attachments"},
    "raw": {"cell_type", "id", "metadata", "source", "attachments"},
}
OTHER_KINDS = {"heading": "markdown", "html": "markdown", "text": "markdown"}

MAX_CELLS_READ = 50_000  # most of them copies of one, which are put together
MAX_BYTES = 50_000_000  # without outputs: texts, and pictures pasted into them
MAX_ATTACHMENTS = 200


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
        data, odd = read_json(content)
    except ValueError as error:
        return None, f"{name} is not a notebook: {error}"
    except RecursionError as error:
        return None, f"{name} is not a notebook: it is not JSON ({str(error)[:80]})"
    except MemoryError:
        return None, f"{name} needs more memory to be read than a notebook may have"
    repairs = [f"{name}: {odd}"] if odd else []
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
    kind = cell.get("cell_type")
    if kind not in KEYS:  # another program's: a heading, a question to a database
        cell.cell_type = "code" if kind is None and "outputs" in cell else OTHER_KINDS.get(str(kind), "raw")
    for key in [key for key in cell if key not in KEYS[cell.cell_type]]:
        del cell[key]
    marks = cell.metadata.get("nbgrader") if isinstance(cell.get("metadata"), dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    # nobody reads any other, and what programs write there is not always what the format allows
    cell.metadata = {"nbgrader": {"grade_id": grade_id}} if isinstance(grade_id, str) else {}
    cell.metadata = nbformat.from_dict(cell.metadata)
    cell.source = one_text(cell.get("source"))
    if "attachments" in cell and not _are_pictures(cell.attachments):
        del cell["attachments"]
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _are_pictures(attachments: Any) -> bool:
    return isinstance(attachments, dict) and all(
        isinstance(kinds, dict) and all(isinstance(value, str) for value in kinds.values())
        for kinds in attachments.values()
    )


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as its file. UnicodeEncodeError where a text holds half a character."""
    return nbformat.writes(notebook).encode()
