"""Mutation testing: each slip is made, checks that miss one are found, and no mutant runs for ever."""

import json
import math
import select
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from nonconv.publish.mutants import main, record
from nonconv.publish.mutation.judging import Judge, OutOfTime, limited
from nonconv.publish.mutation.making import Mutant, mutants
from nonconv.publish.mutation.results import Result, examined, no_slip_goes_unnoticed, report, summary
from nonconv.publish.tables import COUNTS
from nonconv.publish.unit import Unit, units

HEAD = (
    "# %% title [markdown]\n# # Exercises 1 · Doubling\n\n"
    "# %% setup\nimport torch\n\nfrom nonconv.checks import check, todo\n"
)
TEXT = """# %% longest-card [markdown]
# ## {number} · The longest

# %% longest role="answer"
def longest(x):
    ### BEGIN SOLUTION Return the largest absolute value.
    BODY
    ### END SOLUTION
"""
CHECKS = """
import torch
from nonconv.authoring import Check, whole

CHECKS = [
    Check.of(
        name="longest-values",
        answer="longest",
        points=1,
        reference=lambda x: x.abs().max(),
        inputs=[INPUTS],
    ),
    Check.of(
        name="longest-more",
        answer="longest",
        points=1,
        hidden="more numbers.",
        reference=lambda x: x.abs().max(),
        inputs=lambda seed: [{"x": HIDDEN}],
    ),
]
"""
STRONG = '{"x": torch.tensor([1.1, -3.3, 2.7])}, {"x": torch.tensor([5.3, -3.1])}'
WEAK = '{"x": torch.tensor([1.1, 3.3, 2.7])}'
POSITIVE = "whole(7, seed=seed).abs() / 7"


def made(body: str, scope: dict[str, object] | None = None, arguments: str = "x") -> list[Mutant]:
    """The mutants of a function with this solution."""
    lines = "\n".join("    " + line for line in body.split("\n"))
    source = f"def f({arguments}):\n    ### BEGIN SOLUTION Do it.\n{lines}\n    ### END SOLUTION\n"
    return mutants(source, {"torch": torch, "math": math} if scope is None else scope)


def slips(body: str, arguments: str = "x") -> list[str]:
    return [mutant.slip for mutant in made(body, arguments=arguments)]


