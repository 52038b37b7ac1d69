"""Answers that are formulas: equal however they are written, and told apart by a number."""

import json
import math
from typing import Any

import numpy as np
import pytest
import sympy
import torch

from nonconv.checks import Check, failure
from nonconv.checks.formula import FUNCTIONS, Share, decode, difference, encode

sigma: Any = FUNCTIONS["sigma"]  # a class whose calls are expressions; type checkers think otherwise
C, r = sympy.symbols("C r", positive=True, integer=True)
x = sympy.Symbol("x", real=True)


def weights(**changed: object) -> Check:
    """How many weights has a two-layer perceptron C -> C/r -> C?"""
    given = {
        "name": "weights",
        "answer": "weights",
        "points": 1,
        "returns": ("the count",),
    }
    return Check.of(lambda C, r: 2 * C**2 / r, [{"C": C, "r": r}], **{**given, **changed})


@pytest.mark.parametrize(
    "answer",
    [
        lambda C, r: 2 * C**2 / r,
        lambda C, r: 2 * C * C / r,
        lambda C, r: C / r * C + C * C / r,
        lambda C, r: 2.0 * C**2.0 / r,
        lambda C, r: (C + C) * C * r ** (-1),
        lambda C, r: sympy.Poly(2 * C**2, C) / r,
        lambda C, r: sympy.Poly(2 * C**2 / r, C),
    ],
)
def test_any_form_of_the_right_formula_is_right(answer) -> None:
    assert failure(weights(), answer) is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda C, r: C**2 / r, "your formula is C^2/r; at C = 1, r = 1 it gives 1, expected 2"),
        (lambda C, r: 2 * C / r, "at C = 2, r = 1 it gives 4, expected 8"),
        (
            lambda C, r: 2 * C**2 / (r - 1),
            "at C = 1, r = 1 it gives no number (a division by 0?), expected 2",
        ),
        (lambda C, r: 8, "at C = 1, r = 1 it gives 8, expected 2"),
        (lambda C, r: None, "is there a `return`?"),
        (lambda C, r: "2C²/r", "expected a formula in C, r, got str"),
        (lambda C, r: torch.ones(1), "expected a formula in C, r, got a tensor of shape (1,)"),
        (lambda C, r: sympy.Function("f")(C), "f(C) is a function that means nothing here"),
        (lambda C, r: C(1 - r), "A product needs its *"),
        (lambda C, r: torch.exp(C) / r, "not with torch, NumPy or math"),
        (lambda C, r: 2 * C**2 / r + sympy.Symbol("k"), "at C = 1, k = 1, r = 1 it gives 3, expected 2"),
        (
            lambda C, r: 2 * C**2 / r + sympy.Float("1e-12"),
            "at C = 1, r = 1 it gives 2.000000000001, expected 2",
        ),
        (lambda C, r: C - C ^ 2, "a power is written ** in Python"),
        (lambda C, r: lambda n: n, "expected a formula in C, r, got a function: return what it gives"),
        (lambda C, r: [2 * C**2 / r], "got a list of one: take it out by [0]"),
        (lambda C, r: sympy.Symbol("k"), "there is k in it, and the right one does not depend on it"),
        (lambda C, r: math.sqrt(r), "not with torch, NumPy or math"),
        (lambda C, r: 2 * C**2 / r + sympy.Float("1e-70"), "differs from the right one by 1.0"),
    ],
)
def test_a_wrong_formula_is_answered_with_numbers(answer, words: str) -> None:
    assert words in " ".join((failure(weights(), answer) or "").split())


s = Share("s")


@pytest.mark.parametrize(
    "answer",
    [
        s * abs(1 - s),
        sympy.Max(0, s - s**2),
        sympy.sqrt(s**2 * (1 - s) ** 2),
        sympy.Min(sympy.Rational(1, 4), s - s**2),
        sympy.Integral(1 - 2 * x, (x, 0, s)),
        sympy.Symbol("s") * (1 - sympy.Symbol("s")),
    ],
)
def test_a_formula_is_right_that_is_right_where_its_letter_can_be(answer: sympy.Expr) -> None:
    assert difference(answer, s * (1 - s), "the slope") is None


def test_a_formula_is_refuted_only_where_its_letter_can_be() -> None:
    said = difference(1 - s, s * (1 - s), "the slope")
    assert said == "the slope: your formula is 1 - s; at s = 1/2 it gives 0.5, expected 0.25"


