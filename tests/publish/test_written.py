"""What the build writes into a lecture: tables in the place of {table:NAME}."""

from pathlib import Path

import pytest
from classroom import EVERY, LECTURES, ROOT, UNITS

from nonconv.authoring.percent import UnitError
from nonconv.publish.systems import System
from nonconv.publish.tables import CARD, hours
from nonconv.publish.unit import lecture_notebook
from nonconv.publish.written import GLOSSARY, _system, with_tables

(UNIT,) = (unit for unit in UNITS if unit.name == "02-reduction-to-convolution")


def test_only_a_line_of_its_own_is_a_table() -> None:
    assert with_tables("see {table:hours} there", LECTURES, ROOT, "x") == "see {table:hours} there"


def test_an_unknown_table_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnitError, match=r"lecture\.py: there is no \{table:our\}; there is hours, systems"):
        with_tables("a\n\n{table:our}\n", LECTURES, ROOT, "lecture.py")


def test_the_hours_are_those_of_the_cards() -> None:
    rows = with_tables("{table:hours}", EVERY, ROOT, "x").splitlines()
    assert len(rows) == 2 + len(UNITS) + 1
    assert not any(row.startswith("| [0 ·") for row in rows)
    (row,) = (row for row in rows if UNIT.name in row)
    cards = [exercise.cells[0].source for exercise in UNIT.exercises]
    values = [line for card in cards for line in card.splitlines() if "●" in line]
    minutes = sum(int(line.split(" | ")[1]) for line in values)
    assert f"| {hours(minutes)} ({len(values)} exercises) |" in row


def test_a_unit_without_a_lecture_has_hours_for_its_exercises() -> None:
    (alone,) = (unit for unit in UNITS if unit.lecture is None)
    minutes = sum(int(card[2]) for one in alone.exercises if (card := CARD.search(one.cells[0].source)))
    head, row, _ = with_tables("{table:hours}", [alone], ROOT, "x").splitlines()[1:]
    assert head.startswith("|---")
    page = f"../exercises/{alone.name}/{alone.name}.ipynb"
    assert row.endswith(
        f"]({page}) | – | {hours(minutes)} ({len(alone.exercises)} exercises) | {hours(minutes)} |"
    )


def test_the_glossary_has_one_source(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    text = (ROOT / GLOSSARY).read_text(encoding="utf-8")
    (tmp_path / GLOSSARY).write_text(text.replace("| **tap** |", "| **tap of mine** |"), encoding="utf-8")
    assert "| **tap of mine** |" in with_tables("{table:words}", [], tmp_path, "x")
    assert "| **card** |" not in with_tables("{table:words}", [], tmp_path, "x"), "of the next heading"
    (tmp_path / GLOSSARY).write_text("# Glossary\n", encoding="utf-8")
    with pytest.raises(UnitError, match="no table under the heading 'Letters'"):
        with_tables("{table:letters}", [], tmp_path, "x")


def test_a_system_that_names_what_is_not_there_is_refused() -> None:
    there = System("a", "reduction-to-convolution", ("layers.conv2d",), "merge", ("proof/composition",))
    assert "[proof 6](../exercises/02-" in _system(there, UNIT)
    for wrong, message in (("nowhere", "its section 'nowhere'"), ("merge", "its exercise 'exercises/none'")):
        with pytest.raises(UnitError, match=message):
            _system(System("a", there.unit, there.library, wrong, ("exercises/none",)), UNIT)


def test_no_table_is_left_in_a_lecture() -> None:
    for unit in LECTURES:
        assert not any(cell.source.count("{table:") for cell in lecture_notebook(unit).cells)
