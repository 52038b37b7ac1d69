"""Unit 3's properties of formulas: σ written with tanh, and a chain of lines that shows why."""

import math
from typing import Any

import pytest
import sympy

from helpers.checks.properties import properties_of, says
from nonconv.checks.formula import FUNCTIONS
from nonconv.checks.properties import tanh

X = sympy.Symbol("x", real=True)
sigma: Any = FUNCTIONS["sigma"]  # a class whose calls are expressions; type checkers think otherwise
e = sympy.exp
CHAIN, TANH = "leads_from_sigma_to_tanh", "is_sigma_written_with_tanh"


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    own = properties_of(tanh)
    assert own == {TANH, CHAIN}
    for name in own:
        assert "returned None" in (says(name, None, x=X) or "")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((1 + sympy.tanh(X / 2)) / 2, None),
        ((1 - sympy.tanh(-X / 2)) / 2, None),
        ((1 + sympy.tanh(X / 4)) ** 2 / (2 + 2 * sympy.tanh(X / 4) ** 2), None),
        (0.5 * sympy.tanh(0.5 * X) + 0.5, None),
        ((1 + sympy.tanh(sympy.Symbol("x") / 2)) / 2, None),  # a letter x of her own
        (sigma(X), "to be written with tanh only; this uses sigma"),
        (sympy.tanh(X) - sympy.tanh(X) + sigma(X), "to be written with tanh only"),
        ((1 + 1 / sympy.coth(X / 2)) / 2, "to be written with tanh only; this uses coth"),
        (1 / (1 + e(-X)), "to be written with tanh only; this uses exp"),
        ((1 + sympy.tanh(X)) / 2, "at x = 1 it gives 0.880797, expected 0.731059"),
        (3, "at x = 1 it gives 3"),
        ("tanh", "expected a formula in x"),
    ],
)
def test_sigma_is_to_be_written_with_tanh(answer: Any, sentence: str | None) -> None:
    message = says(TANH, answer, x=X, tanh=sympy.tanh)
    assert message is None if sentence is None else sentence in (message or "")


up, down, down2 = e(X), e(-X), e(-2 * X)
FIRST, LAST = 2 / (1 + down2) - 1, (up - down) / (up + down)
MIDDLE = (1 - down2) / (1 + down2)


@pytest.mark.parametrize(
    "between",
    [
        [MIDDLE],
        [(e(2 * X) - 1) / (e(2 * X) + 1)],
        [2 * up / (up + down) - 1],
        [1 - 2 * down2 / (1 + down2)],
        [up * (1 - down2) / (up + down)],
        [(up - down) / (up * (1 + down2))],
        [(1.0 - down2) / (1.0 + down2)],
        # one fraction after the other
        [1 / (1 + down2) - down2 / (1 + down2), up / (up + down) - down2 / (1 + down2)],
        [MIDDLE, MIDDLE],  # sympy made one expression of two lines
        [MIDDLE, LAST],
    ],
)
def test_a_chain_that_shows_something_is_taken(between: list[Any]) -> None:
    assert says(CHAIN, [FIRST, *between, LAST], x=X) is None
    assert says(CHAIN, (FIRST, *between, LAST), x=X) is None


@pytest.mark.parametrize(
    "line",
    [
        (FIRST + LAST) / 2,
        (2 * FIRST + LAST) / 3,
        2 * FIRST - LAST,
        sympy.expand((FIRST + LAST) / 2),
        FIRST + (LAST - FIRST) * X,
        LAST**2 / FIRST,
        1 / (1 / (2 * FIRST) + 1 / (2 * LAST)),
    ],
)
def test_a_line_that_has_an_end_in_it_shows_nothing(line: Any) -> None:
    assert "one end of the chain whole in it" in (says(CHAIN, [FIRST, line, LAST], x=X) or "")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "the list is empty"),
        (FIRST, "return a list"),
        ([FIRST, "LAST"], "line 2 is str"),
        ([FIRST, True, LAST], "line 2 is bool"),
        ([FIRST, sympy.Symbol("y"), LAST], "line 2 has other letters than x, y"),
        ([MIDDLE, LAST], "the first line must be"),
        ([FIRST, LAST], "one line or more between them"),
        ([FIRST, MIDDLE], "the last line must be"),
        ([FIRST, FIRST, LAST], "lines 1 and 2 are the same expression"),
        ([FIRST, sympy.Mul(FIRST, 1, evaluate=False), LAST], "lines 1 and 2 are the same expression"),
        ([FIRST, 4 / (2 + 2 * down2) - 1, LAST], "lines 1 and 2 are the same expression"),
        ([FIRST, FIRST + (X + 1) ** 2 - X**2 - 2 * X - 1, LAST], "lines 1 and 2 are the same expression"),
        ([FIRST, (up / 2 - down / 2) / (up / 2 + down / 2), LAST], "lines 2 and 3 are the same expression"),
        ([FIRST, LAST, LAST], "write one line or more between them"),
        ([FIRST, sympy.tanh(X), LAST], "line 2 has tanh in it, which is what is to be shown"),
        ([FIRST, sympy.sinh(X) / sympy.cosh(X), LAST], "line 2 has cosh, sinh in it: write that out"),
        ([FIRST, (1 - math.e ** (-2 * X)) / (1 + math.e ** (-2 * X)), LAST], "write sympy.exp(x)"),
        ([FIRST, 2 / (1 + e(2 * X)) - 1, LAST], "but line 1 gives 0.761594: the two are not equal"),
        ([FIRST, MIDDLE + sympy.Rational(1, 1000), LAST], "the two are not equal"),
        ([FIRST, LAST + sympy.Rational(1, 10**30), LAST], "605: the two are not equal"),
        ([FIRST, 0, LAST], "line 2: your formula is 0; at x = 1"),
    ],
)
def test_what_is_missing_in_a_chain_is_named(lines: Any, sentence: str) -> None:
    assert sentence in (says(CHAIN, lines, x=X) or "")
