"""What makes a lecture hard to read, as far as a build can see it.

too_long        cells of more than 20 lines of code
uncaptioned     pictures without words under them
stale           references that a text writes as a number, and not by name
not_introduced  names of `nonconv` in an exercise that no lecture up to its unit shows, nor its own text
"""

import ast
import re
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode

from nonconv.authoring.percent import read_text
from nonconv.figures.style import CAPTION
from nonconv.publish.unit import Exercise, Notebook, Unit

MAX_LINES = 20  # lines of code in a cell, without empty ones
# "section 4 of the paper" is the paper's; "section 4" of a lecture is written {section:name}
NUMBERED = re.compile(r"(?<![\w{(])[Ss]ection (\d+)(?!\d|\.\d|\)| of | and \d+ of )", re.A)
SOURCES = re.compile(r"^\*\*Sources", re.M)


def too_long(notebook: NotebookNode) -> list[str]:
    """The code cells of more than MAX_LINES lines, but for those that are folded."""
    found = []
    for cell in notebook.cells:
        lines = [line for line in cell.source.split("\n") if line.strip()]
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        if cell.cell_type == "code" and len(lines) > MAX_LINES and not folded:
            found.append(f"{cell.id}: {len(lines)} lines of code; at most {MAX_LINES} can be read at once")
    return found


def uncaptioned(notebook: NotebookNode) -> list[str]:
    """The cells with a picture that is not followed by its caption."""
    found = []
    for cell in notebook.cells:
        outputs = [output.get("data", {}) for output in cell.get("outputs", [])]
        for output, behind in zip(outputs, [*outputs[1:], {}], strict=False):
            if "image/png" in output and not behind.get("text/plain", "").startswith(CAPTION):
                found.append(f"{cell.id}: no caption under a picture; nonconv.figures.show writes it")
    return found


def stale(notebook: NotebookNode) -> list[str]:
    """The text cells, before references become numbers, that write a section's number themselves."""
    return [
        f"{cell.id}: {found[0]!r} goes stale when a section is added; write {{section:name}}"
        for cell in notebook.cells
        if cell.cell_type == "markdown" and not SOURCES.search(cell.source)
        for found in NUMBERED.finditer(cell.source)
    ]


def names_of(sources: Iterable[str]) -> set[str]:
    """What Python code takes from `nonconv`: imported names, and attributes of its modules."""
    found: set[str] = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nonconv"):
                found.update(one.name for one in node.names)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(node.id)
    return found


def not_introduced(unit: Unit, notebook: Notebook, exercise: Exercise, before: Sequence[Unit]) -> list[str]:
    """The names that given cells of an exercise import from `nonconv` and that nothing before them shows.

    Shown is what stands in the lecture of this unit or an earlier one, in the first cells of the notebook, or
    in the words of the exercise.
    """
    lectures = [read_text(one.lecture).cells for one in (*before, unit) if one.lecture is not None]
    code = [cell.source for cells in lectures for cell in cells if cell.cell_type == "code"]
    shown = names_of(code)
    words = " ".join(cell.source for cell in exercise.cells if cell.cell_type == "markdown")
    words += " ".join(cell.source for cell in read_text(notebook.head).cells)
    needed: dict[str, str] = {}
    for cell in exercise.cells:
        if cell.cell_type == "code":
            for name in imported(cell.source):
                needed.setdefault(name, cell.id)
    return [
        f"{exercise.name}, {cell}: {name} is used, and neither a lecture up to unit {int(unit.name[:2])} nor"
        f" the exercise's own text has it"
        for name, cell in needed.items()
        if name not in shown and not re.search(rf"\b{re.escape(name)}\b", words)
    ]


def imported(source: str) -> list[str]:
    """The names that `from nonconv… import …` brings into a cell, outside of its solution."""
    source = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "pass", source, flags=re.S)
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    return [
        one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nonconv")
        # what nonconv.checks hands out is explained where it is handed out
        if not (node.module or "").startswith("nonconv.checks")
        for one in node.names
    ]