@pytest.mark.parametrize(
    ("body", "arguments", "slip"),
    [
        ("return x + y", "x, y", "x + y -> x - y"),
        ("return x - y", "x, y", "x - y -> y - x"),
        ("return x * y", "x, y", "x * y -> x / y"),
        ("return x // y", "x, y", "x // y -> x / y"),
        ("return x % y", "x, y", "x % y -> x // y"),
        ("return x ** 2", "x", "x ** 2 -> x * 2"),
        ("return x @ y", "x, y", "x @ y -> x * y"),
        ("return x + y", "x, y", "x + y -> y"),
        ("return x.sum(1)", "x", "x.sum(1) -> x.sum(2)"),
        ("return x.sum(1)", "x", "x.sum(1) -> x.sum(0)"),
        ("return x[0::2]", "x", "x[0::2] -> x[0::3]"),
        ("return x[0::2]", "x", "x[0::2] -> x[0:]"),
        ("return x > 0.25", "x", "x > 0.25 -> x > 0.5"),
        ("return x.mean(0)", "x", "x.mean(0) -> x.sum(0)"),
        ("return x.mean(0)", "x", "x.mean(0) -> x.amax(0)"),
        ("return x.amax(0)", "x", "x.amax(0) -> x.amin(0)"),
        ("return x.prod()", "x", "x.prod() -> x.sum()"),
        ("return (x > 0).all(0)", "x", "(x > 0).all(0) -> (x > 0).any(0)"),
        ("return max(x, y)", "x, y", "max(x, y) -> min(x, y)"),
        ("return torch.sqrt(x)", "x", "torch.sqrt(x) -> x"),
        ("return torch.exp(x)", "x", "torch.exp(x) -> torch.exp(-x)"),
        ("return -x", "x", "-x -> x"),
        ("return x.abs()", "x", "x.abs() -> x"),
        ("return x.flip(0)", "x", "x.flip(0) -> x"),
        ("return x.T", "x", "x.T -> x"),
        ("return x.detach().sum()", "x", "x.detach() -> x"),
        ("return x.var(0, correction=0)", "x", "x.var(0, correction=0) -> x.var(0)"),
        ("return torch.zeros(3, dtype=torch.float64)", "x", "torch.float64 -> torch.float16"),
        ("return torch.zeros(3, dtype=torch.float64)", "x",
         "torch.zeros(3, dtype=torch.float64) -> torch.zeros(3)"),
        ("return torch.outer(x, y)", "x, y", "torch.outer(x, y) -> torch.outer(y, x)"),
        ("return x, y", "x, y", "(x, y) -> (y, x)"),
        ("a, b = x\nreturn a - b", "x", "(a, b) -> (b, a)"),
        ("return x[1:n]", "x, n", "x[1:n] -> x[:n]"),
        ("return x[1:n]", "x, n", "x[1:n] -> x[1:]"),
        ("return x[1:n]", "x, n", "x[1:n] -> x[1:n + 1]"),
        ("return x[1:n]", "x, n", "x[1:n] -> x"),
        ("return x[:, None]", "x", "x[:, None] -> x[:,]"),
        ("return x[i]", "x, i", "x[i] -> x[i + 1]"),
        ("return x < y", "x, y", "x < y -> x <= y"),
        ("return x == y", "x, y", "x == y -> x != y"),
        ("return x is None", "x", "x is None -> x is not None"),
        ("return x and y", "x, y", "x and y -> x"),
        ("return x and y", "x, y", "x and y -> x or y"),
        ("return x if y else None", "x, y", "x if y else None -> x"),
        ("return x + x * y", "x, y", "x * y -> y * y"),
        ("return [a for a in x if a > 0]", "x", "[a for a in x if a > 0] -> [a for a in x]"),
        ("return [a for a in x]", "x", "[a for a in x] -> [a for a in reversed(list(x))]"),
        ("for a in range(n):\n    x = x + a\nreturn x", "x, n", "range(n) -> range(n - 1)"),
        ("for a in x:\n    y = a\nreturn y", "x", "for a in x: -> runs backwards"),
        ("for a in x:\n    y = a\nreturn y", "x", "for a in x: -> stops after its first round"),
        ("for a in x:\n    y = a\nreturn y", "x", "for a in x: -> leaves out the last round"),
        ("while x > 1:\n    x = x / 2\nreturn x", "x", "while x > 1: -> if in place of while"),
        ("while x > 1:\n    x = x / 2\nreturn x", "x", "while x > 1: -> turned round"),
        ("if x > 1:\n    x = 1\nreturn x", "x", "if x > 1: -> always"),
        ("if x > 1:\n    x = 1\nreturn x", "x", "if x > 1: -> never"),
        ("if x > 1:\n    x = 1\nreturn x", "x", "if x > 1: -> turned round"),
        ("x += y\nreturn x", "x, y", "x += y -> dropped"),
        ("x += y\nreturn x", "x, y", "x += y -> -="),
        ("y = x.abs()\nreturn y + 1", "x", "y = x.abs() -> then return y"),
        ("return x", "x", "return x -> in float16"),
        ("return x, y", "x, y", "return (x, y) -> value 2 in float16"),
        ("return 'a' if x else 'b'", "x", "'a' if x else 'b' -> 'b' if x else 'b'"),
        ("return torch.einsum('ij,jk->ik', x, y)", "x, y",
         "torch.einsum('ij,jk->ik', x, y) -> torch.einsum('ij,jk->ki', x, y)"),
    ],
)  # fmt: skip
def test_each_slip_is_made(body: str, arguments: str, slip: str) -> None:
    assert slip in slips(body, arguments)


