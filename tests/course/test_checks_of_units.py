"""Gate 4 in one warm process: every known mistake loses what it should and is told why; alternatives lose nothing."""

import ast

import pytest
from classroom import ROOT, automatic, graded_cells, is_answer, nbgrader

from nonconv.authoring.attempts import Attempt
from nonconv.checks import CheckFailed, failure, todo
from nonconv.checks.proving import prove
from nonconv.publish.unit import Unit, units

UNITS = units(ROOT)
ATTEMPTS = [pytest.param(unit, attempt, id=f"{attempt.answer}-{attempt.name}")
            for unit in UNITS for attempt in unit.attempts]  # fmt: skip


@pytest.mark.parametrize(("unit", "attempt"), ATTEMPTS)
def test_an_attempt_loses_just_what_it_should_and_is_told_why(unit: Unit, attempt: Attempt) -> None:
    own = [check for check in unit.checks.values() if check.answer == attempt.answer]
    said = {check.name: failure(check, attempt.function) for check in own}
    assert {name for name, message in said.items() if message} == {*attempt.loses, *attempt.keeps}
    shares = {c.name: prove(c, attempt.function, c.reference).share for c in own if c.proves}
    for name, share in shares.items():
        assert share == pytest.approx(0 if name in attempt.loses else attempt.keeps.get(name, 1), abs=1e-3), (
            name
        )
    joined = [" ".join(message.split()) for message in said.values() if message]
    wanted = " ".join((attempt.says or attempt.shows).split())
    assert not attempt.is_wrong or any(wanted in message for message in joined), joined


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_answer_has_six_mistakes_and_two_alternatives(unit: Unit) -> None:
    for answer in {check.answer for check in unit.checks.values()}:
        own = [attempt for attempt in unit.attempts if attempt.answer == answer]
        assert sum(attempt.is_wrong for attempt in own) >= 6, answer
        assert sum(not attempt.is_wrong for attempt in own) >= 2, answer


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_no_two_mistakes_differ_only_in_constants(unit: Unit) -> None:
    class Blind(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            return ast.copy_location(ast.Constant(type(node.value).__name__), node)

    seen: dict[tuple[str, str], str] = {}
    for attempt in unit.attempts:
        if attempt.is_wrong:
            shape = ast.dump(Blind().visit(ast.parse(attempt.source())))
            told = (
                attempt.says or attempt.shows
            )  # an order of letters is a constant: then what is said must differ
            assert (shape, told) not in seen, (
                f"{attempt.name} and {seen.get((shape, told))} differ only in constants"
            )
            seen[shape, told] = attempt.name


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_graded_cell_is_lost_by_some_mistake(unit: Unit) -> None:
    lost = {name for attempt in unit.attempts for name in (*attempt.loses, *attempt.keeps)}
    assert lost == set(unit.checks)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_check_fails_for_none_and_for_the_stub(unit: Unit) -> None:
    def stub(*_: object, **__: object) -> None:
        todo("Return the answer.")

    for check in unit.checks.values():
        none = failure(check, lambda **_: None)
        assert none is not None, check.name
        assert "return" in none, none
        untouched = failure(check, stub)
        assert untouched is not None, check.name
        assert untouched.startswith("Not written yet. Return the answer."), untouched


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_manually_graded_part_stays_below_a_fifth(unit: Unit) -> None:
    manual = sum(nbgrader(cell).points for cell in graded_cells(unit) if is_answer(cell))
    assert manual <= 0.2 * (manual + sum(automatic(unit).values()))


def test_a_failed_check_shows_as_its_own_lines_only() -> None:
    assert CheckFailed("first\nsecond")._render_traceback_() == ["first", "second"]
