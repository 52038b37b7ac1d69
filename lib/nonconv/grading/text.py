"""What students name or raise, as text: in a terminal, in a table, in a spreadsheet.

A file's name, an exception and its message are chosen by students. Shown as they are they could clear the
instructor's terminal, forge a row of the table, or be a formula.
"""

from collections.abc import Iterable, Iterator

MOST = 300  # characters of a sentence
SENTENCES = 5  # about one student
FORMULA = "=+-@\t\r"  # how a formula starts for a spreadsheet


def one_line(text: str, most: int = MOST) -> str:
    r"""The text in one line of printable characters; others are written out, such as \x1b."""
    shown = "".join(map(_written, text[: 10 * most]))
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _written(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character in "\n\t" else character.encode("unicode_escape").decode()


def sentences(troubles: Iterable[str]) -> Iterator[str]:
    """A few of them, each in a line, and how many more there are."""
    every = list(troubles)
    yield from map(one_line, every[:SENTENCES])
    if len(every) > SENTENCES:
        yield f"… and {len(every) - SENTENCES} more"


def no_formula(text: str) -> str:
    """A cell of a spreadsheet that is text, however it starts."""
    return f"'{text}" if text[:1] and text[0] in FORMULA else text
