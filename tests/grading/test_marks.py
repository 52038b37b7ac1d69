"""A class that is graded again: marks given by hand, what changed since, what still waits to be read."""

import shutil
from argparse import Namespace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.grading import tiny
from helpers.grading.tiny import UNIT
from nonconv.grading import commands
from nonconv.grading.marks import waiting
from nonconv.grading.pipeline import grade
from nonconv.grading.report import Grade, table
from nonconv.grading.submissions.collect import collect
from nonconv.publish.course import COURSE, course_api, url

RIGHT, WRONG = tiny.ANSWERS["ada"], tiny.ANSWERS["emmy"]


def notebook(answer: str, essay: str) -> nbformat.NotebookNode:
    made = tiny.notebook(answer)
    marks = tiny.cell("essay", "", points=4, solution=True).metadata
    marks["nbgrader"]["locked"] = False
    made.cells.append(nbformat.v4.new_markdown_cell(essay, id="essay", metadata=marks))
    return made


@pytest.fixture
def course(tmp_path: Path) -> Path:
    solved = notebook(
        "def double(x):\n    ### BEGIN SOLUTION Return twice x.\n    return 2 * x\n    ### END SOLUTION",
        "Why?",
    )
    made = tiny.course_of(UNIT, solved, tmp_path / "course")
    api = course_api(made, made, made / "gradebook.db")
    assert api.generate_assignment(UNIT, force=True, create=True)["success"]
    return made


def graded(course: Path, folder: Path, work: dict[str, tuple[str, str]]) -> dict[str, Grade]:
    """Hand in, collect, grade."""
    shutil.rmtree(folder, ignore_errors=True)
    for student, (answer, essay) in work.items():
        (folder / student).mkdir(parents=True)
        made = notebook(answer, essay)
        made.cells[2].source = "assert double(4) == 8"
        nbformat.write(made, folder / student / f"{UNIT}.ipynb")
    submissions, _ = collect(folder, UNIT, course)
    return {one.student: one for one in grade(UNIT, submissions, course, say=lambda _: None, pages=False)}


def mark(course: Path, student: str, cell: str, points: float) -> None:
    """As Formgrader does."""
    with Gradebook(url(course / "gradebook.db"), COURSE) as book:
        found: Any = book.find_grade(cell, UNIT, UNIT, student)
        found.manual_score, found.needs_manual_grade = points, False
        book.db.commit()


def queue(course: Path) -> list[tuple[str, str, int, bool]]:
    with Gradebook(url(course / "gradebook.db"), COURSE) as book:
        found = waiting(UNIT, book, course / "autograded")
    return [(one.student, one.cell, one.words, one.changed) for one in found]


def test_marks_stay_where_answers_did_and_the_others_are_to_be_read_again(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work = {"ada": (RIGHT, "Since it is so."), "emmy": (WRONG, "I think that x is x."), "kurt": (RIGHT, "")}
    first = graded(course, tmp_path / "inbox", work)
    assert [first[name].unread for name in work] == [["essay"]] * 3
    assert queue(course) == [
        ("kurt", "essay", 0, False),
        ("ada", "essay", 4, False),
        ("emmy", "essay", 6, False),
    ]
    mark(course, "ada", "essay", 3)
    mark(course, "emmy", "essay", 1)
    mark(course, "emmy", "more", 2)  # a check that a person has overruled
    work |= {"emmy": (WRONG, "I was wrong: it is twice x.")}
    again = graded(course, tmp_path / "inbox", work)
    assert again["ada"].score == 3 + 3
    assert (again["ada"].unread, again["ada"].changed) == ([], [])
    assert (again["emmy"].unread, again["emmy"].changed) == ([], ["more", "essay"])
    assert again["emmy"].score == 1 + 2 + 1, "a mark stands until somebody gives another"
    assert "(more, essay: changed since it was marked)" in table(list(again.values()))
    assert [one for one in queue(course) if one[1] == "essay"] == [
        ("kurt", "essay", 0, False),
        ("emmy", "essay", 7, True),
    ]
    mark(course, "emmy", "essay", 4)
    mark(course, "emmy", "more", 2)
    third = graded(course, tmp_path / "inbox", work)
    assert (third["emmy"].changed, third["emmy"].score) == ([], 1 + 2 + 4)

    monkeypatch.chdir(course)
    assert commands.queue(Namespace(unit=UNIT), course) == 0
    said = capsys.readouterr().out
    assert "essay: 1 answer, about 1 minute\n" in said
    assert "kurt: 0 words" in said
