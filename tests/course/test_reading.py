"""Lectures that can be read: short cells, captions, references by name, nothing used before it is taught."""

import nbformat
import pytest
from classroom import LECTURES, ROOT, UNITS

from nonconv.authoring.percent import read_text
from nonconv.publish.reading import MAX_LINES, imported, not_introduced, stale, too_long, uncaptioned
from nonconv.publish.unit import Unit

EACH_LECTURE = pytest.mark.parametrize("unit", LECTURES, ids=lambda unit: unit.name)


def text_of(unit: Unit) -> nbformat.NotebookNode:
    assert unit.lecture is not None
    return read_text(unit.lecture)


@EACH_LECTURE
def test_cells_are_short(unit: Unit) -> None:
    assert too_long(text_of(unit)) == []


@EACH_LECTURE
def test_every_picture_has_a_caption(unit: Unit) -> None:
    assert uncaptioned(nbformat.read(ROOT / "lectures" / f"{unit.name}.ipynb", 4)) == []


@EACH_LECTURE
def test_sections_are_referred_to_by_name(unit: Unit) -> None:
    assert stale(text_of(unit)) == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_exercises_refer_to_sections_by_name_too(unit: Unit) -> None:
    exercises = [exercise for notebook in unit.notebooks for exercise in notebook.exercises]
    assert [found for exercise in exercises for found in stale(notebook(*exercise.cells))] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_nothing_is_used_before_it_is_taught(unit: Unit) -> None:
    before = [one for one in LECTURES if one.name < unit.name]
    found = [
        problem
        for notebook in unit.notebooks
        for exercise in notebook.exercises
        for problem in not_introduced(unit, notebook, exercise, before)
    ]
    assert found == []


# ------------------------------------------------------------------------------------- each is seen to fail
def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=list(cells))


def test_a_long_cell_is_found_and_a_folded_one_is_not() -> None:
    cell = nbformat.v4.new_code_cell("\n\n".join(["x = 1"] * (MAX_LINES + 1)), id="long")
    assert too_long(notebook(cell)) == ["long: 21 lines of code; at most 20 can be read at once"]
    cell.metadata["jupyter"] = {"source_hidden": True}
    assert too_long(notebook(cell)) == []


def test_a_picture_without_a_caption_is_found() -> None:
    picture = nbformat.v4.new_output("display_data", {"image/png": "", "text/plain": "[picture] a plot"})
    caption = nbformat.v4.new_output("display_data", {"text/html": "", "text/plain": "[caption] a plot"})
    with_it = nbformat.v4.new_code_cell("", id="with", outputs=[picture, caption, picture, caption])
    without = nbformat.v4.new_code_cell("", id="without", outputs=[picture, picture, caption])
    assert uncaptioned(notebook(with_it)) == []
    assert [one.split(":")[0] for one in uncaptioned(notebook(without))] == ["without"]


@pytest.mark.parametrize("text", ["we shall meet softmax in section 9.", "Section 3 says why"])
def test_a_number_of_a_section_is_found(text: str) -> None:
    assert len(stale(notebook(nbformat.v4.new_markdown_cell(text, id="text")))) == 1


@pytest.mark.parametrize("text", ["in section {section:merge}", "(section 3.1)", "section 4 of the paper"])
def test_a_name_and_a_papers_section_are_not(text: str) -> None:
    assert stale(notebook(nbformat.v4.new_markdown_cell(text, id="text"))) == []


def test_a_name_that_no_lecture_has_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    unit = UNITS[0]
    exercise = unit.notebooks[0].exercises[0]
    cell = nbformat.v4.new_code_cell("from nonconv.layers import never_taught", id="given")
    monkeypatch.setitem(exercise.__dict__, "cells", [*exercise.cells, cell])
    (problem,) = not_introduced(unit, unit.notebooks[0], exercise, [])
    assert problem.startswith(f"{exercise.name}, given: never_taught is used")


def test_imports_of_a_solution_are_not_needed_by_the_student() -> None:
    region = "### BEGIN SOLUTION\nfrom nonconv.layers import lstm\n### END SOLUTION"
    source = f"from nonconv.layers import conv2d\n{region}"
    assert imported(source) == ["conv2d"]
