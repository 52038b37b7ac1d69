"""What a check says: the first difference, the smallest failing input, a known mistake, an error's cause."""

import json
from typing import Any, cast

import pytest
import sympy
import torch

from helpers.checks.doubling import DOUBLE, squared
from nonconv.checks import Case, Check, failure


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
        (lambda x: 2 * x if len(x) > 1 else None, "got None: here it ends without reaching a `return`."),
        (lambda x: (2 * number for number in x), "got a generator, as `yield` makes one"),
        (lambda x: lambda: 2 * x, "got a function; call it"),
        (lambda x: [2 * number for number in x], "torch.stack(…) makes one tensor of several"),
        (lambda x: (2 * x).tolist(), "expected a tensor of shape (1,), got a list of 1 value"),
        (lambda x: 2 * x / 0 * 0, "there is a nan in it"),
        (lambda x: 2 * x.missing, "stopped with AttributeError: 'Tensor' object has no attribute 'missing'"),
        (
            lambda x, y: 2 * x,
            "the parameters of its cell, double(x), but yours is double(x, y)",
        ),
        (lambda y: 2 * y, "but yours is double(y). Keep their names"),
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


def test_a_mistake_is_not_named_where_the_answer_is_wrong_and_it_is_right() -> None:
    def wrong_for_many(x: torch.Tensor) -> torch.Tensor:
        return 2 * x if len(x) == 1 else 0 * x

    check = DOUBLE.recognising([("many become 0.", wrong_for_many)])
    assert "A known mistake: many become 0." in (failure(check, wrong_for_many) or "")
    assert "known mistake" not in (failure(check, lambda x: 0 * x) or "")


def test_a_mistake_that_has_the_property_here_explains_nothing_that_is_wrong_here() -> None:
    def wrong_at_zero(x: torch.Tensor) -> torch.Tensor:
        slope = torch.sigmoid(x) * torch.sigmoid(-x)
        return torch.where(x == 0, 0, slope)

    cases = tuple(Case({"x": torch.tensor([number])}) for number in (0.0, 30.0))
    check = Check("s", "s", 1, cases, holds="keeps_its_digits_as_slope")
    check = check.recognising([("it is ¼ at 0.", wrong_at_zero)])
    assert [len(case.mistakes) for case in check.cases] == [1, 0]

    def wrong_everywhere(x: torch.Tensor) -> torch.Tensor:
        return 0 * x  # which is near the slope at 30

    assert "known mistake" not in (failure(check, wrong_everywhere) or "")


def test_a_mistake_that_stops_with_an_error_explains_only_what_stops_there() -> None:
    def needs_two(x: torch.Tensor) -> torch.Tensor:
        return 0 * x + 0 * x[1]

    check = DOUBLE.recognising([("you need two.", needs_two)])
    assert "A known mistake: you need two." in (failure(check, needs_two) or "")
    assert "known mistake" not in (failure(check, lambda x: 0 * x) or "")
    again = Check.from_json("double", json.loads(json.dumps(check.to_json())))
    assert "A known mistake: you need two." in (failure(again, needs_two) or "")


def test_an_error_alone_is_no_known_mistake() -> None:
    def stops_for_many(x: torch.Tensor) -> torch.Tensor:
        return 2 * x if len(x) == 1 else x.reshape(1)

    check = DOUBLE.recognising([("many do not fit.", lambda x: 2 * x if len(x) == 1 else x @ x[:1])])
    message = failure(check, stops_for_many) or ""
    assert "stopped with RuntimeError" in message
    assert "known mistake" not in message


def test_of_two_mistakes_that_fit_the_nearer_is_named() -> None:
    def tripled(x: torch.Tensor) -> torch.Tensor:
        return 3 * x

    def nearly(x: torch.Tensor) -> torch.Tensor:
        return 3 * x + 5e-7 * x

    check = DOUBLE.recognising([("nearly.", nearly), ("tripled.", tripled)])
    assert "A known mistake: tripled." in (failure(check, tripled) or "")
    assert "A known mistake: nearly." in (failure(check, nearly) or "")


def test_of_several_mistakes_the_one_that_explains_most_is_told() -> None:
    def nothing(x: torch.Tensor) -> torch.Tensor:
        return 0 * x

    def nothing_for_one(x: torch.Tensor) -> torch.Tensor:
        return 2 * x if len(x) > 1 else 0 * x

    check = DOUBLE.recognising([("one number becomes 0.", nothing_for_one), ("all becomes 0.", nothing)])
    assert "A known mistake: all becomes 0." in (failure(check, nothing) or "")
    assert "A known mistake: one number becomes 0." in (failure(check, nothing_for_one) or "")


def test_a_dtype_is_shown_where_the_cases_differ_in_it() -> None:
    cases = [{"x": torch.ones((), dtype=dtype)} for dtype in (torch.float16, torch.float64)]
    check = Check.of(lambda x: torch.finfo(x.dtype).bits, cases, name="bits", answer="bits", points=1)
    assert "x = 1   (shape (), float16)" in (failure(check, lambda x: 64) or "")


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (lambda x: 2 * x if x.repeat(2) > 0 else x, "torch.where(condition, this, that)"),
        (lambda x: 2 * cast("Any", sympy.sin) * x, "call it, as in f(x)"),
        (lambda x: x * cast("Any", None), "One of the values is None: a bias that a layer does not have"),
        (lambda x: x.repeat(2) * torch.ones(3), "Shapes line up from the last axis on"),
        (lambda x: 2 * sympy.Symbol("n") ^ sympy.Symbol("m"), "A power is written **, not ^."),
    ],
)
def test_a_usual_error_comes_with_its_usual_cause(answer, hint: str) -> None:
    assert hint in " ".join((failure(DOUBLE, answer) or "").split())


def test_a_property_without_a_return_says_so() -> None:
    holds = Check("p", "p", 1, (Case({}),), holds="breaks_the_slides_bias")
    message = failure(holds, lambda: None)
    assert message is not None
    assert "returned None: is there a `return`?" in message


def test_inputs_with_words_of_two_parts_can_be_pasted_back() -> None:
    net = tuple((f"c{n}" + "x" * (n % 5), "conv padded", (f"c{n - 1}",)) for n in range(40))
    check = Check.of(lambda net: len(net), [{"net": net}], name="n", answer="n", points=1)
    message = failure(check, lambda net: 0)
    assert message is not None
    shown = message.partition("net = ")[2].partition("\nthe result")[0]
    assert eval(shown) == net