def test_what_is_called_is_no_value_to_leave_out() -> None:
    assert "torch.exp(x) -> torch" not in slips("return torch.exp(x)")
    assert "exp(x) -> x(x)" not in slips("return exp(x)", "x, exp")


def test_what_has_no_order_is_not_turned_round() -> None:
    assert not any("reversed" in slip for slip in slips("return sum(a for a in x)"))
    assert not any("reversed" in slip for slip in slips("return {a: 1 for a in x}"))
    assert "for a in x: -> runs backwards" not in slips("y = 0\nfor a in x:\n    y += a\nreturn y")
    assert "for _ in x: -> runs backwards" not in slips("y = 0\nfor _ in x:\n    y = 2 * y\nreturn y")
    assert "for a in x: -> runs backwards" in slips("y = []\nfor a in x:\n    y += [a]\nreturn y")
    assert "x.sum((0, 1)) -> x.sum((1, 0))" not in slips("return x.sum((0, 1))")


def test_only_the_solution_is_changed() -> None:
    source = (
        "import copy\n\n\ndef helper(x):\n    return x + 1\n\n\ndef f(x):\n    n = 3\n"
        "    ### BEGIN SOLUTION Do it.\n    y = x - n\n    ### END SOLUTION\n    return y * 2\n"
    )
    found = mutants(source, {})
    assert {mutant.line for mutant in found} == {1}
    assert {mutant.answer for mutant in found} == {"f"}
    assert all("y = " in mutant.before for mutant in found)


def test_no_two_mutants_are_the_same_code_and_no_two_have_one_name() -> None:
    found = made("y = x + 1\nz = x + 1\nreturn y * z * 1.0")
    assert len({mutant.slip for mutant in found}) == len(found)
    assert slips("return x + 0").count("x + 0 -> x") == 1  # left operand, or dropped: one


def test_a_slip_keeps_its_name_when_other_lines_change() -> None:
    before, after = (
        slips("y = x.abs()\nreturn y + 1"),
        slips("z = x\nif z is None:\n    z = 0\ny = x.abs()\nreturn y + 1"),
    )
    assert set(before) - set(after) == set()


def test_a_constant_is_named_with_what_is_around_it() -> None:
    assert "y + 1 -> y + 2" in slips("y = x - 1\nreturn y + 1")
    assert "y = 1 -> y = 2" in slips("y = 1\nreturn y - 1")


@pytest.fixture
def course(tmp_path: Path) -> Callable[..., Unit]:
    """A course of one unit with one exercise, whose solution and inputs are given."""

    def write(
        body: str, inputs: str = STRONG, hidden: str = "whole(7, seed=seed) / 7", own: str = ""
    ) -> Unit:
        folder = tmp_path / "units" / "01-doubling" / "exercises" / "01-longest"
        folder.mkdir(parents=True, exist_ok=True)
        (folder.parent / "notebook.py").write_text(HEAD)
        (folder / "exercise.py").write_text(TEXT.replace("BODY", body.replace("\n", "\n    ")))
        (folder / "checks.py").write_text(CHECKS.replace("INPUTS", inputs).replace("HIDDEN", hidden))
        if own:
            (folder / "mutants.py").write_text(own)
        (unit,) = units(tmp_path)
        return unit

    return write


def result_of(unit: Unit) -> Result:
    return examined(unit, unit.exercises[0])


def test_good_checks_notice_every_slip(course: Callable[..., Unit]) -> None:
    own = 'EQUAL = {"longest": {"x.abs().max(dim=0) -> x.abs().max(dim=-1)": "x has one axis"}}'
    result = result_of(course("return x.abs().max(dim=0).values", own=own))
    assert result.problems == []
    assert report(result) == []
    assert (result.share, len(result.equal)) == (1.0, 1)  # exact: a count by itself
    assert result.killed == len(result.verdicts) - 1 > 3


