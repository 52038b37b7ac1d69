"""What students name or raise, as text: in a terminal, in a table, in a spreadsheet.

A file's name, an exception and its message are chosen by students. Shown as they are they could clear the
instructor's terminal, forge a row of the table, or be a formula.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

MOST = 300  # characters of a sentence
SENTENCES = 5  # about one student
FORMULA = "=+-@\t\r＝＋－＠"  # how a formula starts for a spreadsheet, also one of East Asia
# where a spreadsheet may take what follows for a cell of its own: it divides by what its language does
DIVIDED = re.compile(rf"(;\s*)(?=[{FORMULA}])")
BLANK = (
    "\u115f\u1160\u2800\u3164\uffa0"  # letters that show nothing: fillers of Hangul, Braille without a dot
)
MOST_MARKS = 4  # on a letter: no script has more, and a hundred would cover the lines above


def one_line(text: str, most: int = MOST) -> str:
    r"""The text in one line of printable characters; others are written out, such as \x1b."""
    shown, marks = "", 0
    for character in text[: 10 * most]:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        shown += _written(character) if marks <= MOST_MARKS else ""
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _written(character: str) -> str:
    if character.isprintable() and character not in BLANK:
        return character
    return " " if character in "\n\t" else character.encode("unicode_escape").decode()


def unmistakable(students: Iterable[str]) -> dict[str, str]:
    """How each is called in a table of text: in quotes where it begins with another's name, since what
    follows there, such as numbers, could be taken for that one's row."""
    lines = {student: one_line(student) for student in students}
    all_names = set(lines.values())
    found = {}
    for student, line in lines.items():
        words = line.split(" ")
        begins = any(" ".join(words[:count]) in all_names for count in range(1, len(words)))
        found[student] = repr(line) if begins else line
    return found


def sentences(troubles: Iterable[str]) -> Iterator[str]:
    """A few of them, each in a line, and how many more there are."""
    every = list(troubles)
    yield from map(one_line, every[:SENTENCES])
    if len(every) > SENTENCES:
        yield f"… and {len(every) - SENTENCES} more"


def no_formula(text: str) -> str:
    """A cell of a spreadsheet that is text, however it starts."""
    text = DIVIDED.sub(r"\1'", text)
    return f"'{text}" if text[:1] and text[0] in FORMULA else text
