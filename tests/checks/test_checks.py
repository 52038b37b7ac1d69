"""What a check says: shapes, the first difference, the smallest failing input, a known mistake, a forbidden call."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import sympy
import torch

from nonconv.checks import Case, Check, CheckFailed, check, failure, partial_credit, todo
from nonconv.authoring import edited, right, wrong
from nonconv.checks.compare import difference
from nonconv.checks.data import read, write
from nonconv.checks.encoding import decode, encode


def doubled(x: torch.Tensor) -> torch.Tensor:
    return 2 * x


def squared(x: torch.Tensor) -> torch.Tensor:
    return x * x


ONE, FOUR = torch.tensor([3.0]), torch.tensor([1.0, 2.0, 3.0, 5.0])
DOUBLE = Check.of(
    doubled, [{"x": FOUR}, {"x": ONE}], name="double", answer="double", points=2, returns=("y",)
).recognising([("you square it: double it.", squared)])


def test_a_right_answer_passes_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert failure(DOUBLE, lambda x: x + x) is None
    check("double", lambda x: x + x, data=json.dumps(DOUBLE.to_json()))
    assert capsys.readouterr().out == "✓ double: all 2 cases are right. 2 points.\n"


def test_cases_are_run_from_the_smallest() -> None:
    assert [case.size for case in DOUBLE.cases] == [1, 4]
    message = failure(DOUBLE, lambda x: 2 * x + 1)
    assert message is not None
    assert "wrong in 2 of 2 cases" in message
    assert "x = [3]   (shape (1,))" in message


def test_the_first_and_the_largest_difference_are_named() -> None:
    def late(x: torch.Tensor) -> torch.Tensor:
        y = 2 * x
        y[2:] += torch.arange(1, len(y[2:]) + 1)
        return y

    message = failure(DOUBLE, late)
    assert message is not None
    assert "wrong in 1 of 2 cases" in message
    assert "y[2]: expected 6, got 7 (the first of 2 wrong among 4)" in message
    assert "largest difference 2, at y[3]" in message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (squared, "A known mistake: you square it: double it."),
        (lambda x: (2 * x)[None], "y: expected shape (1,), got (1, 1)"),
        (lambda x: None, "got None: is there a `return`?"),
        (lambda x: (2 * x).tolist(), "expected a tensor of shape (1,), got a list of 1 value"),
        (lambda x: 2 * x / 0 * 0, "there is a nan in it"),
        (lambda x: 2 * x.missing, "stopped with AttributeError: 'Tensor' object has no attribute 'missing'"),
        (lambda x, y: 2 * x, "stopped with TypeError"),
        (lambda x: x.mul_(2), "it changes its input x in place"),
        (
            lambda x: torch.complex(2 * x, x),
            "expected real numbers of dtype torch.float32, got torch.complex64",
        ),
        (7, "double must be a function, but it is 7"),
    ],
)
def test_each_kind_of_wrong_answer_is_told_apart(answer, says: str) -> None:
    message = failure(DOUBLE, answer)
    assert message is not None
    assert says in " ".join(message.split())
    assert all(len(line) <= 82 for line in message.splitlines())


def test_a_mistake_is_recognised_only_if_every_output_is_the_mistakes() -> None:
    message = failure(DOUBLE, lambda x: x * x if len(x) == 1 else 2 * x + 1)
    assert message is not None
    assert "known mistake" not in message


def test_of_several_mistakes_the_one_that_explains_most_is_told() -> None:
    def nothing(x: torch.Tensor) -> torch.Tensor:
        return 0 * x

    def nothing_for_one(x: torch.Tensor) -> torch.Tensor:
        return 2 * x if len(x) > 1 else 0 * x

    check = DOUBLE.recognising([("one number becomes 0.", nothing_for_one), ("all becomes 0.", nothing)])
    assert "A known mistake: all becomes 0." in (failure(check, nothing) or "")
    assert "A known mistake: one number becomes 0." in (failure(check, nothing_for_one) or "")


def test_numbers_of_numpy_are_numbers() -> None:
    count = Check.of(lambda obj: len(obj), [{"obj": FOUR}], name="count", answer="count", points=1)
    assert failure(count, lambda obj: np.int64(len(obj))) is None
    assert failure(count, lambda obj: np.float32(len(obj))) is None
    assert "expected 4, got 5" in (failure(count, lambda obj: np.int64(5)) or "")
    assert "expected a number" in (failure(count, lambda obj: np.bool_(True)) or "")


def test_a_dtype_is_shown_where_the_cases_differ_in_it() -> None:
    cases = [{"x": torch.ones((), dtype=dtype)} for dtype in (torch.float16, torch.float64)]
    check = Check.of(lambda x: torch.finfo(x.dtype).bits, cases, name="bits", answer="bits", points=1)
    assert "x = 1   (shape (), float16)" in (failure(check, lambda x: 64) or "")


def test_whole_numbers_are_blamed_only_for_what_rounding_may_have_done() -> None:
    halves = Check.of(lambda x: x / 2, [{"x": FOUR}], name="halves", answer="halves", points=1)
    assert "whole numbers, as from // or int()?" in (failure(halves, lambda x: (x // 2).int()) or "")
    assert "whole numbers" not in (failure(halves, lambda x: -x.int()) or "whole numbers")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: 2 * x if x.repeat(2) > 0 else x, "torch.where(condition, this, that)"),
        (lambda x: 2 * cast("Any", sympy.sin) * x, "call it, as in sigma(x)"),
    ],
)
def test_a_usual_error_comes_with_its_usual_cause(answer, hint: str) -> None:
    assert hint in " ".join((failure(DOUBLE, answer) or "").split())


def test_a_wrong_dtype_is_named_where_it_costs_precision() -> None:
    third = Check.of(lambda x: x / 3, [{"x": torch.ones(1).double()}], name="third", answer="third", points=1)
    assert failure(third, lambda x: (x.float() / 3).double()) is None
    message = failure(third, lambda x: x.half() / 3)
    assert message is not None
    assert "its dtype is torch.float16, but it follows the inputs: torch.float64" in message


KERNEL = torch.ones(1, 1, 1, 1)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: torch.nn.functional.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], "the framework's convolution"),
        (lambda x: torch.conv2d(x[None, None, None], 2 * KERNEL)[0, 0, 0], "the framework's convolution"),
        (lambda x: torch.nn.Conv1d(1, 1, 1)(x[None, None])[0, 0], "the framework's convolution"),
        (lambda x: torch.ops.aten.convolution(x[None, None], KERNEL[0], None, [1], [0], [1], False, [0], 1), "convolution"),
        (lambda x: torch.nn.functional.batch_norm(x[None], x, x), "the framework's"),
        (lambda x: torch.nn.functional.max_pool1d(x[None], 1)[0], "the framework's max_pool"),
        (lambda x: __import__("nonconv.layers").layers.conv2d(x, x), "nonconv.layers"),
        (lambda x: __import__("nonconv.reduction").reduction.merge(x, x, x, x), "nonconv.reduction"),
    ],
)  # fmt: skip
def test_calling_the_answer_instead_of_building_it_is_noticed(answer, says: str) -> None:
    message = failure(DOUBLE, answer)
    assert message is not None
    assert says in " ".join(message.split())
    assert "build it here" in " ".join(message.split())


def test_a_kernel_that_the_check_allows_may_be_called() -> None:
    allowed = Check.of(doubled, [{"x": FOUR}], name="d", answer="d", points=1, may_call=("pool",))
    assert failure(allowed, lambda x: 2 * torch.nn.functional.max_pool1d(x[None], 1)[0]) is None


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: x.sum()[None] * 2, "calls the framework's sum. This exercise is about doing without it"),
        (
            lambda x: torch.outer(x, x) @ x,
            "calls the framework's mv. This exercise is about doing without it",
        ),
        (lambda x: 2 * x.sigmoid(), "calls the framework's sigmoid. That is the answer itself"),
        (lambda x: torch.nn.functional.avg_pool1d(x[None], 1)[0], "That is the answer itself"),
    ],
    ids=("a sum", "a product with a matrix", "a whole answer", "a layer"),
)
def test_a_step_that_an_exercise_bans_is_not_called_the_answer(answer, says: str) -> None:
    banned = Check.of(
        doubled, [{"x": FOUR}], name="d", answer="d", points=1, may_not_call=("sum", "mv", "sigmoid")
    )
    message = " ".join((failure(banned, answer) or "").split())
    assert says in message
    assert ("the answer itself" in message) == ("the answer itself" in says)


@pytest.mark.parametrize(
    ("expected", "kind"),
    [
        (2, "a number"),
        (0.5, "a number"),
        (True, "True or False"),
        ("max", "a word"),
        (torch.ones(2, 3), "a tensor of shape (2, 3)"),
        (sympy.Symbol("C"), "a formula"),
    ],
)
def test_none_where_it_is_right_elsewhere_is_no_forgotten_return(expected: object, kind: str) -> None:
    message = difference(None, expected, 0.0, 0.0, none_is_an_answer=True)
    assert message == f"the right answer is {kind}, but it returned None: too strict somewhere?"
    forgotten = difference(None, expected, 0.0, 0.0)
    assert forgotten is not None
    assert "is there a `return`?" in forgotten
    other = difference(7, None, 0.0, 0.0, none_is_an_answer=True)
    assert other == "the right answer is None, but it returned int 7: too generous somewhere?"
    assert difference(None, None, 0.0, 0.0, none_is_an_answer=True) is None


def test_a_profiler_that_was_running_runs_on() -> None:
    def mine(*_: object) -> None: ...

    sys.setprofile(mine)
    try:
        failure(DOUBLE, squared)
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)


def test_what_honest_code_writes_to_stderr_does_not_get_there(capfd: pytest.CaptureFixture[str]) -> None:
    def talks(x: torch.Tensor) -> torch.Tensor:
        print(
            "harmless", file=sys.stderr
        )  # as a warning does; nbgrader gives 0 points for anything on stderr
        return 2 * x

    check("double", talks, data=json.dumps(DOUBLE.to_json()))
    out, err = capfd.readouterr()
    assert "harmless" in out
    assert err == ""


def test_a_stub_says_what_to_write() -> None:
    with pytest.raises(CheckFailed, match=r"Not written yet\. Return twice x\. Replace the line todo"):
        todo("Return twice x.")


def test_values_survive_json() -> None:
    values = (
        torch.tensor([[1, 2]]),
        torch.tensor(0.5).double(),
        True,
        None,
        "a",
        3,
        (1.5, FOUR),
        torch.zeros(0, 2),
    )
    back = decode(json.loads(json.dumps(encode(values))))
    for before, after in zip(values, back, strict=True):
        if isinstance(before, torch.Tensor):
            assert after.dtype == before.dtype
            assert torch.equal(before, after)
        elif isinstance(before, tuple):
            assert after[0] == 1.5
        else:
            assert after == before


def test_a_check_survives_its_file(tmp_path: Path) -> None:
    write([DOUBLE], tmp_path / "checks.json")
    back = read(tmp_path / "checks.json", "double")
    assert failure(back, doubled) is None
    assert failure(back, squared) == failure(DOUBLE, squared)
    assert "def" not in (tmp_path / "checks.json").read_text()


def test_a_missing_file_and_an_unknown_check_say_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"checks.json is not beside this notebook .* exercises/"):
        read(tmp_path / "checks.json", "double")
    write([DOUBLE], tmp_path / "checks.json")
    with pytest.raises(KeyError, match=r"no check 'triple' in .*; it has double"):
        read(tmp_path / "checks.json", "triple")


def test_a_property_without_a_return_says_so() -> None:
    holds = Check("p", "p", 1, (Case({}),), holds="breaks_the_slides_bias")
    message = failure(holds, lambda: None)
    assert message is not None
    assert "returned None: is there a `return`?" in message


@pytest.mark.parametrize(
    ("share", "points"), [(0, 0.0), (0.5, 2.0), (1, 4.0), (7, 4.0), (-1, 0.0), (True, 4.0)]
)
def test_partial_credit_is_a_plain_float_within_its_points(share: float, points: float) -> None:
    credit = partial_credit(4, share)
    assert type(credit) is float
    assert credit == points


def test_attempts_are_sources_of_their_own() -> None:
    @wrong("double", says="no", loses=["double"])
    def squares_it(x):
        return torch.square(x)

    assert squares_it.source() == "import torch as torch\ndef double(x):\n    return torch.square(x)"
    assert squares_it.is_wrong
    assert not right("double")(doubled).is_wrong
    with pytest.raises(ValueError, match="needs either says or shows, and loses or keeps"):
        wrong("double", loses=["double"])


def test_an_attempt_can_be_an_edit_of_the_solution() -> None:
    solution = "def double(x):\n    # twice\n    return 2 * x\n"
    tripled = edited("double", solution, {}, "triples it", ("2 * x", "3 * x"), shows="no", loses=["double"])
    assert tripled(2) == 6
    assert tripled.source() == "def double(x):\n    return 3 * x"
    with pytest.raises(ValueError, match=r"does not contain '4 [*] x'"):
        edited("double", solution, {}, "quadruples it", ("4 * x", "x"))
