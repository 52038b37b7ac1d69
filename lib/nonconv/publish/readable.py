"""What a student can read in a unit before an answer is written: each place by name, and the code in it.

Of the lecture the cells, their printed outputs and the texts; of the notebooks the texts, the stubs and the
given cells. Hints that are folded are not among it, nor are formulas between dollar signs.
"""

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nonconv.authoring.percent import read_text
from nonconv.publish.solutions import BEGIN, END, replace_solutions
from nonconv.publish.unit import Unit

FOLDED = re.compile(r"<details>.*?</details>", re.S)
BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.M | re.S)
SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
# a printed line may be a formula with something before or behind it: "3. = a*b   by distribute"
AROUND = re.compile(r"\s{2,}|:=|(?<![=<>!])=(?!=)|→")


@dataclass(frozen=True)
class Place:
    """A place that can be read: what it is called, and the code there."""

    name: str
    body: list[ast.stmt]


def places(unit: Unit) -> Iterator[Place]:
    """All of a unit's places, the lecture first."""
    if unit.lecture is not None:
        printed = _printed(unit)
        for cell in read_text(unit.lecture).cells:
            name = f"lecture, {cell.id}"
            yield Place(name, list(_code(cell)))
            yield Place(f"{name}, printed", list(_parsed(_lines(printed.get(cell.id, "")))))
    for notebook in unit.notebooks:
        for cell in read_text(notebook.head).cells:
            yield Place(f"{notebook.folder.name}, {cell.id}", list(_code(cell)))
        for exercise in notebook.exercises:
            for cell in exercise.cells:
                label = f"{notebook.folder.name}/{exercise.folder.name}, {cell.id}"
                yield Place(label, list(_code(cell)))


def _code(cell: NotebookNode) -> Iterator[ast.stmt]:
    """The statements of a cell as students get it; of a text, those in its code spans and blocks."""
    if cell.cell_type != "code":
        if cell.metadata.get("role") == "manual":  # the answer
            return
        text = FOLDED.sub("", cell.source)
        yield from _parsed([*BLOCK.findall(text), *(span[1] for span in SPAN.findall(BLOCK.sub("", text)))])
        return
    source = replace_solutions(cell.source, BEGIN, END)[0]
    yield from _parsed([source])
    yield from _parsed(_lines("\n".join(_comments(source))))


def _comments(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string.lstrip("# ")


def _lines(text: str) -> Iterator[str]:
    """What may be code in a printed text: all of it, each line, and what stands in a line."""
    yield textwrap.dedent(text)
    for line in text.splitlines():
        yield line.strip()
        parts = AROUND.split(line)
        if len(parts) > 1:
            yield from (part.strip() for part in parts)


def _parsed(texts: Iterable[str]) -> Iterator[ast.stmt]:
    """The statements of those texts that are Python."""
    for text in texts:
        try:
            yield from ast.parse(textwrap.dedent(text)).body
        except (SyntaxError, ValueError):
            continue


def built_lecture(unit: Unit) -> Path:
    """Where the lecture stands once it is built."""
    return unit.folder.parents[1] / "lectures" / f"{unit.name}.ipynb"


def _printed(unit: Unit) -> dict[str, str]:
    """What the cells of the built lecture print, by their ids; nothing if it is not built yet."""
    path = built_lecture(unit)
    if not path.exists():
        return {}
    cells = nbformat.read(path, as_version=4).cells
    return {
        cell.id: "\n".join(_text(output) for output in cell.get("outputs", []))
        for cell in cells
        if cell.cell_type == "code"
    }


def _text(output: Any) -> str:
    return str(output.get("text", output.get("data", {}).get("text/plain", "")))
