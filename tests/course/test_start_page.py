"""The front door of the course: its map, its table of systems, its quiz."""

import importlib

import pytest
from classroom import LECTURES

from nonconv.authoring.percent import read_text
from nonconv.figures.course import STOPS
from nonconv.publish.systems import SYSTEMS, incomplete, pending

NAMES = {unit.name[3:] for unit in LECTURES}
# units that are not written yet: their systems wait. A unit that is there may not stand here.
UNWRITTEN = {"convolution", "sequences", "self-attention"} - NAMES


def test_every_system_of_a_written_unit_has_a_lecture_a_library_and_an_exercise() -> None:
    assert [one.name for one in incomplete(NAMES)] == [], "fill them in, in nonconv/publish/systems.py"


def test_only_systems_of_unwritten_units_wait() -> None:
    assert {one.unit for one in pending(NAMES)} == UNWRITTEN, "a unit of the table has another name"


@pytest.mark.parametrize("name", sorted({name for one in SYSTEMS for name in one.library}))
def test_what_the_table_names_is_in_the_library(name: str) -> None:
    module, _, function = f"nonconv.{name}".rpartition(".")
    assert hasattr(importlib.import_module(module), function)


def test_the_map_has_the_titles_of_the_lectures_and_the_units_before() -> None:
    titles = {
        f"# {unit.name[1]} · ": read_text(unit.lecture).cells[0].source.splitlines()[0]
        for unit in LECTURES
        if unit.lecture is not None
    }
    for stop in STOPS:
        assert titles.get(f"# {stop.number} · ", f"# {stop.number} · {stop.title}") == (
            f"# {stop.number} · {stop.title}"
        )
        assert all(needed < stop.number for needed in stop.needs)
