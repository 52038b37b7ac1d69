"""The exercises of a released notebook as levels of the page: what a student gets, and nothing else.

A level begins with a card (a text whose cell is called …-card) and ends before the next. Its cells are known
by nbgrader's marks: given code, the answer, checks. Read from `exercises/`, so no solution can be among them.
"""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.proofs import statement_text
from nonconv.publish.pages import markdown2html

UNIT, NOTEBOOK = "02-reduction-to-convolution", "proof"
EXAMPLE = "example"
OWN = "own_theorem(me)"  # the cell that shows the theorem drawn from a name
SHOWS = re.compile(r'^print\(statement_text\("([a-z0-9-]+)"\)\)$', re.M)
DEFINED = re.compile(r"^def (\w+)\(", re.M)
HEADING = re.compile(r"^## (.+)\n")
CHECKED = re.compile(r'^check\("([a-z0-9-]+)"', re.M)


def levels(exercises: Path) -> list[dict[str, Any]]:
    """The levels of the proof notebook in `exercises`, the whole proof to try first.

    Keys: id, title, card (HTML), statement (text), given, stub, answer, cells (that the stub is made of, by
    id), checks, hints (HTML). ValueError for a notebook without levels.
    """
    notebook = nbformat.read(exercises / UNIT / f"{NOTEBOOK}.ipynb", as_version=4)
    known = json.loads((exercises / UNIT / "checks.json").read_text(encoding="utf-8"))["checks"]
    found: list[dict[str, Any]] = []
    for cell in notebook.cells:
        if cell.id == EXAMPLE:
            found.append(_level(cell.id, "A whole proof, to try", "", cell.source.removesuffix("\nP.show()")))
        elif cell.id.endswith("-card"):
            title, text = _headed(cell.source)
            found.append(_level(cell.id.removesuffix("-card"), title, text))
        elif found:
            _add(found[-1], cell, known)
    if not any(one["checks"] for one in found):
        raise ValueError(f"the notebook {NOTEBOOK} of {UNIT} has no exercise with a check")
    found[0]["card"] = markdown2html(
        "Read it, change an index, and see what the table says. Everything is checked while you type."
    )
    return found


def language(exercises: Path) -> str:
    """How formulas and reasons are written: the notebook's own text, as HTML."""
    notebook = nbformat.read(exercises / UNIT / f"{NOTEBOOK}.ipynb", as_version=4)
    (text,) = (cell.source for cell in notebook.cells if cell.id == "language")
    body = text.removeprefix("## The language\n")
    return markdown2html(body.split("\nHere is a small proof")[0])


def _level(name: str, title: str, card: str, stub: str = "") -> dict[str, Any]:
    level = {"id": name, "title": title, "card": markdown2html(card), "statement": "", "hints": ""}
    return {**level, "given": "", "stub": stub, "answer": "", "cells": [], "checks": []}


def _headed(source: str) -> tuple[str, str]:
    found = HEADING.match(source)
    assert found is not None, source[:60]
    return found[1], source[found.end() :]


def _add(level: dict[str, Any], cell: NotebookNode, known: dict[str, Any]) -> None:
    marks = cell.metadata.get("nbgrader", {})
    if cell.cell_type == "markdown":
        level["hints"] += markdown2html(cell.source)
    elif shown := SHOWS.search(cell.source):
        level["statement"] = statement_text(shown[1])
    elif marks.get("grade"):
        for name in CHECKED.findall(cell.source):
            asked = known[name]
            one = {"name": name, "statement": asked["proves"]}
            level["checks"].append({**one, "points": asked["points"], "part": asked["part"]})
    elif cell.source == OWN:
        level["statement"] = "Your own theorem. It is shown below the text when your name is in it."
    elif marks.get("solution"):
        level["stub"] = f"{level['stub']}\n\n\n{cell.source}".lstrip("\n")
        level["cells"].append(cell.id)
        level["answer"] = next(iter(DEFINED.findall(cell.source)), level["answer"])
    elif marks.get("locked"):
        level["given"] += f"{cell.source}\n"
    else:
        level["stub"] = cell.source