def test_a_slip_that_no_check_notices_is_named(course: Callable[..., Unit]) -> None:
    unit = course("return x.abs().max()", WEAK, POSITIVE)
    assert any("longest, line 1: x.abs() -> x" in line for line in report(result_of(unit)))
    assert "    + return x.max()" in report(result_of(unit))
    assert any(
        "no check notices longest, line 1: x.abs() -> x; add a case" in one
        for one in no_slip_goes_unnoticed(unit, unit.exercises[0])
    )
    assert "survive" in summary(result_of(unit))


def test_hidden_inputs_that_only_some_students_get_do_not_notice_it(course: Callable[..., Unit]) -> None:
    """The students with the other inputs would get full marks."""
    unit = course("return x.abs().max()", WEAK, "whole(7, seed=1).abs() * (-1 if seed else 1)")
    lines = report(result_of(unit))
    at = lines.index("longest, line 1: x.abs() -> x")
    assert lines[at + 3] == "    not noticed on the built inputs"


def test_a_mutant_that_never_ends_is_stopped_by_its_own_processor_time(course: Callable[..., Unit]) -> None:
    body = "y, n = x.abs(), 1\nwhile n < len(x):\n    y[0], n = max(y[0], y[n]), n + 1\nreturn y[0]"
    judge = Judge(unit := course(body), unit.exercises[0])
    endless = [one for one in judge.mutants if one.slip in ("n + 1 -> n", "n + 1 -> n - 1")]
    assert len(endless) == 2
    assert not any(judge.verdict(one).survives for one in endless)


def forever() -> None:
    while True:
        pass


def test_time_that_others_take_does_not_count() -> None:
    with limited(0.3):
        select.select([], [], [], 0.4)
    with pytest.raises(OutOfTime), limited(0.05):
        forever()


class Slow:
    """Its finalizer takes longer than the limit: what is raised there, Python drops."""

    def __del__(self) -> None:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass


def finalize_and_go_on() -> None:
    end = time.process_time() + 5
    Slow()
    while time.process_time() < end:
        pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_limit_that_passes_inside_a_finalizer_is_not_forgotten() -> None:
    with pytest.raises(OutOfTime), limited(0.05):
        finalize_and_go_on()


def test_what_a_mutant_prints_or_raises_stops_nothing(course: Callable[..., Unit], capsys) -> None:
    judge = Judge(unit := course("print(x)\nreturn x.abs().max()"), unit.exercises[0])
    noticed = {mutant.slip: judge.verdict(mutant).noticed_by for mutant in judge.mutants}
    assert capsys.readouterr().out == ""
    assert noticed["x.abs().max() -> x.abs()"] == "longest-values"
    assert noticed["return x.abs().max() -> dropped"] == "longest-values"


def test_endless_recursion_is_an_error_like_any_other(course: Callable[..., Unit]) -> None:
    body = "if len(x) == 1:\n    return x[0].abs()\nreturn max(longest(x[1:]), x[0].abs())"
    judge = Judge(unit := course(body), unit.exercises[0])
    (mutant,) = (one for one in judge.mutants if one.slip == "x[1:] -> x")
    assert not judge.verdict(mutant).survives


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (
            'EQUAL = {"longest": {"x.abs() -> x": "no"}}',
            "calls it equal, but longest-values notices it; take it out",
        ),
        ('EQUAL = {"longest": {"x.abs() -> y": "no"}}', "longest has no mutant 'x.abs() -> y'; take it out"),
        ('EQUAL = {"shortest": {}}', "mutants.py speaks of shortest, which this exercise does not ask for"),
        ('RIGHT = {"longest": lambda answer: True}', "it is right by RIGHT, but longest-values refuses it"),
    ],
)
def test_what_mutants_py_says_must_hold(course: Callable[..., Unit], own: str, message: str) -> None:
    problems = result_of(course("return x.abs().max()", own=own)).problems
    assert any(message in problem for problem in problems), problems


