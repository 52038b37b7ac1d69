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


def emptied(work: Any, names: list[str]) -> str:
    """The answers as one text; their cells are as they were handed out again."""
    there, out = official(work), official(released(UNIT, NAME))
    text = "\n\n".join(there[name].source for name in names)
    for name in names:
        there[name].source = out[name].source
    return text


def undone(notebook: Any) -> list[str]:
    """The answers of which a stub is what their check would see."""
    lines: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and not official(released(UNIT, NAME)).get(cell.id, cell).metadata.get(
            "nbgrader", {}
        ).get("locked"):
            lines += cell.source.split("\n")
    # the last word on each function: the line that begins it, and whether a todo stands in it
    last: dict[str, bool] = {}
    name = ""
    for line in lines:
        if line.startswith("def "):
            name = line
            last[name.split("(")[0]] = False
        elif name and "todo(" in line:
            last[name.split("(")[0]] = True
    return [name for name, is_stub in last.items() if is_stub]


@pytest.mark.parametrize("marks", ["kept", "lost"])
@pytest.mark.parametrize("place", ["top", "setup", "check", "end"])
def test_a_stub_that_was_left_does_not_undo_the_answer_in_another_cell(
    work: Any, place: str, marks: str
) -> None:
    code = emptied(work, ANSWERS)
    cells = {cell.id: cell for cell in work.cells}
    if place in ("setup", "check"):
        cells["setup" if place == "setup" else "sigmoid-values"].source += f"\n\n{code}"
    else:
        work.cells.insert(3 if place == "top" else len(work.cells), nbformat.v4.new_code_cell(code, id="new"))
    if marks == "lost":
        lost_marks(work)
    notebook, troubles = brought_back(work)
    assert undone(notebook) == []
    assert any("another cell" in line or "not for it" in line for line in troubles)
    if place == "setup":  # the cells above the first answer need what stands there
        assert notebook.cells[2].source.startswith("import math")


def test_an_answer_in_a_cell_of_ours_is_taken_before_that_cell_is_restored(work: Any) -> None:
    """nbgrader overwrites the cells of the checks with its own."""
    code = emptied(work, ["nan"])
    official(work)["nan-gradient"].source += f"\n{code}"
    notebook, (trouble,) = brought_back(work)
    assert official(notebook)["nan"].source == code
    assert "not for it: 'nan'" in trouble


def test_a_function_that_was_renamed_is_taken_and_said(work: Any) -> None:
    answer = official(work)["nan"]
    answer.source = answer.source.replace("def nan_gradient(", "def my_nan(")
    notebook, (trouble,) = brought_back(work)
    assert "\nnan_gradient = my_nan" in official(notebook)["nan"].source
    assert "has another name there, which was taken: 'nan'" in trouble


def test_a_value_in_place_of_a_function_is_an_answer_though_its_marks_are_lost(work: Any) -> None:
    official(work)["nan"].source = "nan_gradient = lambda: -1000.0"
    lost_marks(work)
    assert undone(brought_back(work)[0]) == []


def code_cell(words: str) -> Any:
    return nbformat.v4.new_code_cell(words, id="new")


TEXTS = {
    "comment": code_cell(f"# {WORDS}"),
    "string": code_cell(f'"""{WORDS}"""'),
    "no Python": code_cell(WORDS),
    "Chinese": nbformat.v4.new_markdown_cell("因为两层之间有一个激活函数所以它不是线性的", id="new"),
    "two words": nbformat.v4.new_markdown_cell("Not linear.", id="new"),
    "picture": nbformat.v4.new_markdown_cell(
        "![](attachment:a.png)", id="new", attachments={"a.png": {"image/png": "aa"}}
    ),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_whatever_stands_beside_an_empty_essay_is_put_before_the_reader(work: Any, kind: str) -> None:
    cell = copy.deepcopy(TEXTS[kind])
    essay = official(work)[ESSAY]
    essay.source = official(released(UNIT, NAME))[ESSAY].source
    work.cells.insert(work.cells.index(essay) + 1, cell)
    notebook, (trouble,) = brought_back(work)
    words = cell.source.strip('# "')
    assert words in official(notebook)[ESSAY].source
    assert official(notebook)[ESSAY].get("attachments", {}) == cell.get("attachments", {})
    assert "to be read" in trouble


@pytest.mark.parametrize("place", ["above", "below"])
def test_an_essay_written_into_our_own_text_is_put_before_the_reader(work: Any, place: str) -> None:
    essay = official(work)[ESSAY]
    essay.source = official(released(UNIT, NAME))[ESSAY].source
    beside = work.cells[work.cells.index(essay) + (1 if place == "below" else -1)]
    beside.source = f"{beside.source}\n\n{WORDS}" if place == "above" else f"{WORDS}\n\n{beside.source}"
    notebook, _ = brought_back(work)
    assert WORDS in official(notebook)[ESSAY].source


def test_an_essay_without_marks_is_found_beside_its_own_question_only(work: Any) -> None:
    """Two essays of one notebook, as Colab saves it: each keeps its own words."""
    essays = [
        name
        for name, cell in official(work).items()
        if cell.cell_type == "markdown" and cell.metadata.nbgrader.solution
    ]
    for name in essays:
        official(work)[name].source = f"Words on {name}, and more of them."
    lost_marks(work)
    notebook, _ = brought_back(work)
    for name in essays:
        other = next(one for one in essays if one != name)
        assert f"Words on {name}," in official(notebook)[name].source
        assert f"Words on {other}," not in official(notebook)[name].source
