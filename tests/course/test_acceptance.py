"""Every exercise meets every requirement of nonconv.publish.acceptance, in one process.

Grading itself is tested elsewhere.
"""

import pytest
from classroom import UNITS, automatic, graded_cells, is_answer, nbgrader

from nonconv.checks import CheckFailed, failure
from nonconv.grading.engine.student_inputs import seed_of
from nonconv.publish import acceptance
from nonconv.publish.acceptance import ACCEPTANCE, SECRET, Acceptance, problems
from nonconv.publish.mutation.results import no_slip_goes_unnoticed
from nonconv.publish.unit import Exercise, Unit

pytestmark = pytest.mark.slow  # so `make weekly` runs it, too

EXERCISES = [
    pytest.param(
        unit,
        exercise,
        id=f"{unit.name[:2]}-{exercise.folder.parent.name}-{exercise.name}",
        marks=pytest.mark.xdist_group(f"exercises of {unit.name}"),  # so that both workers have some
    )
    for unit in UNITS
    for exercise in unit.exercises
]


QUICK = [one for one in ACCEPTANCE if one.lacking is not no_slip_goes_unnoticed]
SOME = 20  # one of so many slips in a solution is judged at each push, and each of them every week


@pytest.fixture(autouse=True)
def _fewer_students(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.config.getoption("--weekly"):
        monkeypatch.setattr(acceptance, "STUDENTS", 4)


@pytest.mark.parametrize("requirement", QUICK, ids=lambda one: one.lacking.__name__)
@pytest.mark.parametrize(("unit", "exercise"), EXERCISES)
def test_an_exercise_meets(unit: Unit, exercise: Exercise, requirement: Acceptance) -> None:
    assert problems(unit, exercise, requirement) == []


@pytest.mark.parametrize(("unit", "exercise"), EXERCISES)
def test_no_slip_in_a_solution_goes_unnoticed(
    unit: Unit, exercise: Exercise, request: pytest.FixtureRequest
) -> None:
    every = 1 if request.config.getoption("--weekly") else SOME
    assert no_slip_goes_unnoticed(unit, exercise, every) == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_manually_graded_part_stays_below_a_fifth(unit: Unit) -> None:
    manual = sum(nbgrader(cell).points for cell in graded_cells(unit) if is_answer(cell))
    assert manual <= 0.2 * (manual + sum(automatic(unit).values()))


def test_a_failed_check_shows_as_its_own_lines_only() -> None:
    assert CheckFailed("first\nsecond")._render_traceback_() == ["first", "second"]


def test_a_known_mistake_is_recognised_on_a_students_own_inputs() -> None:
    (unit,) = (unit for unit in UNITS if "merge-groups-and-signs" in unit.declared)
    (mistake,) = (one for one in unit.attempts if one.name == "the_slides_bias")
    check = unit.declared["merge-groups-and-signs"]
    for student in ("ada", "grace", "alan"):
        theirs = check.for_seed(seed_of(SECRET, student, unit.name, check.name))
        assert not any(case.mistakes for case in theirs.cases)  # they are looked for when an answer is wrong
        message = failure(theirs, mistake.function)
        assert message is not None
        assert f"A known mistake: {mistake.says}" in " ".join(message.split())