def test_a_formula_that_is_cut_is_shown_with_a_sign_of_it() -> None:
    said = difference(sum((C**n for n in range(60)), r), C, "the count") or ""
    assert " …; at C = 1" in said


def test_a_square_is_compared_at_negative_numbers_as_well() -> None:
    assert difference((x + 1) ** 2, x**2 + 2 * x + 1, "the square") is None
    assert "at x = -1 it gives -1, expected 1" in (difference(x * abs(x), x**2, "the square") or "")


def test_the_known_mistake_is_recognised_by_its_formula_in_any_form() -> None:
    check = weights().recognising([("you count one matrix: there are two.", lambda C, r: C**2 / r)])
    assert "you count one matrix" in (failure(check, lambda C, r: C * (C / r)) or "")


@pytest.mark.parametrize(
    "formula",
    [lambda: 2 * sigma(2 * x) - 1, lambda: 1 - 2 * sigma(-2 * x), lambda: sigma(2 * x) - sigma(-2 * x)],
)
def test_tanh_is_found_in_sigma(formula) -> None:
    assert difference(formula(), sympy.tanh(x), "tanh") is None


def test_a_root_written_as_a_power_of_one_half_is_a_root() -> None:
    n = sympy.Symbol("n", positive=True)
    assert difference((2 / n) ** 0.5, sympy.sqrt(2 / n), "the deviation") is None
    assert difference((2.0001 / n) ** 0.5, sympy.sqrt(2 / n), "the deviation") is not None


def test_a_formula_without_a_value_somewhere_may_still_be_the_same() -> None:
    assert difference((x**2 - 1) / (x - 1), x + 1, "the result") is None  # 0/0 at x = 1, which is tried first
    assert difference((x**2 - 1) / (x - 1), x + 2, "the result") is not None


def test_a_wrong_tanh_is_refuted_at_a_number() -> None:
    said = difference(2 * sigma(x) - 1, sympy.tanh(x), "the result")
    assert said == "the result: your formula is 2*σ(x) - 1; at x = 1 it gives 0.462117, expected 0.761594"


def test_sigma_differentiates_to_its_own_value() -> None:
    assert sympy.diff(sigma(3 * x), x) == 3 * sigma(3 * x) * (1 - sigma(3 * x))


@pytest.mark.parametrize(
    "value",
    [
        C,
        x,
        sigma,
        sympy.tanh,
        sympy.Rational(2, 3),
        sympy.Float("0.5"),
        sympy.pi,
        2 * C**2 / r,
        sympy.Max(0, x),
        sympy.exp(-x) / (1 + sympy.exp(-x)) ** 2,
        sigma(x) * (1 - sigma(x)),
        s * (1 - s),
    ],
)
def test_a_formula_survives_json(value) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value


def test_a_function_that_a_check_cannot_hold_is_named() -> None:
    with pytest.raises(ValueError, match=r"cannot hold sin; it can hold .*tanh"):
        encode(sympy.sin(x))


def test_a_check_of_formulas_survives_json() -> None:
    check = weights()
    again = Check.from_json("weights", json.loads(json.dumps(check.to_json())))
    assert failure(again, lambda C, r: 2 * C**2 / r) is None
    assert failure(again, lambda C, r: C**2 / r) is not None


def test_a_check_may_forbid_further_kernels() -> None:
    given = [{"x": torch.tensor([0.5, -2.0])}]
    rest = {"name": "s", "answer": "s", "points": 1, "may_not_call": ("sigmoid", "tanh")}
    check = Check.of(lambda x: torch.sigmoid(x), given, **rest)
    assert failure(check, lambda x: 1 / (1 + torch.exp(-x))) is None
    assert "calls the framework's sigmoid" in (failure(check, torch.sigmoid) or "")
    assert "calls the framework's tanh" in (failure(check, lambda x: (torch.tanh(x / 2) + 1) / 2) or "")


def test_every_function_has_a_name_of_its_own() -> None:
    assert all(function.__name__ == name for name, function in FUNCTIONS.items())


def test_two_formulas_may_stand_in_an_array() -> None:
    both = Check.of(lambda C, r: (C, C / r), [{"C": C, "r": r}], name="b", answer="b", points=1)
    assert failure(both, lambda C, r: np.array([C, C / r])) is None
    assert "got Symbol" not in (failure(both, lambda C, r: np.array([[C], [C / r]])) or "got Symbol")
