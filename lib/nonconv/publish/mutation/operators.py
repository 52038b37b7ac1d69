"""The slips: what each kind of syntax becomes when something small goes wrong in it.

A slip in an expression is another expression. A slip in a statement is a list of statements and a few words
that say what was done. Trees are never changed here: what is new refers to the parts of what was there.
"""

import ast
from collections.abc import Iterator
from itertools import combinations

from nonconv.publish.mutation.names import ATTRIBUTES, CALLS

# no power for a product: whole numbers that outgrow memory are computed where no signal interrupts Python
ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div, ast.MatMult),
    ast.Div: (ast.Mult, ast.FloorDiv, ast.Sub),
    ast.FloorDiv: (ast.Div, ast.Mult, ast.Mod),
    ast.Mod: (ast.FloorDiv, ast.Mult),
    ast.Pow: (ast.Mult, ast.Add),
    ast.MatMult: (ast.Mult,),
}
COMMUTING = (ast.Add, ast.Mult)
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE, ast.NotEq),
    ast.LtE: (ast.Lt, ast.Gt, ast.GtE, ast.Eq),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE, ast.NotEq),
    ast.GtE: (ast.Gt, ast.Lt, ast.LtE, ast.Eq),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
FEW = 4  # of so many parts each two are swapped, of more only neighbours
CHECKING = ("strict",)  # keywords that change nothing but an error


def of_expression(node: ast.AST, variables: tuple[str, ...], words: tuple[str, ...]) -> Iterator[ast.expr]:
    """What may stand in the place of an expression. `variables` and `words` are those of the solution."""
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
            yield from (_without(node, "values", n) for n in range(len(node.values)))
        case ast.IfExp():
            yield from (node.body, node.orelse, ast.IfExp(node.test, node.orelse, node.body))
        case ast.Constant():
            yield from map(ast.Constant, _constants(node.value, words))
        case ast.Name(ctx=ast.Load()) if node.id in variables:
            yield from (_name(other) for other in variables if other != node.id)
        case ast.Attribute():
            yield node.value
            for other in ATTRIBUTES.get(node.attr, ()):
                yield ast.Attribute(node.value, other, node.ctx)
        case ast.Call():
            yield from _call(node)
        case ast.Subscript():
            yield node.value
            yield from (ast.Subscript(node.value, index, node.ctx) for index in _indices(node.slice))
        case ast.Tuple() | ast.List():
            yield from _swapped(node, "elts")
            if isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
                yield from (_without(node, "elts", n) for n in range(len(node.elts)))
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            yield from _comprehension(node)


def of_statement(node: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """(what was done, what stands in the place of a statement)."""
    if not isinstance(node, ast.Return | ast.FunctionDef):
        yield "dropped", [ast.Pass()]
    match node:
        case ast.If():
            yield "always", node.body
            yield "never", node.orelse or [ast.Pass()]
            yield "turned round", [ast.If(_negated(node.test), node.body, node.orelse)]
        case ast.While():
            yield "if in place of while", [ast.While(node.test, [*node.body, ast.Break()], [])]
            yield "turned round", [ast.While(_negated(node.test), node.body, node.orelse)]
        case ast.For():
            yield "stops after its first round", [_for(node, node.iter, [*node.body, ast.Break()])]
            yield from ((what, [_for(node, other, node.body)]) for what, other in _rounds(node.iter))
        case ast.AugAssign():
            yield "= in place of an update", [ast.Assign([node.target], node.value)]
            for other in ARITHMETIC.get(type(node.op), ()):
                yield f"{SIGNS[other]}=", [ast.AugAssign(node.target, other(), node.value)]
        case ast.Continue():
            yield "break", [ast.Break()]
        case ast.Break():
            yield "continue", [ast.Continue()]
        case ast.Return(value=ast.expr() as value):
            parts = value.elts if isinstance(value, ast.Tuple) else [value]
            for n, part in enumerate(parts):
                low = ast.Call(ast.Attribute(part, "float", ast.Load()), [], [])
                changed = ast.Tuple([*parts[:n], low, *parts[n + 1 :]], ast.Load()) if parts[1:] else low
                which = f" (part {n + 1})" if parts[1:] else ""
                yield f"in float32{which}", [ast.Return(changed)]
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        yield f"then return {name}", [node, ast.Return(_name(name))]


SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@",
}  # fmt: skip


def _operation(node: ast.BinOp) -> Iterator[ast.expr]:
    for other in ARITHMETIC.get(type(node.op), ()):
        yield ast.BinOp(node.left, other(), node.right)
    yield from (node.left, node.right)
    if not isinstance(node.op, COMMUTING):
        yield ast.BinOp(node.right, node.op, node.left)


def _constants(value: object, words: tuple[str, ...]) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1)
        if isinstance(value, float) and value != 0:  # one is much to a tolerance
            yield from (value * 2, value / 2)
    elif isinstance(value, str):
        yield from (word for word in words if word != value)
        yield from _texts(value)


