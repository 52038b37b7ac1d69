"""A built lecture as the cells of slides, by rule, so that a unit needs no second text.

- A heading begins a slide: `#` and `##` one to the right, `###` one below.
- A Markdown cell begins a slide below; what is too long goes on on the next one, cut between sentences.
- What code prints stands below the text before it if there is room. A picture has a slide of its own.
- Code is folded. The cell that installs the course is left out.
- What the title says of needs and time is in the notes for the speaker.

nbconvert's own types come first: `# %% the-id slideshow={"slide_type": "skip"}` in a lecture's source leaves
a cell out, "notes" has it in the speaker's notes alone, "-" keeps it on the slide before, "slide" and
"subslide" begin one.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import groupby
from math import ceil

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from nonconv.publish.install import ID as INSTALL
from nonconv.publish.slides.pieces import ALL, HEADING, pieces
from nonconv.publish.website.sources import with_formulas

SMALL = 2.5  # lines that find room below a picture
PRINTED = 16  # lines that are printed on a slide of their own
CODE_COLUMNS = 92  # letters in a line that is printed
ASIDE = "\n\n**You need** "  # how a title goes on with what is not for the audience
CAPTION = re.compile(r"\[caption\] ")
MOVING = re.compile(r"\[the same, moving\] ")


def deck(notebook: NotebookNode) -> NotebookNode:
    """A notebook whose cells are the parts of slides, each with nbconvert's slide type."""
    made = _Deck()
    for cell in notebook.cells:
        kind = "skip" if cell.id == INSTALL else cell.metadata.get("slideshow", {}).get("slide_type", "")
        if kind == "skip":
            continue
        if kind == "notes":
            made.put(new_markdown_cell(cell.source), "notes")
        elif cell.cell_type == "markdown":
            text, _, aside = cell.source.partition(ASIDE)
            for part in re.split(r"\n(?=#{1,3} )", text):
                made.text(part, kind)
            if aside:
                made.put(new_markdown_cell((ASIDE + aside).strip()), "notes")
        else:
            made.code(cell, kind)
    deck = deepcopy(notebook)
    deck.cells = made.cells
    return deck


class _Deck:
    """The cells so far, and how much room is left on the last slide."""

    def __init__(self) -> None:
        self.cells: list[NotebookNode] = []
        self.heading = ""
        self.left = ALL
        self.only_heading = False  # the slide has no more than that yet

    def put(self, cell: NotebookNode, kind: str = "-", lines: float = 0) -> None:
        cell.metadata["slideshow"] = {"slide_type": kind}
        self.cells.append(cell)
        self.left -= lines
        self.only_heading = self.only_heading and not lines

    def begin(self, kind: str = "subslide") -> None:
        """A new slide, under the heading of the one before."""
        self.left = ALL
        self.put(new_markdown_cell(f"#### {self.heading}"), kind)
        self.only_heading = True

    def text(self, source: str, kind: str) -> None:
        found = HEADING.match(source)
        if found:
            self.heading, source = found[1], source[found.end() :]
            self.left = ALL
            below = found[0].startswith("###")
            self.put(new_markdown_cell(found[0]), kind or ("subslide" if below else "slide"))
            self.only_heading = True
        elif kind != "-" and not (self.only_heading and not kind):
            self.begin(kind or "subslide")
        together = ""
        for piece in pieces(source):
            if piece.lines > self.left - 0.01 and not self.only_heading:
                self._markdown(together)
                together = ""
                self.begin()
            together += (piece.joint if together else "") + piece.text
            self.left -= piece.lines
            self.only_heading = False
        self._markdown(together)

    def _markdown(self, text: str) -> None:
        if text.strip():
            self.put(new_markdown_cell(text.strip()))

    def code(self, cell: NotebookNode, kind: str) -> None:
        """The folded code, and its outputs: each picture on a slide of its own."""
        source = cell.source
        if kind in ("slide", "subslide"):
            self.begin(kind)
        for part in _parts(cell.outputs) or [[]]:
            lines = sum(_lines(output) for output in part)
            if lines > self.left and not self.only_heading and kind != "-":
                self.begin()
            self.put(new_code_cell(source, outputs=part), lines=lines)
            source = ""


def _parts(outputs: list[NotebookNode]) -> list[list[NotebookNode]]:
    """Outputs that belong on one slide: a picture with its caption, or what was printed in a row.

    Of a picture that can be touched the still one is left out, and its caption.
    """
    if any(MOVING.match(_plain(output)) for output in outputs):
        outputs = [one for one in outputs if not (_is_picture(one) or CAPTION.match(_plain(one)))]
    made: list[list[NotebookNode]] = []
    for output in _in_one(outputs):
        lines = _lines(output)
        if made and lines <= max(SMALL, ALL - sum(_lines(one) for one in made[-1])):
            made[-1].append(output)
        else:
            made.append([_with_formulas(output)])
    return made


def _in_one(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Outputs, of which what was printed in a row is one, or if it is long as many as it needs slides."""
    for _, found in groupby(outputs, lambda output: output.get("name", "") or id(output)):
        first, *others = found
        if others:
            first = deepcopy(first)
            first.text = "".join([first.text, *(one.text for one in others)])
        lines = first.get("text", "").splitlines(keepends=True)
        for part in range(slides := max(1, ceil(len(lines) / PRINTED))):
            one = deepcopy(first)
            if slides > 1:
                one.text = "".join(lines[len(lines) * part // slides : len(lines) * (part + 1) // slides])
            yield one


def _is_picture(output: NotebookNode) -> bool:
    return "image/png" in output.get("data", {})


def _plain(output: NotebookNode) -> str:
    return output.get("data", {}).get("text/plain", "")


def _with_formulas(output: NotebookNode) -> NotebookNode:
    """A proof's table with its formulas as MathJax looks for them."""
    html = output.get("data", {}).get("text/html", "")
    if html and "<script" not in html:
        output = deepcopy(output)
        output.data["text/html"] = with_formulas(html)
    return output


def _lines(output: NotebookNode) -> float:
    """The lines of a slide that an output takes; all of them, if it is a picture or can be touched."""
    data = output.get("data", {})
    if CAPTION.match(_plain(output)):
        return 0
    if {"image/png", "text/html", "text/markdown"} & set(data):
        return ALL
    text = output.get("text", "") or data.get("text/plain", "")
    return 0.5 + sum(0.8 * max(1, -(-len(line) // CODE_COLUMNS)) for line in text.splitlines())
