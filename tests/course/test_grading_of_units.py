"""A class of each unit through real nbgrader: handed in, autograded, told, read from gradebook.db."""

import html
import json
import re
from pathlib import Path

import nbformat
import pytest
from classroom import (
    UNITS,
    Pupil,
    automatic,
    broken_class,
    course_folder,
    graded_cells,
    hand_in,
    sample_class,
    small_class,
)

from nonconv.grading.class_view import class_view, write_class
from nonconv.grading.feedback import write_feedback
from nonconv.grading.pipeline import grade
from nonconv.grading.report import Grade, table
from nonconv.grading.submissions.collect import collect
from nonconv.publish.unit import Unit

pytestmark = pytest.mark.slow


# One unit has the larger class, in which also files are broken: what is broken has nothing to do with a unit.
LARGE = UNITS[2]
CLASSES = [
    pytest.param(unit, id=unit.name, marks=pytest.mark.xdist_group(f"class of {unit.name}")) for unit in UNITS
]


@pytest.fixture(scope="module", params=CLASSES)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """(unit, pupils, grades, course folder), graded once.

    A page takes as long as grading does, and one looks like another: one of each kind is written, or all with
    --weekly.
    """
    unit: Unit = request.param
    folder = tmp_path_factory.mktemp("class")
    course = course_folder(unit, folder / "course")
    weekly = bool(request.config.getoption("--weekly"))
    large = weekly or unit is LARGE
    pupils = [*sample_class(unit, weekly), *broken_class(unit)] if large else small_class(unit)
    submissions, _ = collect(hand_in(pupils, folder / "inbox"), unit.name, course)
    grades = grade(unit.name, submissions, course, pages=False)
    names = [pupil.name for pupil in pupils if weekly or gets_pages(pupil)]
    assert not any(problem for _, problem in write_feedback(unit.name, names, course, 0, print))
    return unit, pupils, {one.student: one for one in grades}, course


def gets_pages(pupil: Pupil) -> bool:
    return pupil.name in ("perfect", "untouched", "mistake-01", "deleted-answer", "not-json")


Graded = tuple[Unit, list[Pupil], dict[str, Grade], Path]


def test_each_pupil_earns_just_what_is_right(graded: Graded) -> None:
    unit, pupils, grades, _ = graded
    most = automatic(unit)
    wrong = {}
    for pupil in pupils:
        earned = {name: grades[pupil.name].points[name] for name in most}
        expected = {
            name: pytest.approx(pupil.earns.get(name, 1) * points, abs=1e-2) for name, points in most.items()
        }
        if earned != expected:
            wrong[pupil.name] = {
                name: (earned[name], expected[name]) for name in most if earned[name] != expected[name]
            }
    assert not wrong, "earned, expected"


@pytest.mark.parametrize("name", ["untouched", "returns-none", "calls-the-framework", "prints-points"])
def test_no_automatically_graded_cell_gives_points_for(name: str, graded: Graded) -> None:
    unit, _, grades, _ = graded
    if name not in grades:
        pytest.skip("nobody of the small class does so")
    assert {cell: grades[name].points[cell] for cell in automatic(unit)} == dict.fromkeys(automatic(unit), 0)


def test_each_mistake_is_told_to_the_pupil_who_made_it(graded: Graded) -> None:
    unit, pupils, _, course = graded
    for pupil in pupils:
        folder = course / "autograded" / pupil.name / unit.name
        notebooks = [nbformat.read(folder / f"{name}.ipynb", 4) for name in pupil.notebooks]
        outputs = [
            output for notebook in notebooks for cell in notebook.cells for output in cell.get("outputs", [])
        ]
        said = [
            " ".join((" ".join(output.get("traceback", ())) + output.get("text", "")).split())
            for output in outputs
        ]
        for sentence in pupil.diagnoses:
            assert any(" ".join(sentence.split()) in message for message in said), (
                pupil.name,
                sentence,
                said,
            )


def test_each_broken_submission_has_its_reason_in_the_table(graded: Graded) -> None:
    _, pupils, grades, _ = graded
    printed = table(list(grades.values()))
    for pupil in pupils:
        assert bool(grades[pupil.name].troubles) == pupil.troubled, (pupil.name, grades[pupil.name].troubles)
        assert (f"\n{pupil.name}: " in printed) == pupil.troubled, pupil.name


def test_the_page_of_the_class_counts_each_known_mistake_with_who_made_it(
    graded: Graded, tmp_path: Path
) -> None:
    unit, pupils, grades, course = graded
    view = class_view(unit.name, course, list(grades.values()))
    told = {one.what: one.students for one in view.known}
    named = {" ".join(one.says.split()) for one in unit.attempts if one.says}
    for pupil in pupils:
        for sentence in {" ".join(one.split()) for one in pupil.diagnoses} & named & set(told):
            assert pupil.name in told[sentence], sentence
    assert len(told) >= 3
    assert sum(count for _, count in view.bins) == len(grades)
    assert sum(len(one.cells) for one in view.exercises) == len(graded_cells(unit))
    write_class(view, tmp_path)
    page = (tmp_path / "class.html").read_text(encoding="utf-8")
    assert all(what in html.unescape(page) for what in told)


def test_everyone_gets_a_page_of_feedback_for_each_notebook(graded: Graded) -> None:
    unit, pupils, _, course = graded
    for pupil in pupils:
        if not gets_pages(pupil) and not (course / "feedback" / pupil.name).exists():
            continue  # not with --weekly
        for name in pupil.notebooks:
            page = (course / "feedback" / pupil.name / unit.name / f"{name}.html").read_text()
            assert "Traceback (most recent" not in page or pupil.name == "deleted-answer", pupil.name


def test_the_feedback_of_the_untouched_one_says_what_to_do(graded: Graded) -> None:
    unit, pupils, _, course = graded
    untouched = next(pupil for pupil in pupils if pupil.name == "untouched")
    folder = course / "feedback" / "untouched" / unit.name
    pages = [(folder / f"{name}.html").read_text() for name in untouched.notebooks]
    assert sum(page.count("Not written yet.") for page in pages) >= len(automatic(unit))


def test_a_file_that_could_not_be_read_is_kept(graded: Graded) -> None:
    unit, pupils, _, course = graded
    if not any(pupil.name == "not-json" for pupil in pupils):
        pytest.skip("nobody of the small class has a broken file")
    content = next(pupil.notebooks[unit.name] for pupil in pupils if pupil.name == "not-json")
    kept = course / "submitted" / "not-json" / unit.name / f"{unit.name}.ipynb.broken"
    assert kept.read_bytes() == content
    page = (course / "feedback" / "not-json" / unit.name / f"{unit.name}.html").read_text()
    assert re.search("This is not your notebook.*not JSON", page, re.S)


def test_no_two_marks_of_the_judge_are_the_students_own(graded: Graded) -> None:
    unit, _, _, course = graded
    judged = {name for name, check in unit.checks.items() if check.proves}
    for name in ("perfect", "mistake-01"):
        for path in (course / "autograded" / name / unit.name).glob("*.ipynb"):
            for cell in nbformat.read(path, 4).cells:
                if cell.id in judged:
                    printed = json.dumps(cell.outputs)
                    assert "The judge" in printed
                    assert "vnd.nonconv.proof" not in printed
