"""A formula leaves the kernel as a tree, of which the same is built; forged trees build nothing large."""

import json
from typing import Any

import pytest
import sympy

from nonconv.checks import Check
from nonconv.checks.formula import Share
from nonconv.checks.formula_transport import MAX_PARTS, NoFormula, TooLarge, pack, unpack
from nonconv.checks.remote import judge_response, payload, response

x, n = sympy.Symbol("x", real=True), sympy.Symbol("n", integer=True, positive=True)


@pytest.mark.parametrize(
    "formula",
    [
        x,
        sympy.Symbol("x"),
        Share("s"),
        2 * x**2 / n + sympy.sqrt(3),
        sympy.exp(-x) / (1 + sympy.exp(-x)) ** 2,
        sympy.Sum(n, (n, 1, 5)),
        sympy.Derivative(x**2, x),
        sympy.Integral(x, (x, 0, n)),
        sympy.Piecewise((x, x > 0), (0, True)),
        sympy.Function("f")(x),
        sympy.Float("0.1234567890123456789", 19),
        sympy.I * sympy.pi - sympy.oo,
        sympy.tanh,
    ],
)
def test_the_same_formula_comes_out(formula: Any) -> None:
    assert unpack(json.loads(json.dumps(pack(formula)))) == formula


class Tanh(sympy.Function):  # of the student's own
    pass


def test_a_function_of_the_students_own_is_no_formula_and_a_long_one_is_refused() -> None:
    with pytest.raises(NoFormula):
        pack(type("tanh", (sympy.Function,), {"nargs": 1})(x) + Tanh(x))  # pyright: ignore[reportOperatorIssue]
    with pytest.raises(TooLarge, match="2,000 parts"):
        pack(sympy.Add(*(sympy.Symbol(f"x{k}") for k in range(MAX_PARTS))))


def whole(p: int) -> dict[str, Any]:
    return {"rational": [p, 1]}


DOUBLE = Check.of(lambda x: 2 * x, [{"x": x}], name="double", answer="double", points=1)


@pytest.mark.parametrize(
    "tree",
    [
        None,
        "2*x",
        {"formula": "eval", "of": []},
        {"formula": "sympify", "of": ["__import__('os')"]},
        {"formula": "Symbol", "of": ["x"]},
        {"function": "lambdify"},
        {"formula": "Pow", "of": [whole(10), whole(10**9)]},
        {"formula": "Pow", "of": [{"rational": [1, 3]}, whole(-(10**9))]},
        {"float": [0, 1, 10**9, 1], "precision": 53},
        {"float": [0, 1, 0, 1], "precision": 10**9},
        {"float": [0, -3, 0, 2], "precision": 53},
        {"formula": "Add", "of": [whole(1), {"constant": "true"}]},
        {"symbol": "x", "is": ["is_right"], "not": []},
        {"symbol": "x" * 1000, "is": [], "not": []},
    ],
)
def test_forged_trees_earn_nothing_and_evaluate_nothing(tree: Any) -> None:
    forged = [{"output": {"sympy": tree}, "problem": None}]
    assert "could not be read" in (judge_response(DOUBLE, forged) or "")


@pytest.mark.parametrize("bits", [-1, 0, 60, 10**30])
def test_a_forged_number_of_bits_changes_no_float_and_takes_no_time(bits: int) -> None:
    assert unpack({"float": [0, 3, -1, bits], "precision": 53}) == sympy.Float(1.5)  # exact in binary
    assert unpack({"float": [0, 0, -123, bits], "precision": 53}) == 0  # with mpmath's -123 it is no number


def test_the_kernel_gets_the_letters_alone_and_is_believed_nothing() -> None:
    assert "expected" not in payload(DOUBLE) or '"expected": null' in payload(DOUBLE)
    assert judge_response(DOUBLE, json.loads(json.dumps(response(payload(DOUBLE), lambda x: x + x)))) is None
    assert judge_response(DOUBLE, json.loads(json.dumps(response(payload(DOUBLE), lambda x: 3 * x))))


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (
            {"formula": "Heaviside", "of": [{"formula": "acoth", "of": [{"share": "s"}]}]},
            "sympy cannot compute with the formula that double returns (ValueError)",
        ),
        ({"formula": "binomial", "of": [whole(7), {"rational": [10**99, -3]}]}, "sympy cannot compute"),
        ({"formula": "sigma", "of": []}, "could not be read"),
        ({"formula": "sigma", "of": [whole(1), whole(2)]}, "could not be read"),
    ],
)
def test_a_formula_at_which_sympy_stops_is_the_answers_fault(tree: Any, words: str) -> None:
    said = judge_response(DOUBLE, [{"output": {"sympy": tree}, "problem": None}])
    assert words in " ".join((said or "").split())
