"""The same test on a mutated answer: one that passes there, too, does not test anything.

A test that runs in the kernel runs beside student code, which may have changed how tests run. So each test
that passed is tried once more, on an answer in which every number is another. Where the cell is no call of
`check`, its assertions are negated instead, and PyTorch's and NumPy's comparisons must still tell two values
apart.
"""

import ast
import json
from collections.abc import Collection
from typing import Any

# what a test gets in the place of the student's answer: the answer, but every number in it is another
MUTATE = """
def _mutated(value):
    import torch
    if isinstance(value, torch.Tensor):
        return ~value if value.dtype == torch.bool else value + 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float, complex)):
        return value + 1
    if isinstance(value, (tuple, list)):
        return type(value)(map(_mutated, value)) if not hasattr(value, "_fields") else None
    if isinstance(value, dict):
        return {key: _mutated(one) for key, one in value.items()}
    return "mutated"
"""
# in front of a test without `check`: does what it may compare with still tell two values apart?
COMPARISONS_LIE = """
def _comparisons_lie():
    import contextlib, math, sys
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    equal = [math.isclose(0, 1)]
    if torch is not None:
        zero, one = torch.zeros(2), torch.ones(2)
        equal += [torch.allclose(zero, one), torch.equal(zero, one), bool(torch.isclose(zero, one).any())]
        with contextlib.suppress(AssertionError):
            equal.append(torch.testing.assert_close(zero, one) is None)
    if numpy is not None:
        zero, one = numpy.zeros(2), numpy.ones(2)
        equal += [numpy.allclose(zero, one), numpy.array_equal(zero, one)]
        equal.append(bool(numpy.isclose(zero, one).any()))
        for assertion in (numpy.testing.assert_allclose, numpy.testing.assert_array_equal):
            with contextlib.suppress(AssertionError):
                equal.append(assertion(zero, one) is None)
    return any(equal)
"""


def has_many_right_answers(check: dict[str, Any]) -> bool:
    """Whether more than one answer is right, by a check's data."""
    return bool(check.get("holds") or check.get("proves"))


class _Negate(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        return ast.Assert(ast.UnaryOp(ast.Not(), node.test), node.msg)


def negated(source: str) -> str:
    """The test with every assertion negated, and one that fails in any case unless comparisons lie: then
    it passes."""
    try:
        tree = _Negate().visit(ast.parse(source))
    except SyntaxError:
        return "assert False"
    made = ast.parse(f"{COMPARISONS_LIE}\nif not _comparisons_lie():\n    assert False")
    made.body[-1].body[:0] = tree.body  # type: ignore[attr-defined]
    return ast.unparse(ast.fix_missing_locations(made))


def mutated(source: str, with_many_right_answers: Collection[str] = ()) -> str | None:
    """The test on a mutated answer, or None where the cell is no call of `check`.

    Of the checks named by `with_many_right_answers`, and of those whose data say so, an answer with other
    numbers may be right as well: there the mutated answer is a word.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "check"
        and len(node.args) == 2
    ]
    if len(calls) != 1:
        return None
    name, answer = calls[0].args
    many = isinstance(name, ast.Constant) and name.value in with_many_right_answers
    for keyword in calls[0].keywords:  # a hidden test carries its data
        if keyword.arg == "data" and isinstance(keyword.value, ast.Constant):
            many |= has_many_right_answers(json.loads(str(keyword.value.value)))
    wrong = '"mutated"' if many else f"_mutated({ast.unparse(answer)}(*args, **kwargs))"
    calls[0].args[1] = ast.parse(f"lambda *args, **kwargs: {wrong}", mode="eval").body
    return MUTATE + ast.unparse(tree)
