"""Slips in expressions: an operator, a constant, an axis, an argument, an index, a part of a tuple.

Trees are never changed here: a new one refers to the parts of the old one.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from nonconv.publish.mutation.tables import ARITHMETIC, ATTRIBUTES, CALLS, COMPARISONS, REDUCTIONS

COMMUTING = (ast.Add, ast.Mult)
FEW = 4  # of so many parts each two are swapped, of more only neighbours
CHECKING = ("strict",)  # keywords that change nothing but an error


@dataclass(frozen=True)
class Names:
    """What a solution knows: its variables, the texts in it, and the modules that it may name."""

    variables: tuple[str, ...]
    texts: tuple[str, ...]
    modules: frozenset[str]


def alternatives(node: ast.AST, parent: ast.AST, names: Names) -> Iterator[ast.expr]:
    """What a slip may put into the place of an expression that is a part of `parent`."""
    match node:
        case ast.BinOp():
            yield from _operation(node)
        case ast.UnaryOp():
            yield node.operand
        case ast.Compare(ops=[operator]):
            for other in COMPARISONS[type(operator)]:
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for n, value in enumerate(node.values):
                rest = node.values[:n] + node.values[n + 1 :]
                yield ast.BoolOp(node.op, rest) if rest[1:] else rest[0]
                yield ast.BoolOp(node.op, [*node.values[:n], negated(value), *node.values[n + 1 :]])
        case ast.IfExp():
            yield from (node.body, node.orelse, ast.IfExp(node.test, node.orelse, node.body))
        case ast.Constant() if not (isinstance(parent, ast.keyword) and parent.arg in CHECKING):
            yield from map(ast.Constant, _constants(node.value, names.texts))
        # (the inputs of a case have one dtype: x.dtype is y.dtype)
        case ast.Name(ctx=ast.Load()) if node.id in names.variables and not _is_dtype(parent):
            yield from (name(other) for other in names.variables if other != node.id)
        case ast.Attribute() if not _is_module(node.value, names):
            yield node.value
            for other in ATTRIBUTES.get(node.attr, ()):
                yield ast.Attribute(node.value, other, node.ctx)
        case ast.Attribute():
            for other in ATTRIBUTES.get(node.attr, ()):
                yield ast.Attribute(node.value, other, node.ctx)
        case ast.Call():
            yield from _call(node, names)
        case ast.Subscript():
            yield node.value
            yield from (ast.Subscript(node.value, index, node.ctx) for index in _indices(node.slice))
        case ast.Tuple() | ast.List():
            # over the axes (1, 2) is over (2, 1)
            if not (isinstance(parent, ast.Call) and _called(parent) in REDUCTIONS):
                yield from _swapped(node, "elts")
            if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
                yield from (_without(node, "elts", n) for n in range(len(node.elts)))
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            unordered = isinstance(parent, ast.Call) and _called(parent) in REDUCTIONS
            yield from _comprehension(node, unordered or isinstance(node, ast.SetComp | ast.DictComp))


def rounds(node: ast.expr, unordered: bool) -> Iterator[tuple[str, ast.expr]]:
    """(what was done, the iterable): a loop's rounds backwards, without the first, without the last.

    `unordered`: backwards is no other than forwards.
    """
    every = ast.Call(name("list"), [node], [])
    last = ast.UnaryOp(ast.USub(), ast.Constant(1))
    if not unordered:
        yield "runs backwards", ast.Call(name("reversed"), [every], [])
    yield "leaves out the first round", ast.Subscript(every, ast.Slice(ast.Constant(1)), ast.Load())
    yield "leaves out the last round", ast.Subscript(every, ast.Slice(None, last), ast.Load())


def negated(node: ast.expr) -> ast.expr:
    return (
        node.operand
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        else (ast.UnaryOp(ast.Not(), node))
    )


def name(text: str) -> ast.Name:
    return ast.Name(text, ast.Load())


def _operation(node: ast.BinOp) -> Iterator[ast.expr]:
    for other in ARITHMETIC.get(type(node.op), ()):
        yield ast.BinOp(node.left, other(), node.right)
    yield from (node.left, node.right)
    if not isinstance(node.op, COMMUTING):
        yield ast.BinOp(node.right, node.op, node.left)


def _constants(value: object, texts: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1)
        if value != round(value):  # one is much to a rate or a tolerance
            yield from (value * 2, value / 2)
    elif isinstance(value, str):
        yield from (text for text in texts if text != value)
        yield from _reordered(value)


def _reordered(text: str) -> Iterator[str]:
    """An einsum with two letters swapped, or one less in its result; a row of letters likewise."""
    if "->" in text:
        inputs, _, result = text.partition("->")
        yield from (f"{inputs}->{result[:n]}{result[n + 1 :]}" for n in range(len(result)))
        yield from (f"{inputs}->{other}" for other in _neighbours_swapped(result))
        yield from (f"{other}->{result}" for other in _neighbours_swapped(inputs) if "," not in text or
                    other.index(",") == inputs.index(","))  # fmt: skip
    elif set(text[1::2]) == {" "}:
        letters = text[::2]
        yield from (" ".join(other) for other in _neighbours_swapped(letters))
        yield from (" ".join(letters[:n] + letters[n + 1 :]) for n in range(len(letters)))


def _neighbours_swapped(text: str) -> Iterator[str]:
    for n in range(len(text) - 1):
        yield f"{text[:n]}{text[n + 1]}{text[n]}{text[n + 2 :]}"


def _call(node: ast.Call, names: Names) -> Iterator[ast.expr]:
    called = _called(node)
    is_method = isinstance(node.func, ast.Attribute) and not _is_module(node.func.value, names)
    if isinstance(node.func, ast.Attribute):
        if is_method:
            yield node.func.value
        for other in CALLS.get(called, ()):
            yield _again(node, func=ast.Attribute(node.func.value, other, node.func.ctx))
    else:
        yield from (_again(node, func=name(other)) for other in CALLS.get(called, ()))
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]
    yield from _swapped(node, "args")
    if is_method or len(node.args) > 1:
        yield from (_without(node, "args", n) for n in range(len(node.args)))
    for n, keyword in enumerate(node.keywords):
        if keyword.arg not in CHECKING:
            yield _without(node, "keywords", n)
    match called, node.args:
        case "exp", [argument]:
            yield _again(node, args=[ast.UnaryOp(ast.USub(), argument)])
        case "enumerate", [_]:
            yield _again(node, args=[*node.args, ast.Constant(1)])
        case "range", bounds:
            for n, bound in enumerate(bounds):
                for step in _steps(bound):
                    yield _again(node, args=[*bounds[:n], step, *bounds[n + 1 :]])


def _is_dtype(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "dtype"


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _indices(index: ast.expr) -> Iterator[ast.expr]:
    """What else may stand between square brackets; constants and tuples are changed for themselves."""
    if isinstance(index, ast.Tuple):
        for n, one in enumerate(index.elts):
            for other in _indices(one):
                yield ast.Tuple([*index.elts[:n], other, *index.elts[n + 1 :]], index.ctx)
    elif isinstance(index, ast.Slice):
        edges = {"lower": ast.Constant(1), "upper": ast.UnaryOp(ast.USub(), ast.Constant(1))}
        for field, edge in edges.items():
            bound = getattr(index, field)
            others = [edge] if bound is None else [None, *_steps(bound)]
            yield from (_again(index, **{field: other}) for other in others)
        if index.step is not None:
            yield _again(index, step=None)
    else:
        yield from _steps(index)


def _steps(node: ast.expr) -> Iterator[ast.expr]:
    """One more, one less; a constant is changed for itself."""
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    if not isinstance(number, ast.Constant):
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _comprehension(node: ast.expr, unordered: bool) -> Iterator[ast.expr]:
    generators: list[ast.comprehension] = node.generators  # pyright: ignore[reportAttributeAccessIssue]
    for n, one in enumerate(generators):
        others = [_again(one, iter=other) for _, other in rounds(one.iter, unordered)]
        for k, condition in enumerate(one.ifs):
            others.append(_without(one, "ifs", k))
            others.append(_again(one, ifs=[*one.ifs[:k], negated(condition), *one.ifs[k + 1 :]]))
        for other in others:
            yield _again(node, generators=[*generators[:n], other, *generators[n + 1 :]])


def _swapped(node: ast.AST, field: str) -> Iterator[Any]:
    parts = getattr(node, field)
    for a, b in combinations(range(len(parts)), 2):
        if len(parts) <= FEW or b == a + 1:
            others = list(parts)
            others[a], others[b] = others[b], others[a]
            yield _again(node, **{field: others})


def _is_module(node: ast.expr, names: Names) -> bool:
    """Such as torch and torch.nn in torch.nn.functional.relu(x)."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in names.modules - {*names.variables}


def _without(node: ast.AST, field: str, n: int) -> Any:
    parts = getattr(node, field)
    return _again(node, **{field: parts[:n] + parts[n + 1 :]})


def _again(node: ast.AST, **changed: Any) -> Any:
    """A node like this one, but for some fields."""
    return type(node)(**{**dict(ast.iter_fields(node)), **changed})
