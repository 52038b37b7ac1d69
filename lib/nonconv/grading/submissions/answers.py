"""Answers in code that stand elsewhere than in their own cell, where the stub would undo them.

A student may write all answers into one cell, into the cell of a check, or into a new one, and leave the
stubs as they are. What is graded is what the functions are when their checks run.
"""

import re
from typing import Any

ELSEWHERE = "# This answer stands in another cell."
FUNCTION = re.compile(r"^def\s+(\w+)\s*\(", re.M)


def is_function(stub: str) -> bool:
    """Is a function to be written there, and not a value?"""
    return FUNCTION.search(stub) is not None


def defined(official: Any, source: str, values: bool = False) -> bool:
    """Does a source define the function that the official cell asks for? `values`: also `name = …`."""
    name = _name(official)
    other = rf"|^{name}\s*(:[^=\n]+)?=(?!=)" * values
    return bool(name) and re.search(rf"^((async\s+)?def|class)\s+{name}\b{other}", source, re.M) is not None


def find_answers(
    notebook: Any, official: dict[str, Any], seen: dict[str, Any], handed_out: set[str]
) -> tuple[list[str], list[str], list[str]]:
    """Take each stub away that would undo an answer, with all cells in their places.

    `handed_out` are the sources of cells that hold no answer, whatever they define. Returns the answers that
    stand in another cell, those that were put into their own, and those whose
    function has another name in its cell.
    """
    elsewhere, moved, renamed = [], [], []
    locked = {
        id(seen[grade_id]): one for grade_id, one in official.items() if not one.metadata.nbgrader.solution
    }
    for grade_id, one in official.items():
        if not one.metadata.nbgrader.solution or one.cell_type != "code" or not _name(one):
            continue
        own = seen[grade_id]
        if own.source.strip() not in ("", one.source.strip()):
            if own.cell_type == "code" and _alias(own, one, notebook, official):
                renamed.append(grade_id)
            continue
        at, source, is_locked = _found(notebook, own, one, locked, handed_out)
        if not source:
            continue
        before = next(n for n, cell in enumerate(notebook.cells) if cell is own) > at
        own.source = ELSEWHERE if before and not is_locked else source
        (elsewhere if before and not is_locked else moved).append(grade_id)
    return elsewhere, moved, renamed


def _found(
    notebook: Any, own: Any, official: Any, locked: dict[int, Any], handed_out: set[str]
) -> tuple[int, str, bool]:
    """(place, source, is it a cell that is overwritten before it is run) of the last cell that holds an
    answer; without one the source is empty."""
    stub = official.source.strip()
    found = -1, "", False
    for n, cell in enumerate(notebook.cells):
        if cell is own or cell.cell_type != "code" or cell.source.strip() in handed_out:
            continue
        source, ours = cell.source, locked.get(id(cell))
        if ours is not None:
            source = _without(source, ours.source)
        if stub not in source and defined(official, source, values=ours is None):
            found = n, source, ours is not None
    return found


def _without(source: str, ours: str) -> str:
    """What a student wrote into a cell of ours; all of it, where ours was changed, too."""
    before, found, behind = source.partition(ours.strip())
    return f"{before.rstrip()}\n{behind.lstrip()}".strip() if found else source


def _alias(own: Any, one: Any, notebook: Any, official: dict[str, Any]) -> bool:
    """Give a function that was renamed its name, where there is no doubt which is meant."""
    if any(defined(one, cell.source, values=True) for cell in notebook.cells if cell.cell_type == "code"):
        return False
    names = [
        name for name in FUNCTION.findall(own.source) if not any(name == _name(o) for o in official.values())
    ]
    if len(names) != 1 or "import *" in own.source:
        return False
    own.source += f"\n\n\n{_name(one)} = {names[0]}  # this line is not the student's"
    return True


def _name(official: Any) -> str:
    """Of the function, or else the value, that a stub holds."""
    found = FUNCTION.search(official.source) or re.search(r"^(\w+)\s*=(?!=)", official.source, re.M)
    return found.group(1) if found and official.cell_type == "code" else ""
