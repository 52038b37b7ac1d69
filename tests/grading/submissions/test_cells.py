"""A notebook's cells come back to what was handed out: types, marks, places, copies, essays."""

import copy
import json
from typing import Any

import nbformat
import pytest
from classroom import UNITS, released, solved

from nonconv.grading.submissions.repair import repaired

(UNIT,) = (unit for unit in UNITS if unit.name.startswith("03"))
NAME = UNIT.name
FILE = f"{NAME}.ipynb"
WORDS = "My own words: medians 14 and 8 steps; with ten layers it is less."


def official(notebook: Any) -> dict[str, Any]:
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


ESSAY = next(
    name
    for name, cell in official(released(UNIT, NAME)).items()
    if cell.cell_type == "markdown" and cell.metadata.nbgrader.solution
)
ANSWERS = [
    name
    for name, cell in official(released(UNIT, NAME)).items()
    if cell.cell_type == "code" and cell.metadata.nbgrader.solution
]


@pytest.fixture
def work() -> Any:
    """The solved notebook, its essay written."""
    notebook = solved(UNIT, NAME)
    official(notebook)[ESSAY].source = WORDS
    return notebook


def brought_back(notebook: Any) -> tuple[Any, list[str]]:
    troubles: list[str] = []
    content = json.dumps(notebook).encode()
    found, why = repaired(content, released(UNIT, NAME), FILE, troubles)
    assert why == ""
    assert found is not None
    return found, troubles


def is_whole(notebook: Any) -> None:
    """The answers and the essay stand where they were handed out, with their marks."""
    there, out = official(notebook), official(released(UNIT, NAME))
    assert list(there) == list(out)
    assert [cell.metadata for cell in there.values()] == [cell.metadata for cell in out.values()]
    assert [cell.cell_type for cell in there.values()] == [cell.cell_type for cell in out.values()]
    solutions = official(solved(UNIT, NAME))
    assert all(there[name].source == solutions[name].source for name in ANSWERS)
    assert WORDS in there[ESSAY].source


def test_keys_of_other_programs_are_cleaned_away(work: Any) -> None:
    for cell in work.cells:
        cell.update(outputExpanded=True, language="python", attachments={"a": 5}, outputs=[], executionInfo=7)
    work.update(language_info="?", orig_nbformat=4)
    is_whole(brought_back(work)[0])


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_whose_type_was_changed_is_code_again(work: Any, kind: str) -> None:
    official(work)[ANSWERS[0]].cell_type = kind
    notebook, (trouble,) = brought_back(work)
    is_whole(notebook)
    assert "put back to the type" in trouble


@pytest.mark.parametrize("kind", ["code", "raw"])
def test_an_essay_whose_type_was_changed_is_to_be_read(work: Any, kind: str) -> None:
    official(work)[ESSAY].cell_type = kind
    is_whole(brought_back(work)[0])


def test_two_answers_in_one_cell_are_not_undone_by_the_stub(work: Any) -> None:
    there = official(work)
    first, second = there[ANSWERS[0]], there[ANSWERS[1]]
    first.source += f"\n\n{second.source}"
    work.cells.remove(second)
    notebook, (trouble,) = brought_back(work)
    back = official(notebook)
    assert "todo(" not in back[ANSWERS[1]].source
    assert back[ANSWERS[0]].source == first.source
    assert "stands in another cell" in trouble


@pytest.mark.parametrize("stub_first", [True, False])
def test_of_a_notebook_that_stands_twice_in_itself_the_answered_copy_counts(
    work: Any, stub_first: bool
) -> None:
    empty = released(UNIT, NAME)
    work.cells = [*empty.cells, *work.cells] if stub_first else [*work.cells, *empty.cells]
    notebook, (trouble,) = brought_back(work)
    is_whole(notebook)
    assert "the answered copy counts" in trouble


def test_cells_in_another_order_come_back_to_theirs(work: Any) -> None:
    work.cells.reverse()
    is_whole(brought_back(work)[0])


def lost_marks(work: Any) -> None:
    for number, cell in enumerate(work.cells):
        cell.metadata, cell.id = nbformat.from_dict({}), f"Xy{number}kQ"


def in_a_new_cell(work: Any) -> None:
    essay = official(work)[ESSAY]
    at = work.cells.index(essay)
    work.cells.insert(at + 1, nbformat.v4.new_markdown_cell(WORDS, id="new"))
    essay.source = official(released(UNIT, NAME))[ESSAY].source


def in_a_copy(work: Any) -> None:
    essay = official(work)[ESSAY]
    twin = copy.deepcopy(essay)
    twin.id = "twin"
    essay.source = official(released(UNIT, NAME))[ESSAY].source
    work.cells.append(twin)


def far_away(work: Any) -> None:
    work.cells.remove(official(work)[ESSAY])
    work.cells.insert(1, nbformat.v4.new_markdown_cell(WORDS, id="new"))


@pytest.mark.parametrize("lose", [lost_marks, in_a_new_cell, in_a_copy, far_away])
def test_an_essay_that_has_lost_its_cell_is_put_before_the_reader(work: Any, lose: Any) -> None:
    lose(work)
    notebook, troubles = brought_back(work)
    assert WORDS in official(notebook)[ESSAY].source
    assert troubles


def test_an_essay_that_nobody_wrote_stays_empty() -> None:
    notebook, troubles = brought_back(released(UNIT, NAME))
    assert troubles == []
    assert official(notebook)[ESSAY].source == official(released(UNIT, NAME))[ESSAY].source
