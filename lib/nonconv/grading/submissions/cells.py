"""The cells of a notebook that was handed in, brought back to those that were handed out.

Each official cell gets its type, its metadata and its place. Of several copies the answered one counts. What
is missing is put back, but never over an answer that stands elsewhere. An essay that has lost its cell is
found by its place, or else put before the reader.
"""

import re
from typing import Any

import nbformat

ID = re.compile(r"[a-zA-Z0-9-_]{1,64}")  # as Jupyter's format has it
ELSEWHERE = "# This answer stands in another cell."
MIN_WORDS = 4  # of a text that could be an essay
SHOWN = 3


def put_in_place(notebook: Any, released: Any, name: str, troubles: list[str]) -> None:
    """Repair the cells of a notebook, and say what was done."""
    official = {
        cell.metadata.nbgrader.grade_id: cell for cell in released.cells if "nbgrader" in cell.metadata
    }
    # a text of ours stays ours when a later edition words it anew
    texts = {one.id for one in released.cells} - set(official)
    ours = [cell for cell in notebook.cells if _own_id(cell) in texts or "<summary>" in cell.source]
    given = {_text(cell.source) for cell in [*released.cells, *ours]}
    seen, twice, retyped, unmarked = _identified(notebook, official)
    missing = [grade_id for grade_id in official if grade_id not in seen]
    elsewhere = _put_back(notebook, official, seen)
    done = {
        "cells stand there more than once; the answered copy counts": twice,
        "cells were put back to the type they were handed out with": retyped,
        "missing cells were put back as they were handed out": [
            one for one in missing if one not in elsewhere
        ],
        "the answer stands in another cell": elsewhere,
    }
    if unmarked:
        troubles.append(
            f"{name}: nbgrader's marks were gone from {unmarked} cells; they were found again by their text"
        )
    troubles += [f"{name}: {what}: {_listed(ids)}" for what, ids in done.items() if ids]
    _in_order(notebook, official, seen)
    _find_essays(notebook, official, seen, given, name, troubles)
    _own_ids(notebook)


def _identified(notebook: Any, official: dict[str, Any]) -> tuple[dict[str, Any], list[str], list[str], int]:
    """Give official cells their metadata: (cell by id, ids that stood there twice, retyped, unmarked)."""
    seen: dict[str, Any] = {}
    twice: list[str] = []
    retyped: list[str] = []
    unmarked = 0
    kept = []
    by_signature: dict[str, str] = {}
    for grade_id, cell in official.items():
        if cell.cell_type == "code" and _signature(cell):
            by_signature.setdefault(_signature(cell), grade_id)
    for cell in notebook.cells:
        claimed = cell.metadata.pop("nbgrader", None)
        grade_id = _identify(cell, claimed, official, by_signature)
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


def _identify(cell: Any, claimed: Any, official: dict[str, Any], by_signature: dict[str, str]) -> str:
    """Which official cell this is: by nbgrader's mark, or its id, or the check it calls, or the function
    it defines."""
    by_mark = str(claimed.get("grade_id")) if isinstance(claimed, dict) else ""
    for grade_id in (by_mark, cell.get("id")):
        if isinstance(grade_id, str) and grade_id in official:
            answer = official[grade_id].metadata.nbgrader.solution
            if official[grade_id].cell_type == cell.cell_type or answer:
                return grade_id
    if cell.cell_type != "code" or isinstance(claimed, dict):
        return ""
    return next((grade_id for signature, grade_id in by_signature.items() if signature in cell.source), "")


def _signature(cell: Any) -> str:
    """What a released cell can be known by: its check or comment, or the function that is to be written
    there."""
    if cell.metadata.nbgrader.solution:
        function = re.search(r"def \w+\(", cell.source)
        return function.group() if function else ""
    return cell.source.split("\n")[0]


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


def _put_back(notebook: Any, official: dict[str, Any], seen: dict[str, Any]) -> list[str]:
    """Insert each missing official cell behind the one that it follows in the released notebook.

    Returns those whose function another cell defines: they are put back without the stub, which would undo
    it.
    """
    defined = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    elsewhere = []
    before = None
    for grade_id, cell in official.items():
        if grade_id not in seen:
            at = next((n + 1 for n, other in enumerate(notebook.cells) if other is before), 0)
            seen[grade_id] = nbformat.from_dict(dict(cell))
            is_answer = cell.metadata.nbgrader.solution and cell.cell_type == "code"
            signature = _signature(cell) if is_answer else ""
            if signature and re.search(rf"^{re.escape(signature)}", defined, re.M):
                seen[grade_id].source = ELSEWHERE
                elsewhere.append(grade_id)
            notebook.cells.insert(at, seen[grade_id])
        before = seen[grade_id]
    return elsewhere


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


def _find_essays(
    notebook: Any,
    official: dict[str, Any],
    seen: dict[str, Any],
    given: set[str],
    name: str,
    troubles: list[str],
) -> None:
    """Put texts that stand where no cell of ours is into an essay that is empty: it is to be read then."""
    marked = {id(cell) for cell in seen.values()}
    for grade_id, original in official.items():
        if original.cell_type != "markdown" or not original.metadata.nbgrader.solution:
            continue
        essay = seen[grade_id]
        if _text(essay.source) not in (_text(original.source), ""):
            continue
        near, far = _texts_around(notebook, essay, marked, given)
        found = near or far
        if not found:
            continue
        where = "beside its place" if near else "elsewhere in the notebook"
        essay.source = "\n\n".join([f"*(This text was found {where}.)*", *(cell.source for cell in found)])
        pictures = {key: value for cell in found for key, value in cell.get("attachments", {}).items()}
        if pictures:
            essay.attachments = nbformat.from_dict(pictures)
        moved = {id(cell) for cell in near}
        notebook.cells = [cell for cell in notebook.cells if id(cell) not in moved]
        troubles.append(f"{name}: {grade_id!r} was empty; a text {where} was put there, to be read")


def _texts_around(
    notebook: Any, essay: Any, marked: set[int], given: set[str]
) -> tuple[list[Any], list[Any]]:
    """The student's own texts: those next to the essay's place, and all."""
    at = next(n for n, cell in enumerate(notebook.cells) if cell is essay)

    def is_text(cell: Any) -> bool:
        prose = cell.cell_type in ("markdown", "raw")
        own = id(cell) not in marked and _text(cell.source) not in given
        return prose and own and len(cell.source.split()) >= MIN_WORDS

    def run(cells: list[Any]) -> list[Any]:
        found = []
        for cell in cells:
            if id(cell) in marked or (_text(cell.source) in given and _text(cell.source)):
                break
            if is_text(cell):
                found.append(cell)
        return found

    before = run(notebook.cells[:at][::-1])[::-1]
    return before + run(notebook.cells[at + 1 :]), [cell for cell in notebook.cells if is_text(cell)]


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
