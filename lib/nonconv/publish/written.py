"""What the build writes into the text of a lecture: `{table:NAME}` on a line of its own becomes a table.

hours     the units with their hours, from the cards of their exercises
systems   where each system of the decks is taught (nonconv.publish.systems)
letters   the letters of the course, from docs/glossary.md
words     the words of the course, from docs/glossary.md
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nonconv.authoring.percent import UnitError, read_text
from nonconv.publish.systems import SYSTEMS, System
from nonconv.publish.tables import CARD, TIME, TITLE, hours

if TYPE_CHECKING:
    from nonconv.publish.unit import Unit

TABLE = re.compile(r"^\{table:([^{}]*)\}$", re.M)
GLOSSARY = Path("docs") / "glossary.md"


def with_tables(source: str, units: Sequence["Unit"], root: Path, where: object) -> str:
    """The text of a cell with its tables. UnitError for an unknown one; it lists those there are."""

    def table(found: re.Match[str]) -> str:
        if found[1] not in TABLES:
            raise UnitError(f"{where}: there is no {found[0]}; there is {', '.join(TABLES)}")
        return TABLES[found[1]](units, root)

    return TABLE.sub(table, source)


def _hours(units: Sequence["Unit"], root: Path) -> str:
    """A row for each unit with exercises: hours for its lecture, if it has one, and for its exercises."""
    rows, reading, doing = ["| unit | lecture | exercises | both |", "|---|---|---|---|"], 0, 0
    for unit in units:
        if not unit.notebooks:
            continue
        opens = unit.lecture or unit.notebooks[0].head
        first = read_text(opens).cells[0].source
        title, time = TITLE.search(first), TIME.search(first)
        if title is None or (time is None and unit.lecture is not None):
            raise UnitError(f"{opens}: its first cell needs a title, # …, and a lecture's **Time** N minutes")
        read = int(time[1]) if unit.lecture is not None and time is not None else 0
        # a bonus has no card, and counts no time
        cards = [card for one in unit.exercises if (card := CARD.search(one.cells[0].source))]
        minutes = sum(int(card[2]) for card in cards)
        reading, doing = reading + read, doing + minutes
        page = unit.name if unit.lecture is not None else f"../exercises/{unit.name}/{unit.name}"
        rows.append(
            f"| [{title[1]}]({page}.ipynb) | {hours(read) if read else '–'} | {hours(minutes)}"
            f" ({len(cards)} exercises) | {hours(read + minutes)} |"
        )
    return "\n".join([*rows, f"| all | {hours(reading)} | {hours(doing)} | {hours(reading + doing)} |"])


def _systems(units: Sequence["Unit"], root: Path) -> str:
    """A row for each system whose unit has been written."""
    there = {unit.name[3:]: unit for unit in units}
    rows = ["| system | lecture | library | exercises |", "|---|---|---|---|"]
    rows += [_system(one, there[one.unit]) for one in SYSTEMS if one.unit in there and one.section]
    return "\n".join(rows)


def _system(one: System, unit: "Unit") -> str:
    number = int(unit.name[:2])
    if one.section not in unit.sections:
        raise UnitError(f"{unit.lecture}: the table of systems names its section {one.section!r}")
    lecture = f"[{number}, section {unit.sections[one.section]}]({unit.name}.ipynb)"
    library = ", ".join(f"`{name}`" for name in one.library)
    links = []
    for name in one.exercises:
        folder, _, exercise = name.partition("/")
        found = [
            (notebook, each.number)
            for notebook in unit.notebooks
            for each in notebook.exercises
            if (notebook.folder.name, each.name) == (folder, exercise)
        ]
        if not found:
            raise UnitError(f"{unit.folder}: the table of systems names its exercise {name!r}")
        notebook, n = found[0]
        called = f"{number}.{n}" if folder == "exercises" else f"{folder} {n}"
        links.append(f"[{called}](../exercises/{unit.name}/{notebook.name}.ipynb)")
    return f"| {one.name} | {lecture} | {library} | {', '.join(links)} |"


def _section(heading: str) -> Callable[[Sequence["Unit"], Path], str]:
    """The table under a heading of the glossary."""

    def table(units: Sequence["Unit"], root: Path) -> str:
        path = root / GLOSSARY
        text = path.read_text(encoding="utf-8")
        found = re.search(rf"^## {re.escape(heading)}\n(?:.*\n)*?((?:\|.*\n)+)", text, re.M)
        if found is None:
            raise UnitError(f"{path}: no table under the heading {heading!r}")
        return found[1].rstrip("\n")

    return table


TABLES: dict[str, Callable[[Sequence["Unit"], Path], str]] = {
    "hours": _hours,
    "systems": _systems,
    "letters": _section("Letters"),
    "words": _section("Words of the course"),
}
