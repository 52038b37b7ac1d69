"""References by name, such as {exercise:average-kernel} and {section:depth}, become numbers.

{number}                   in an exercise's heading: its number, from its folder
                           in a section's heading: its number, by counting
{exercise:NAME}            an exercise of this notebook
{exercise:NOTEBOOK/NAME}   an exercise of another notebook of the unit
{section:NAME}             the section of this unit's lecture whose heading is the cell NAME
{section:UNIT/NAME}        that of another unit, called by its folder without the number
{unit:UNIT}                the number of a unit
"""

import re
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from nonconv.authoring.percent import UnitError

REFERENCE = re.compile(r"\{(exercise|section|unit):([^{}]*)\}")
NUMBER = "{number}"
SECTION = re.compile(r"^## \{number\} · ")

Numbers = Mapping[str, Mapping[str, int]]  # by kind (exercise, section, unit), then by name


def numbered(cells: Iterable[NotebookNode]) -> dict[str, int]:
    """The sections of a lecture, numbered from 1: those whose heading begins with `## {number} · `."""
    names = [cell.id for cell in cells if cell.cell_type == "markdown" and SECTION.match(cell.source)]
    return {name: number for number, name in enumerate(names, 1)}


def resolve(cell: NotebookNode, numbers: Numbers, own: int | None, where: object) -> None:
    """Write the numbers into a cell.

    UnitError: for an unknown reference; it names the cell and the reference, and lists what there is.
    """

    def written(found: re.Match[str]) -> str:
        kind, name = found.groups()
        if name not in numbers[kind]:
            here = [one for one in numbers[kind] if "/" not in one] or list(numbers[kind])
            known = ", ".join(here) or "none"
            more = " here; of other units write UNIT/NAME" if kind == "section" else ""
            raise UnitError(
                f"{where}: cell {cell.id!r} refers to {found[0]}; of that kind there is {known}{more}"
            )
        return str(numbers[kind][name])

    source = REFERENCE.sub(written, cell.source)
    if cell.cell_type == "markdown" and NUMBER in source:
        if own is None:
            raise UnitError(f"{where}: cell {cell.id!r} has {NUMBER} in it, but nothing numbers it")
        source = source.replace(NUMBER, str(own))
    cell.source = source
