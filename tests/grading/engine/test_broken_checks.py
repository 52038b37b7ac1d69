"""A check, a reference or a judge that fails costs its own cell, says so, and the instructor reads of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import Pupil, automatic, hand_in, solved

from helpers.grading import isolation
from helpers.grading.one_exercise import HIDDEN, UNIT, VISIBLE, short, short_course
from nonconv.checks import Check, diagnosis
from nonconv.grading.engine.verdicts import JudgedAnswer
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect


def breaks(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function, but of the check with this name it raises an error."""

    def broken(check: Any, *arguments: Any) -> Any:
        if check.name == name:
            raise OverflowError("int too large to convert to float")
        return function(check, *arguments)

    return broken


@isolation.needed()
@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "function", "name"),
    [(diagnosis, "problem_with", VISIBLE), (JudgedAnswer, "verdict", VISIBLE), (Check, "for_seed", HIDDEN)],
    ids=("a comparison", "the judge", "a reference on a student's inputs"),
)
def test_an_error_costs_one_cell_and_the_instructor_is_told(
    owner: Any, function: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, function, breaks(getattr(owner, function), name))
    course = short_course(tmp_path / "course")
    ada = Pupil("ada", {UNIT.name: nbformat.writes(short(solved(UNIT, UNIT.name))).encode()})
    submissions, _ = collect(hand_in([ada], tmp_path / "inbox"), UNIT.name, course)
    (found,) = grade(UNIT.name, submissions, course, say=lambda _: None)
    everything = {one: automatic(UNIT)[one] for one in (VISIBLE, HIDDEN)}
    assert found.points == {**everything, name: 0}
    assert f"the check {name!r} itself failed, no fault of the student" in " ".join(found.troubles)
    assert "OverflowError" in " ".join(found.troubles)
    page = (course / "feedback" / "ada" / UNIT.name / f"{UNIT.name}.html").read_text()
    assert "a fault of the course, not of your answer" in " ".join(page.split())
