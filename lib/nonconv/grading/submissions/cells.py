"""The cells of a notebook that was handed in, brought back to those that were handed out.

Each official cell gets its type, its metadata and its place. Of several copies the answered one counts. What
is missing is put back, but never over an answer that stands elsewhere. An essay that has lost its cell is
found by its place, or else put before the reader.
"""

import re
from typing import Any

import nbformat

from nonconv.grading.submissions.answers import defined, find_answers, is_function
from nonconv.grading.submissions.essays import find_essays

ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")  # as Jupyter's format has it
SHOWN = 3


def put_in_place(notebook: Any, released: Any, name: str, troubles: list[str]) -> None:
    """Repair the cells of a notebook, and say what was done."""
    official = {
        cell.metadata.nbgrader.grade_id: cell for cell in released.cells if "nbgrader" in cell.metadata
    }
    # a text of ours stays ours when a later edition words it anew
    texts = {one.id: one for one in released.cells if "nbgrader" not in one.metadata}
    ours = [cell for cell in notebook.cells if _own_id(cell) in texts or "<summary>" in cell.source]
    handed_out = {_text(cell.source) for cell in released.cells}
    given = handed_out | {_text(cell.source) for cell in ours}
    # an answer written into one of these stays there: the cells before it need the rest of it
    setups = [one for one in texts.values() if one.cell_type == "code"]
    seen, twice, retyped, unmarked = _identified(notebook, official, setups)
    missing = [grade_id for grade_id in official if grade_id not in seen]
    _put_back(notebook, official, seen)
    _in_order(notebook, official, seen)
    elsewhere, moved, renamed = find_answers(notebook, official, seen, handed_out)
    done = {
        "cells stand there more than once; the answered copy counts": twice,
        "cells were put back to the type they were handed out with": retyped,
        "missing cells were put back as they were handed out": [
            one for one in missing if one not in {*elsewhere, *moved}
        ],
        "the answer stands in another cell": elsewhere,
        "the answer was taken from a cell that is not for it": moved,
        "the function has another name there, which was taken": renamed,
    }
    if unmarked:
        troubles.append(
            f"{name}: nbgrader's marks were gone from {unmarked} cells; they were found again by their text"
        )
    troubles += [f"{name}: {what}: {_listed(ids)}" for what, ids in done.items() if ids]
    for cell in ours:
        cell.metadata = nbformat.from_dict(texts[cell.id].metadata if _own_id(cell) in texts else {})
    _own_ids(notebook)
    find_essays(notebook, released, seen, given, name, troubles)


def _identified(
    notebook: Any, official: dict[str, Any], setups: list[Any]
) -> tuple[dict[str, Any], list[str], list[str], int]:
    """Give official cells their metadata: (cell by id, ids that stood there twice, retyped, unmarked)."""
    seen: dict[str, Any] = {}
    twice: list[str] = []
    retyped: list[str] = []
    unmarked = 0
    kept = []
    for cell in notebook.cells:
        claimed = cell.metadata.pop("nbgrader", None)
        grade_id = _identify(cell, claimed, official, setups)
        if not grade_id:
            kept.append(cell)
            continue
        if cell.cell_type != official[grade_id].cell_type:
            retyped.append(grade_id)
            _retype(cell, official[grade_id].cell_type)
        if grade_id in seen:
            twice.append(grade_id)
            first, stub = seen[grade_id], _text(official[grade_id].source)
            if official[grade_id].metadata.nbgrader.solution and _text(cell.source) not in (stub, ""):
                first.source = cell.source  # the later answer is what the student saw last
                if "attachments" in cell:
                    first.attachments = cell.attachments
            continue
        seen[grade_id] = cell
        unmarked += not isinstance(claimed, dict)
        cell.metadata = nbformat.from_dict(official[grade_id].metadata)
        kept.append(cell)
    notebook.cells = kept
    return seen, list(dict.fromkeys(twice)), retyped, unmarked


def _identify(cell: Any, claimed: Any, official: dict[str, Any], setups: list[Any]) -> str:
    """Which official cell this is: by nbgrader's mark, or its id, or the check it calls, or the function
    it defines, or its text."""
    by_mark = str(claimed.get("grade_id")) if isinstance(claimed, dict) else ""
    for grade_id in (by_mark, cell.get("id")):
        if isinstance(grade_id, str) and grade_id in official:
            answer = official[grade_id].metadata.nbgrader.solution
            if official[grade_id].cell_type == cell.cell_type or answer:
                return grade_id
    if isinstance(claimed, dict) or any(
        cell.get("id") == one.id or _text(one.source) in cell.source for one in setups
    ):
        return ""
    return next((grade_id for grade_id, one in official.items() if _is_known(cell, one)), "")


def _is_known(cell: Any, official: Any) -> bool:
    """Is it the official cell without its marks?"""
    if cell.cell_type != official.cell_type:
        return False
    if official.metadata.nbgrader.solution:
        return cell.cell_type == "code" and is_function(official.source) and defined(official, cell.source)
    if cell.cell_type == "code":
        return official.source.split("\n")[0] in cell.source
    return _text(cell.source) == _text(official.source)


def _retype(cell: Any, kind: str) -> None:
    cell.cell_type = kind
    if kind == "code":
        cell.pop("attachments", None)
        cell.outputs, cell.execution_count = [], None
        fenced = re.fullmatch(r"\s*```\w*\n(.*?)\n```\s*", cell.source, re.S)
        cell.source = fenced.group(1) if fenced else cell.source
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _put_back(notebook: Any, official: dict[str, Any], seen: dict[str, Any]) -> None:
    """Insert each missing official cell behind the one that it follows in the released notebook."""
    before = None
    for grade_id, cell in official.items():
        if grade_id not in seen:
            at = next((n + 1 for n, other in enumerate(notebook.cells) if other is before), 0)
            seen[grade_id] = nbformat.from_dict(dict(cell))
            notebook.cells.insert(at, seen[grade_id])
        before = seen[grade_id]


def _in_order(notebook: Any, official: dict[str, Any], seen: dict[str, Any]) -> None:
    """Official cells in their own order; a cell of the student's own stays behind the one it followed."""
    rank = {id(seen[grade_id]): n for n, grade_id in enumerate(official)}
    ranks = [rank[id(cell)] for cell in notebook.cells if id(cell) in rank]
    if ranks == sorted(ranks):
        return
    groups: list[list[Any]] = [[]]
    for cell in notebook.cells:
        if id(cell) in rank:
            groups.append([])
        groups[-1].append(cell)
    first, *others = groups
    others.sort(key=lambda group: rank[id(group[0])])
    notebook.cells = [cell for group in (first, *others) for cell in group]


def _text(source: str) -> str:
    return source.strip()


def _listed(ids: list[str]) -> str:
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return ", ".join(map(repr, ids[:SHOWN])) + more


def _own_id(cell: Any) -> str:
    own = cell.get("id")
    return own if isinstance(own, str) and ID.fullmatch(own) else ""


def _own_ids(notebook: Any) -> None:
    ids: set[str] = set()
    number = 0
    for cell in notebook.cells:
        own = _own_id(cell)
        cell["id"] = own if own not in ids else ""
        while not cell["id"]:
            if f"cell-{number}" not in ids:
                cell["id"] = f"cell-{number}"
            number += 1
        ids.add(cell["id"])
