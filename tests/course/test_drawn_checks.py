"""Hidden checks on inputs of a student's own: as strict, and as fair, as on those that the build wrote."""

import pytest
from classroom import ROOT

from nonconv.checks import Check, failure
from nonconv.checks.remote import payload
from nonconv.grading.engine.student_inputs import seed_of
from nonconv.publish.unit import Unit, code_of, read_text, units

UNITS = units(ROOT)
HIDDEN = [(unit, check) for unit in UNITS for check in unit.declared.values() if check.hidden]
DRAWN = [pytest.param(unit, check, id=check.name) for unit, check in HIDDEN if check.cases_for is not None]


def of_students(n: int, unit: Unit, check: Check, secret: bytes = b"a secret") -> list[Check]:
    return [check.for_seed(seed_of(secret, f"student{k}", unit.name, check.name)) for k in range(n)]


def test_most_hidden_checks_have_inputs_of_each_students_own() -> None:
    assert len(DRAWN) >= 0.8 * len(HIDDEN)  # those that have not say why, or the check is not made at all


@pytest.mark.parametrize(("unit", "check"), DRAWN)
def test_nearly_everyone_is_asked_something_else_and_the_same_again(unit: Unit, check: Check) -> None:
    asked = [payload(one) for one in of_students(20, unit, check)]
    assert asked == [payload(one) for one in of_students(20, unit, check)]
    assert len(set(asked)) >= 15  # a check that asks for three whole numbers has some hundred cases
    others = [payload(one) for one in of_students(20, unit, check, b"another secret")]
    assert sum(one == other for one, other in zip(asked, others, strict=True)) <= 2
    assert payload(check) not in asked


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_solution_is_right_for_every_student(unit: Unit) -> None:
    text = next(path for path in unit.exercises if path.stem == "exercises")
    cells = [cell.id for cell in read_text(text).cells
             if (cell.metadata.get("role") == "answer" and cell.cell_type == "code") or cell.id == "setup"]  # fmt: skip
    solution = code_of(text, *cells)
    seen = 0
    for check in unit.declared.values():
        if check.cases_for is not None:
            for drawn in of_students(20, unit, check):
                assert failure(drawn, solution[check.answer]) is None
                seen += 1
    assert seen


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "check"), DRAWN)
def test_known_mistakes_are_caught_and_alternatives_are_right_for_every_student(
    unit: Unit, check: Check
) -> None:
    drawn = of_students(10, unit, check)
    for attempt in unit.attempts:
        if attempt.answer == check.answer and (check.name in attempt.loses or not attempt.is_wrong):
            wrong = [failure(one, attempt.function) for one in drawn]
            assert all(map(bool, wrong)) if attempt.is_wrong else not any(wrong), attempt.name


def test_a_known_mistake_is_recognised_on_drawn_inputs() -> None:
    (unit,) = (unit for unit in UNITS if "merge-groups-and-signs" in unit.declared)
    (mistake,) = (one for one in unit.attempts if one.name == "the_slides_bias")
    for drawn in of_students(5, unit, unit.declared["merge-groups-and-signs"]):
        assert not any(case.mistakes for case in drawn.cases)  # they are looked for when an answer is wrong
        said = failure(drawn, mistake.function)
        assert said is not None
        assert f"A known mistake: {mistake.says}" in " ".join(said.split())
