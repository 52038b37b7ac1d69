"""Slips in statements: one that is missing, a condition or a loop turned round, a result too early."""

import ast
from collections.abc import Iterator

from nonconv.publish.mutation.expressions import name, negated, rounds
from nonconv.publish.mutation.tables import ARITHMETIC, SIGNS


def alternatives(node: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """(what was done, in words, what stands in the place of the statement then)."""
    if not isinstance(node, ast.FunctionDef) and not (isinstance(node, ast.If) and not node.orelse):
        yield "dropped", [ast.Pass()]
    match node:
        case ast.If():
            yield "always", node.body
            yield "never", node.orelse or [ast.Pass()]
            yield "turned round", [ast.If(negated(node.test), node.body, node.orelse)]
        case ast.While():
            yield "if in place of while", [ast.While(node.test, [*node.body, ast.Break()], [])]
            yield "turned round", [ast.While(negated(node.test), node.body, node.orelse)]
        case ast.For():
            first = [*node.body, ast.Break()]
            yield "stops after its first round", [ast.For(node.target, node.iter, first, [])]
            for what, iterated in rounds(node.iter, _has_no_order(node)):
                yield what, [ast.For(node.target, iterated, node.body, node.orelse)]
        case ast.AugAssign():
            yield "= in place of an update", [ast.Assign([node.target], node.value)]
            for other in ARITHMETIC.get(type(node.op), ()):
                yield f"{SIGNS[other]}=", [ast.AugAssign(node.target, other(), node.value)]
        case ast.Assign(targets=[ast.Name(id=variable)]):
            yield f"then return {variable}", [node, ast.Return(name(variable))]
        case ast.Continue():
            yield "break", [ast.Break()]
        case ast.Break():
            yield "continue", [ast.Continue()]
        case ast.Return(value=ast.Tuple(elts=parts)):
            for n, part in enumerate(parts):
                for what, other in _converted(part):
                    result = ast.Tuple([*parts[:n], other, *parts[n + 1 :]], ast.Load())
                    yield f"value {n + 1} {what}", [ast.Return(result)]
        case ast.Return(value=ast.expr() as value):
            for what, other in _converted(value):
                yield what, [ast.Return(other)]


def _has_no_order(loop: ast.For) -> bool:
    """Does the loop only add something up, or never look at its own variable?"""
    below = [part for statement in loop.body for part in ast.walk(statement)]
    simple = [part for part in below if isinstance(part, ast.stmt) and not isinstance(part, ast.For)]
    own = {part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)}
    read = {part.id for part in below if isinstance(part, ast.Name)}
    adds = all(isinstance(part, ast.AugAssign) and isinstance(part.op, ast.Add) for part in simple)
    return not own & read or (adds and not any(isinstance(part, ast.List) for part in below))


def _converted(value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """A tensor in another dtype. That of float32 is within the tolerance of a check, so it is no mistake."""
    for what, method in (("in float16", "half"), ("in whole numbers", "long")):
        yield what, ast.Call(ast.Attribute(value, method, ast.Load()), [], [])
