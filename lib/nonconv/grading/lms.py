"""Grades and pages back to a learning platform: its own list of the class, with the points filled in.

Moodle's list is the grading worksheet (Assignment > Download grading worksheet), Canvas's the exported
gradebook. Both are taken back as they were, but for the points. Any other list needs a column `student`.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nonconv.grading.report import Grade
from nonconv.grading.submissions.names import student_id

NAMES = ("student", "full name", "name", "email address", "email", "username", "user name", "sis login id")
FIRST, LAST = ("first name", "firstname"), ("last name", "lastname", "surname")
NUMBERS = ("identifier", "id", "id number", "sis user id")


class RosterError(ValueError):
    """A list of the class cannot be used; the message says why, and what would do."""


@dataclass
class Roster:
    """A platform's list of its class: the header, the rows below it, and how it separates its columns."""

    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","

    def column(self, *names: str) -> int | None:
        """The first column of one of these names, whatever their capitals."""
        plain = [one.strip().lower() for one in self.header]
        return next((plain.index(name) for name in names if name in plain), None)

    def people(self) -> Iterator[tuple[list[str], list[str]]]:
        """(row, what its person may be called in the gradebook), the surest first."""
        named = [k for name in NAMES if (k := self.column(name)) is not None]
        first, last = self.column(*FIRST), self.column(*LAST)
        numbers = [k for name in NUMBERS if (k := self.column(name)) is not None]
        for row in self.rows:
            names = [row[k].strip() for k in named]
            if first is not None and last is not None:
                names.append(f"{row[first].strip()} {row[last].strip()}")
            names = [form for name in names for form in _forms(name)]
            digits = [found[0] for k in numbers if (found := re.search(r"\d+", row[k]))]
            # two of one name are told apart by the platform's number
            yield row, [*(f"{name} {number}" for name in names for number in digits), *names]


def read_roster(path: Path) -> Roster:
    """A list of the class as a platform writes it. RosterError if there is no header that we know."""
    try:
        content = path.read_bytes()
        marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Excel saves "Unicode text"
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path} could not be read as a table of text (CSV, UTF-8): {error}") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    if not rows:
        raise RosterError(f"{path} is empty; a list of the class with a header is wanted")
    width = len(rows[0])
    made = Roster(rows[0], [(row + [""] * width)[:width] for row in rows[1:]], delimiter)
    if all(made.column(name) is None for name in NAMES) and made.column(*LAST) is None:
        raise RosterError(
            f"{path} has the columns {', '.join(rows[0])}; one that names the students is wanted:"
            f" {', '.join(NAMES)}, or first name and last name"
        )
    return made


def matched(
    roster: Roster, grades: list[Grade]
) -> tuple[list[tuple[list[str], Grade]], list[str], list[str]]:
    """(rows with their grades, students who are in no row, people of the list who have no grade).

    Nobody is guessed: a name that two rows could mean is nobody's, and a row that two students could mean is
    neither's. (One of them may have chosen the name.)
    """
    by_name = {grade.student: grade for grade in grades}
    claims: dict[str, list[int]] = {}
    people = list(roster.people())
    for n, (_, names) in enumerate(people):
        for name in dict.fromkeys(names):
            if name in by_name:
                claims.setdefault(name, []).append(n)
    could_be: dict[int, set[str]] = {}
    for name, rows in claims.items():
        if len(rows) == 1:
            could_be.setdefault(rows[0], set()).add(name)
    # or the same words in another order, or in capitals
    by_words = _by_words((n, name) for n, (_, names) in enumerate(people) for name in names)
    exact = set().union(*could_be.values())
    for words, meant in _by_words((name, name) for name in by_name).items():
        rows_meant = by_words.get(words, set())
        if len(rows_meant) == 1:
            could_be.setdefault(next(iter(rows_meant)), set()).update(meant - exact)
    owner = {n: next(iter(students)) for n, students in could_be.items() if len(students) == 1}
    found = [(people[n][0], by_name[name]) for n, name in sorted(owner.items())]
    there = {grade.student for _, grade in found}
    without = []
    for n, (row, _) in enumerate(people):
        if n not in owner:
            doubt = " or ".join(sorted(could_be.get(n, ())))
            without.append(" ".join(filter(None, row[:2])) + (f" ({doubt}?)" if doubt else ""))
    return found, sorted(set(by_name) - there), without


