"""Written answers that stand elsewhere than in their own cell: put before the reader, never lost."""

import ast
from collections.abc import Iterator
from typing import Any

import nbformat

from nonconv.grading.limits import parsed

MIN_WORDS, MIN_CHARS = 4, 20  # of a text, far from an essay's place, that could be it; Chinese has no spaces


def find_essays(
    notebook: Any, released: Any, seen: dict[str, Any], given: set[str], name: str, troubles: list[str]
) -> None:
    """Put texts that stand where no cell of ours is into an essay that is empty: it is to be read then.

    `seen` are the official cells of the notebook by their ids, `given` the texts that were handed out.
    """
    originals = {cell.id: cell for cell in released.cells}
    official = {
        cell.metadata.nbgrader.grade_id: cell for cell in released.cells if "nbgrader" in cell.metadata
    }
    marked = {id(cell): official[grade_id] for grade_id, cell in seen.items()}
    for grade_id, original in official.items():
        essay = seen[grade_id]
        if essay.cell_type != "markdown" or not original.metadata.nbgrader.solution:
            continue
        if essay.source.strip() not in (original.source.strip(), ""):
            continue
        at = next(n for n, cell in enumerate(notebook.cells) if cell is essay)
        above = [*_run(notebook.cells[:at][::-1], marked, given, originals)][::-1]
        near = [*above, *_run(notebook.cells[at + 1 :], marked, given, originals)]
        found = near or [cell for cell in notebook.cells if _is_far(cell, marked, given)]
        if not found:
            continue
        where = "beside its place" if near else "elsewhere in the notebook"
        words = [_words(cell) for cell in found]
        essay.source = "\n\n".join([f"*(This text was found {where}.)*", *words])
        pictures = {key: value for cell in found for key, value in cell.get("attachments", {}).items()}
        if pictures:
            essay.attachments = nbformat.from_dict(pictures)
        moved = {id(cell) for cell in near}
        notebook.cells = [cell for cell in notebook.cells if id(cell) not in moved]
        troubles.append(f"{name}: {grade_id!r} was empty; a text {where} was put there, to be read")


def _run(
    cells: list[Any], marked: dict[int, Any], given: set[str], originals: dict[str, Any]
) -> Iterator[Any]:
    """The student's own texts up to the next cell of ours, and what was written into that one."""
    for cell in cells:
        text = cell.source.strip()
        if id(cell) in marked or (text in given and text):
            ours = marked.get(id(cell), originals.get(cell.get("id")))
            if ours is not None and ours.cell_type == cell.cell_type == "markdown":
                more = _added(text, ours.source.strip())
                if more:
                    yield nbformat.v4.new_markdown_cell(more, attachments=cell.get("attachments", {}))
            return
        if text and (cell.cell_type != "code" or _is_prose(text)):
            yield cell


def _added(text: str, ours: str) -> str:
    """What stands before or behind our text in a cell; nothing if ours was changed otherwise."""
    before, found, behind = text.partition(ours)
    return "\n\n".join(filter(None, (before.strip(), behind.strip()))) if found and ours else ""


def _is_far(cell: Any, marked: dict[int, Any], given: set[str]) -> bool:
    text = cell.source.strip()
    if cell.cell_type == "code" or id(cell) in marked or text in given:
        return False
    return len(text.split()) >= MIN_WORDS or len(text) >= MIN_CHARS or bool(cell.get("attachments"))


def _is_prose(source: str) -> bool:
    """Is a cell of code in truth a text: comments, a string, or no Python at all?"""
    lines = [line.strip() for line in source.split("\n") if line.strip()]
    if all(line.startswith("#") for line in lines):
        return True
    tree = parsed(source)
    if tree is None:
        return not any(line.startswith(("%", "!")) for line in lines)
    return all(
        isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
        for one in tree.body
    )


def _words(cell: Any) -> str:
    """A text as Markdown shows it, whatever cell it stood in."""
    if cell.cell_type != "code":
        return cell.source
    return "\n".join(
        line.lstrip("#").strip() if line.lstrip().startswith("#") else line
        for line in cell.source.split("\n")
    )
