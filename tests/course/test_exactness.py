"""No `==` on floats, unless they are exact by construction and the code says why: `# exact: whole numbers`.

The last digit of a float depends on the processor. A comparison bit by bit passes on one machine and fails on
the next.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from classroom import ROOT

REASON = re.compile(r"# exact: \w")
CELL = re.compile(r"^# %%.*$", re.M)
REDUCING = {"item", "tolist", "max", "min", "amax", "amin", "mean", "sum", "norm", "var", "std", "prod"}
# what gives whole numbers or truth values, whatever goes in
INDICES = {"argmax", "argmin", "argsort", "nonzero", "label"}
TRUTH = {"isnan", "isinf", "isfinite", "bool", "any", "all"}
COUNTS = {"len", "numel", "size", "shape", "bincount", "unique", "count_parameters", "count_macs"}
WHOLE = INDICES | TRUTH | COUNTS | {"int", "long", "round"}


def inexact(source: str) -> list[int]:
    """The lines of comparisons that may be of floats and give no reason why they are exact.

    A reason stands anywhere in the same function. Outside of functions it stands in the same cell of a
    percent text.
    """
    lines = source.splitlines()
    found = []
    for first, last, node in _comparisons(ast.parse(source)):
        start, stop = (first, last) if first else _cell(lines, node.lineno)
        if not any(REASON.search(line) for line in lines[start - 1 : stop]):
            found.append(node.lineno)
    return sorted(set(found))


def _cell(lines: list[str], at: int) -> tuple[int, int]:
    starts = [n for n, line in enumerate(lines, 1) if CELL.match(line)]
    start = max((n for n in starts if n <= at), default=max(at - 1, 1))
    return start, min((n for n in starts if n > at), default=len(lines) if starts else at)


def _comparisons(tree: ast.AST, first: int = 0, last: int = 0) -> Iterator[tuple[int, int, ast.expr]]:
    """(first and last line of the enclosing function, or 0, and the comparison)."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef) and not first:
            yield from _comparisons(node, node.lineno, node.end_lineno or node.lineno)
            continue
        if _is_torch_equal(node) and not any(_name(side) in WHOLE for side in node.args):
            yield first, last, node
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            sides = [node.left, *node.comparators]
            if any(map(_may_be_float, sides)) and not any(map(_has_tolerance, sides)):
                yield first, last, node
        yield from _comparisons(node, first, last)


def _is_torch_equal(node: ast.AST) -> TypeGuard[ast.Call]:
    return _name(node) == "equal" and ast.unparse(node).startswith("torch.equal(")


def _parts(node: ast.expr) -> list[ast.expr]:
    """What is compared one by one: the elements of a tuple or a list, or the node itself."""
    if isinstance(node, ast.ListComp):
        return _parts(node.elt)
    if isinstance(node, ast.Tuple | ast.List):
        return [part for element in node.elts for part in _parts(element)]
    return [node]


def _has_tolerance(node: ast.expr) -> bool:
    """Rounded before, or compared by `pytest.approx`."""
    return all(_name(part) in {"round", "approx"} for part in _parts(node))


def _may_be_float(node: ast.expr) -> bool:
    parts = _parts(node)
    if parts != [node]:
        return any(map(_may_be_float, parts))
    if isinstance(node, ast.UnaryOp):
        return _may_be_float(node.operand)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    called = {_name(call) for call in ast.walk(node) if isinstance(call, ast.Call)}
    method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return method and _name(node) in REDUCING and not called & WHOLE


def _name(node: ast.AST) -> str:
    """`max` of `x.max()`; empty where nothing is called."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


FILES = sorted(path for folder in ("units", "tests") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_floats_are_compared_by_a_tolerance_unless_exact_by_construction(path: Path) -> None:
    found = inexact(path.read_text(encoding="utf-8"))
    assert not found, f"{path.relative_to(ROOT)}: lines {found} need a tolerance, or `# exact: why`"


@pytest.mark.parametrize(
    "line",
    [
        "assert f(x).max() == 0.25",
        "assert torch.equal(f(x), y)",
        "assert f(x).item() != g(x).item()",
        "if x == 0.1: pass",
        "assert x == -0.1",
        "assert (x, y) == (1, 0.5)",
        "assert [f(x).item() for x in xs] == ys",
    ],
)
def test_an_unexplained_comparison_is_found(line: str) -> None:
    assert inexact(line) == [1]
    assert inexact(f"def f():\n    # exact: powers of 2\n    {line}") == []
    assert inexact(f"# %% one\n# exact: whole numbers\n{line}\n# %% two\n{line}") == [5]


@pytest.mark.parametrize(
    "line",
    [
        "assert f(x).argmax().item() == 3",
        "assert torch.equal(f(x).argmax(-1), y)",
        "assert n == 3",
        "assert abs(x - 0.1) < 1e-9",
        "assert f(x).max().item() == pytest.approx(0.1, rel=0, abs=1e-9)",
        "assert [round(y.item(), 1) for y in ys] == [0.1, 0.2]",
    ],
)
def test_whole_numbers_and_tolerances_need_no_reason(line: str) -> None:
    assert inexact(line) == []