def _by_words(named: Iterable[tuple[Any, str]]) -> dict[tuple[str, ...], set[Any]]:
    """Whom the words of a name may mean, whatever their order."""
    found: dict[tuple[str, ...], set[Any]] = {}
    for one, name in named:
        words = re.split(r"[\s,_]+", name.casefold())
        found.setdefault(tuple(sorted(filter(None, words))), set()).add(one)
    return found


def moodle(roster: Roster, found: list[tuple[list[str], Grade]]) -> Roster:
    """Moodle's grading worksheet with the points in its column Grade. RosterError if it is none."""
    grade, most, identifier = (
        roster.column("grade"),
        roster.column("maximum grade"),
        roster.column("identifier"),
    )
    if grade is None or identifier is None:
        raise RosterError(
            "Moodle's grading worksheet has the columns Identifier and Grade; this list has"
            f" {', '.join(roster.header)}. In Moodle: Assignment > Submissions > Download grading worksheet"
        )
    for row, one in found:
        limit = _number(row[most]) if most is not None else None
        if limit is not None and limit < one.best:
            raise RosterError(
                f"Moodle's assignment has a maximum of {limit:g}, the exercise {one.best:g} points:"
                " set the maximum grade in Moodle's settings of the assignment, and download the worksheet"
                " again"
            )
        row[grade] = f"{one.score:g}"
    return roster


def canvas(roster: Roster, found: list[tuple[list[str], Grade]], unit: str) -> Roster:
    """Canvas's gradebook with the points in the column of this unit, which is added if there is none."""
    if roster.column("student") is None or roster.column("id") is None:
        raise RosterError(
            "Canvas's gradebook has the columns Student, ID, SIS User ID, SIS Login ID, Section; this list"
            f" has {', '.join(roster.header)}. In Canvas: Grades > Export"
        )
    own = [k for k, name in enumerate(roster.header) if re.fullmatch(rf"{re.escape(unit)}( \(\d+\))?", name)]
    if not own:
        roster.header.append(unit)
        own = [len(roster.header) - 1]
        for row in roster.rows:
            row.append("")
    fixed = [roster.column(one) for one in ("student", "id", "sis user id", "sis login id", "section")]
    kept = [k for k in fixed if k is not None] + own
    for row, one in found:
        row[own[0]] = f"{one.score:g}"
    for row in roster.rows:
        if row[0].strip().lower() == "points possible" and found:
            row[own[0]] = f"{found[0][1].best:g}"
    wanted = [row for row in roster.rows if row[own[0]]]
    # other assignments stay out: Canvas would take their columns for changes
    return Roster([roster.header[k] for k in kept], [[row[k] for k in kept] for row in wanted])


def plain(roster: Roster, found: list[tuple[list[str], Grade]]) -> Roster:
    """Any list, with the columns points and of at its end."""
    earned = {id(row): one for row, one in found}
    rows = [
        [*row, *((f"{one.score:g}", f"{one.best:g}") if (one := earned.get(id(row))) else ("", ""))]
        for row in roster.rows
    ]
    return Roster([*roster.header, "points", "of"], rows, roster.delimiter)


def write_roster(roster: Roster, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=roster.delimiter)
        writer.writerows([roster.header, *roster.rows])


def moodle_feedback(
    roster: Roster, found: list[tuple[list[str], Grade]], unit: str, pages: Path, path: Path
) -> int:
    """Everyone's pages as a zip that Moodle takes back (Upload multiple feedback files in a zip): how many.

    Moodle knows the receiver by the number in the name, as in its own download.
    """
    identifier, name = roster.column("identifier"), roster.column("full name")
    if identifier is None or name is None:
        raise RosterError("Moodle's grading worksheet has the columns Identifier and Full name")
    written = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for row, one in found:
            number = re.sub(r"\D", "", row[identifier])
            who = student_id(row[name]).replace("_", " ")
            for page in sorted((pages / one.student / unit).glob("*.html")):
                archive.write(page, f"{who}_{number}_assignsubmission_file_{page.name}")
                written += 1
    return written


def _forms(name: str) -> list[str]:
    """What one name of a list may be called in a gradebook: as it is, turned around, as Canvas writes it."""
    if not name:
        return []
    last, comma, first = name.partition(",")
    forms = [name, f"{first.strip()} {last.strip()}" if comma else "", name.partition("@")[0]]
    canvas_own = "".join(letter for letter in name.lower() if unicodedata.category(letter)[0] in "LMN")
    return [student_id(form) for form in dict.fromkeys([*forms, canvas_own]) if form]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
