"""nbgrader's exchange, end to end, with two system users: fetch, submit, collect, our autograde, feedback.

The commands are nbgrader's own, each as the person who types it.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from helpers.grading import tiny
from helpers.grading.people import Person, exchange_in, new_user, open_folder
from helpers.grading.tiny import ANSWERS, UNIT
from nonconv.publish.course import COURSE

__all__ = ["new_user", "open_folder"]
pytestmark = pytest.mark.weekly


def test_two_users_fetch_submit_are_graded_and_each_fetches_own_feedback(
    open_folder: Path, new_user: Callable[[str], Person]
) -> None:
    exchange = exchange_in(open_folder)
    course = tiny.released_course(open_folder / "course")
    course.chmod(0o700)
    place = f"\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = {COURSE!r}\n"
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(place)
    instructor = Person(course, sys.executable)
    number = os.getpid()
    students = {f"ncv{number}a": ANSWERS["ada"], f"ncv{number}b": ANSWERS["emmy"]}
    people = [new_user(name) for name in students]

    instructor.nbgrader("release_assignment", UNIT)
    for person in people:
        (person.folder / "nbgrader_config.py").write_text(f"c = get_config(){place}")
        person.nbgrader("fetch_assignment", UNIT)
        path = person.folder / UNIT / f"{UNIT}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        assert "return 2 * x" not in path.read_text()  # the solution stays at home
        notebook.cells[0].source = students[str(person.name)]
        nbformat.write(notebook, path)  # in place: it stays the student's file
        person.nbgrader("submit", UNIT)
    instructor.nbgrader("collect", UNIT)
    printed = instructor.succeeds("-m", "nonconv.grading", "autograde", UNIT, "--jobs", "1")
    for name, points in zip(students, ("3", "1"), strict=True):
        assert f"{name}: {points} of 3" in printed
    instructor.nbgrader("release_feedback", UNIT)
    for person, words in zip(people, ("3.0 / 3.0", "1.0 / 3.0"), strict=True):
        person.nbgrader("fetch_feedback", UNIT)
        (page,) = (person.folder / UNIT / "feedback").rglob("*.html")
        assert words in page.read_text()
        assert page.owner() == person.name
    nosy = people[1].types("-c", f"import os; print(os.listdir({str(exchange / COURSE / 'feedback')!r}))")
    assert "PermissionError" in nosy.stderr  # a page's name is a secret, and nobody can list them
