"""The library's docstrings as reStructuredText.

They are plain text: paragraphs, indented formulas, lists, `code` and *emphasis*. Read as reStructuredText
as they stand, a formula's stars and underscores would be markup.
"""

import re
from itertools import groupby

SPECIAL = re.compile(r"([*_|\\`])")
MARKED = re.compile(r"(`[^`]+`|(?<![\w*])\*[\w-][\w -]*\*(?![\w*]))")
LABEL = re.compile(r"(Shapes?|Raises(?: \w+)*|Sources?|Units?|Returns):")


def as_rst(lines: list[str]) -> list[str]:
    """The lines of a docstring as lines of reStructuredText; indented text stays as it is laid out."""
    made: list[str] = []
    for indented, group in groupby(lines, key=_indented):
        if indented:
            made += ["", "::", "", *(f"   {line}" if line.strip() else "" for line in group), ""]
        else:
            made += [_marked(line) for line in group]
    return made


def _indented(line: str) -> bool:
    """Whether the line belongs to something laid out by hand."""
    return line.startswith("  ")


def _marked(line: str) -> str:
    pieces = MARKED.split(line)
    text = "".join(_piece(piece) for piece in pieces)
    return LABEL.sub(r"**\g<0>**", text, count=1) if LABEL.match(text) else text


def _piece(piece: str) -> str:
    if len(piece) > 2 and piece[0] == piece[-1] == "`":
        # an escaped space is nothing to read, and lets a bracket stand right behind the code
        return f"\\ ``{piece[1:-1].strip('`')}``\\ "
    if MARKED.fullmatch(piece):
        return piece
    return SPECIAL.sub(r"\\\1", piece)
