"""Text in pieces: where one idea ends, and how many lines of a slide it takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

COLUMNS = 78  # letters in a line of a slide
ALL = 11.0  # the lines of a slide below its heading
HEADING = re.compile(r"#{1,3} +(.+)")
LINK = re.compile(r"\[([^\]]*)\]\((?!https?://)[^)]*\)")
MATH = re.compile(r"\$[^$]+\$")
SENTENCE = re.compile(r"[.!?…][*_)\"”]*$")
KEPT_WHOLE = re.compile(r"<details|```")


@dataclass(frozen=True)
class Piece:
    """Markdown that stays together; `joint` stands between it and a piece before it on the same slide."""

    text: str
    joint: str = "\n\n"

    @property
    def lines(self) -> float:
        """The lines that it takes on a slide, roughly."""
        if self.text.lstrip().startswith("|"):
            return ALL  # slides.js lets it go on on the next slide
        if self.text.startswith("<details"):
            return 1.5
        shown = re.split(r"\$\$(.+?)\$\$", self.text, flags=re.S)
        plain = sum(ceil(_length(part.strip()) / COLUMNS) for part in shown[::2])
        return plain + sum(2.2 + part.count(r"\\") for part in shown[1::2])


def _length(text: str) -> int:
    """Letters that are seen: of a formula about half of what is written."""
    text = LINK.sub(r"\1", text)
    return len(MATH.sub(lambda found: "x" * (len(found[0]) // 2), text))


def pieces(text: str) -> list[Piece]:
    """The text cut between paragraphs, items of lists, and lines that begin a new sentence."""
    text = LINK.sub(r"\1", text)  # a slide has no files beside it
    return [piece for block in _blocks(text) for piece in _cut(block)]


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs; what is folded and what is code stays whole over its empty lines."""
    waiting: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip("\n")):
        waiting.append(block)
        whole = "\n\n".join(waiting)
        if whole.count("<details") == whole.count("</details>") and whole.count("```") % 2 == 0:
            yield whole
            waiting = []
    if waiting:
        yield "\n\n".join(waiting)


def _cut(block: str) -> Iterator[Piece]:
    first = block.lstrip()
    if KEPT_WHOLE.match(first) or first.startswith("|"):
        yield Piece(block)
        return
    joint, waiting = "\n\n", ""
    for line in block.split("\n"):
        if waiting and _begins_anew(waiting, line):
            yield Piece(waiting, joint)
            joint, waiting = "\n", ""
        waiting += ("\n" if waiting else "") + line
    yield Piece(waiting, joint)


def _begins_anew(before: str, line: str) -> bool:
    """Whether a line begins what can stand on the next slide."""
    if re.match(r"[-*] |\d+\. ", line):
        return True
    if before.count("$$") % 2 or line.lstrip().startswith("$$"):
        return False
    end = before.rstrip().removesuffix("$$").rstrip().removesuffix("$").rstrip()
    return bool(SENTENCE.search(end)) and line[:1] not in " \t" and not line[:1].islower()