def test_another_right_answer_is_none_that_survives(course: Callable[..., Unit]) -> None:
    """As a counterexample is, of which there are many."""
    own = "import torch\n\nRIGHT = {'longest': lambda answer: answer(x=torch.tensor([1.0, -2.0])) == 1}"
    unit = course("return x.abs().max()", WEAK, POSITIVE, own)
    assert "x.abs() -> x" in [verdict.mutant.slip for verdict in result_of(unit).equal]


def test_every_nth_mutant_is_judged_if_the_exercise_says_why(course: Callable[..., Unit]) -> None:
    whole = result_of(course("return x.abs().max()"))
    part = result_of(course("return x.abs().max()", own='EVERY = {"longest": (3, "it takes long")}'))
    slips = [[verdict.mutant.slip for verdict in result.verdicts] for result in (whole, part)]
    assert slips[1] == slips[0][::3]


def test_an_answer_without_inputs_is_what_it_returns(course: Callable[..., Unit]) -> None:
    unit = course("a, b = 2, 3\nreturn max(a, b)")
    folder = unit.exercises[0].folder
    (folder / "exercise.py").write_text(
        (folder / "exercise.py").read_text().replace("longest(x)", "longest()")
    )
    (folder / "checks.py").write_text(
        "from nonconv.authoring import Case, Check\n\n"
        'CHECKS = [Check("longest-value", "longest", 1, (Case({}, 3),))]\n'
    )
    result = result_of(Unit(unit.folder))
    slips = [verdict.mutant.slip for verdict in result.verdicts]
    assert "max(a, b) -> b" not in slips  # returns 3, too
    assert "max(a, b) -> min(a, b)" in slips
    assert result.surviving == []


def test_a_check_that_stops_is_named(course: Callable[..., Unit]) -> None:
    """An answer that is wrong is refused in words; an exception of what judges it is a defect."""
    unit = course("return x.abs().max()", own="")
    judge = Judge(unit, unit.exercises[0])
    mutant = judge.mutants[0]

    def broken(check: object, answer: object) -> str:
        raise KeyError("no such word")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nonconv.publish.mutation.judging.failure", broken)
        verdict = judge.verdict(mutant)
    assert (verdict.noticed_by, verdict.stopped) == ("longest-values", "KeyError: 'no such word'")


def test_a_hidden_check_that_is_free_is_listed(course: Callable[..., Unit]) -> None:
    judge = Judge(unit := course("return x.abs().max()", STRONG, POSITIVE), unit.exercises[0])
    free = {mutant.slip: judge.free(mutant) for mutant in judge.mutants}
    assert free["x.abs() -> x"] == ["longest-more"]
    assert free["x.abs().max() -> x.abs().min()"] == []


def test_a_solution_that_fails_has_no_mutants_to_judge(course: Callable[..., Unit]) -> None:
    with pytest.raises(ValueError, match="the solution of longest does not pass longest-values"):
        result_of(course("return x.max()"))


def test_the_command_names_what_survives_and_writes_the_counts(
    course: Callable[..., Unit], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = course("return x.abs().max()", WEAK, POSITIVE).folder.parents[1]
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.argv", ["mutants"])
    assert main() == 1
    assert "longest, line 1: x.abs() -> x" in capsys.readouterr().out
    (counts,) = json.loads((root / COUNTS).read_text())["01-doubling"].values()
    assert "longest, line 1: x.abs() -> x" in counts["surviving"]
    course("return x.abs().max()")
    monkeypatch.setattr("sys.argv", ["mutants", "01", "longest"])
    assert main() == 0
    assert "0 survive (100 %)" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["mutants", "07"])
    assert main() == 1
    assert "there is no unit '07'" in capsys.readouterr().err


def test_the_counts_of_one_unit_stand_beside_those_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "mutants.json"
    path.write_text('{"99-other": {}, "08-old": {}}')
    record(path, {}, keeps=True)
    assert json.loads(path.read_text()) == {"08-old": {}, "99-other": {}}
    record(path, {})
    assert json.loads(path.read_text()) == {}