def _texts(text: str) -> Iterator[str]:
    """Words in another order; an einsum whose result has other axes, or one less."""
    if "->" in text:
        inputs, _, result = text.partition("->")
        for n in range(len(result)):
            yield f"{inputs}->{result[:n]}{result[n + 1 :]}"
        for n in range(len(result) - 1):
            yield f"{inputs}->{result[:n]}{result[n + 1]}{result[n]}{result[n + 2 :]}"
        parts = inputs.split(",")
        for n, part in enumerate(parts):
            for k in range(len(part) - 1):
                other = f"{part[:k]}{part[k + 1]}{part[k]}{part[k + 2 :]}"
                yield f"{','.join([*parts[:n], other, *parts[n + 1 :]])}->{result}"
    elif len(parts := text.split(" ")) > 2 and all(len(part) == 1 for part in parts):
        for n in range(len(parts) - 1):
            yield " ".join([*parts[:n], parts[n + 1], parts[n], *parts[n + 2 :]])
            yield " ".join(parts[:n] + parts[n + 1 :])


def _call(node: ast.Call) -> Iterator[ast.expr]:
    function = node.func
    if isinstance(function, ast.Attribute) and not _is_module(function.value):
        yield function.value  # the method is not called
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]  # the function is not called
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    for other in CALLS.get(called, ()):
        if isinstance(function, ast.Attribute):
            yield _again(node, func=ast.Attribute(function.value, other, function.ctx))
        else:
            yield _again(node, func=_name(other))
    yield from _swapped(node, "args")
    if len(node.args) > 1 or (isinstance(function, ast.Attribute) and not _is_module(function.value)):
        yield from (_without(node, "args", n) for n in range(len(node.args)))
    for n, keyword in enumerate(node.keywords):
        if keyword.arg not in CHECKING:
            yield _without(node, "keywords", n)
    if called == "exp":
        yield _again(node, args=[ast.UnaryOp(ast.USub(), node.args[0])])
    if called == "enumerate" and len(node.args) == 1:
        yield _again(node, args=[*node.args, ast.Constant(1)])
    if called == "range":
        for n, bound in enumerate(node.args):
            if not isinstance(bound, ast.Constant):
                for step in _steps(bound):
                    yield _again(node, args=[*node.args[:n], step, *node.args[n + 1 :]])


def _indices(index: ast.expr) -> Iterator[ast.expr]:
    """What else may stand between square brackets."""
    if isinstance(index, ast.Tuple):
        for n, one in enumerate(index.elts):
            for other in _indices(one):
                yield ast.Tuple([*index.elts[:n], other, *index.elts[n + 1 :]], index.ctx)
        return  # the tuple itself is changed as one
    if isinstance(index, ast.Slice):
        for field in ("lower", "upper"):
            bound = getattr(index, field)
            if bound is None:
                edge = ast.Constant(1) if field == "lower" else ast.UnaryOp(ast.USub(), ast.Constant(1))
                yield _again(index, **{field: edge})
            else:
                yield _again(index, **{field: None})
                if not isinstance(bound, ast.Constant):
                    yield from (_again(index, **{field: step}) for step in _steps(bound))
        if index.step is not None:
            yield _again(index, step=None)
    elif not isinstance(index, ast.Constant | ast.UnaryOp):
        yield from _steps(index)


def _steps(node: ast.expr) -> Iterator[ast.expr]:
    """One more, one less."""
    yield ast.BinOp(node, ast.Add(), ast.Constant(1))
    yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _comprehension(node: ast.expr) -> Iterator[ast.expr]:
    generators: list[ast.comprehension] = node.generators  # pyright: ignore[reportAttributeAccessIssue]
    for n, one in enumerate(generators):
        others = [_again(one, iter=other) for _, other in _rounds(one.iter)]
        for k, condition in enumerate(one.ifs):
            others.append(_without(one, "ifs", k))
            others.append(_again(one, ifs=[*one.ifs[:k], _negated(condition), *one.ifs[k + 1 :]]))
        for other in others:
            yield _again(node, generators=[*generators[:n], other, *generators[n + 1 :]])


def _rounds(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """A loop's rounds backwards, without the first, without the last."""
    every = ast.Call(_name("list"), [node], [])
    yield "runs backwards", ast.Call(_name("reversed"), [every], [])
    yield "leaves out the first round", ast.Subscript(every, ast.Slice(ast.Constant(1)), ast.Load())
    last = ast.UnaryOp(ast.USub(), ast.Constant(1))
    yield "leaves out the last round", ast.Subscript(every, ast.Slice(None, last), ast.Load())


def _swapped(node: ast.expr, field: str) -> Iterator[ast.expr]:
    parts = getattr(node, field)
    pairs = list(combinations(range(len(parts)), 2))
    for a, b in pairs if len(parts) <= FEW else [(a, b) for a, b in pairs if b == a + 1]:
        others = list(parts)
        others[a], others[b] = others[b], others[a]
        yield _again(node, **{field: others})


def _is_module(node: ast.expr) -> bool:
    """Such as torch in torch.exp(x): the course's values have other names."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("torch", "math", "sympy", "copy", "F", "np")


def _negated(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), node)


def _for(node: ast.For, iterated: ast.expr, body: list[ast.stmt]) -> ast.For:
    return ast.For(node.target, iterated, body, node.orelse)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _without(node: ast.AST, field: str, n: int) -> ast.AST:
    parts = getattr(node, field)
    return _again(node, **{field: parts[:n] + parts[n + 1 :]})


def _again(node: ast.AST, **changed: object) -> ast.AST:
    """A node like this one, but for some fields."""
    return type(node)(**{**dict(ast.iter_fields(node)), **changed})
