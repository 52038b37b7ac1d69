"""An exercise that changes after it was handed in: said in a few lines, and nothing is lost."""

from argparse import Namespace
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from helpers.grading import tiny
from helpers.grading.tiny import UNIT
from nonconv.grading import commands
from nonconv.grading.release import ReleaseError, register
from nonconv.publish.course import COURSE, course_api, url


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in whose gradebook somebody has handed in."""
    course = tiny.released_course(tmp_path / "course")
    with Gradebook(url(course / "gradebook.db"), COURSE) as book:
        book.update_or_create_student("ada")
        book.update_or_create_submission(UNIT, "ada")
    return course


def with_another_check(course: Path) -> None:
    path = course / "solutions" / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1] = tiny.cell("one", "assert double(1) == 2", points=1)
    nbformat.write(notebook, path)


def test_a_changed_exercise_is_one_message_that_names_its_cells_and_what_to_do(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_another_check(course)
    before = {path.name: path.read_bytes() for path in (course / "exercises" / UNIT).iterdir()}
    assert commands.run(Namespace(command="register", unit=UNIT), course) == 1
    message = capsys.readouterr().err
    assert "its 1 submissions were graded (new: one; gone: zero)" in message
    assert f"nbgrader db assignment remove {UNIT} --force" in message
    assert len(message.splitlines()) < 10
    assert {path.name: path.read_bytes() for path in (course / "exercises" / UNIT).iterdir()} == before


def test_what_it_advises_helps(course: Path) -> None:
    with_another_check(course)
    with Gradebook(url(course / "gradebook.db"), COURSE) as book:
        book.remove_assignment(UNIT)  # what nbgrader's command does
    register(UNIT, course_api(course, course, course / "gradebook.db"), into=course / "exercises" / UNIT)
    released = nbformat.read(course / "exercises" / UNIT / f"{UNIT}.ipynb", as_version=4)
    assert [cell.id for cell in released.cells] == ["answer", "one", "more"]


def test_another_reason_is_said_in_a_line(course: Path) -> None:
    path = course / "solutions" / UNIT / f"{UNIT}.ipynb"
    path.write_text("{}")
    with pytest.raises(ReleaseError, match=f"^nbgrader could not release {UNIT}: .+") as caught:
        register(UNIT, course_api(course, course, course / "gradebook.db"))
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_whose_name_nbgrader_takes_for_a_pattern_is_named_as_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("Kurs [2026]", "Kurs 2026"):
        course = tiny.released_course(tmp_path / name)
        assert commands.run(Namespace(command="register", unit=UNIT), course) == 0
        said = capsys.readouterr().out
        assert (f"find nothing in {course}" in said) == ("[" in name)
