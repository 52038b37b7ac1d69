"""Statements as trees: what each of them computes, as it is written and with the names before it put in.

`hidden = relu(a); y = sigmoid(hidden)` computes relu(a), sigmoid(hidden) and sigmoid(relu(a)).
"""

import ast
from collections import Counter
from collections.abc import Iterator

from nonconv.publish.syntax import Reader, Tree

LARGE = 250  # nodes: a tree with names put in is not made larger
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def imported_modules(*trees: ast.AST) -> frozenset[str]:
    """The names under which modules are imported somewhere in these trees, `from … import …` among them."""
    imports = [
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return frozenset((one.asname or one.name).split(".")[0] for node in imports for one in node.names)


def bound_names(function: ast.AST) -> frozenset[str]:
    """The names that a function's parameters and assignments, and those of its inner functions, define."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, FUNCTIONS) and node is not function:
            found.add(node.name)
    return frozenset(found)


def other_names(body: list[ast.stmt], modules: frozenset[str]) -> dict[str, str]:
    """The names that a body gives to functions of modules: `conv2d = F.conv2d` is "conv2d"."""
    reader = Reader(modules)
    return {
        statement.targets[0].id: statement.value.attr
        for statement in body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Attribute)
        and reader.in_module(statement.value)
    }


def statements(body: list[ast.stmt], *, inner: bool = True) -> Iterator[ast.stmt]:
    """The statements of a body and those inside of them, in order; `inner`: those of its functions too."""
    for statement in body:
        yield statement
        if isinstance(statement, FUNCTIONS) and not inner:
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from statements(getattr(statement, name, []), inner=inner)
        for handler in getattr(statement, "handlers", []):
            yield from statements(handler.body, inner=inner)


def computed(statement: ast.stmt) -> list[ast.AST]:
    """What a statement itself computes: a value, a condition, what a loop runs over; all of `w[i] = v`."""
    if isinstance(statement, FUNCTIONS | ast.ClassDef):
        return []
    stored = [*getattr(statement, "targets", []), getattr(statement, "target", None)]
    if any(isinstance(one, ast.Subscript) for one in stored):
        return [statement]
    values = [one for one in ast.iter_child_nodes(statement) if isinstance(one, ast.expr)]
    values += [item.context_expr for item in getattr(statement, "items", [])]
    return [one for one in values if one not in stored]


def trees_of(body: list[ast.stmt], reader: Reader, values: dict[str, Tree] | None = None) -> Iterator[Tree]:
    """All that a body computes, each as written and with the values of earlier names put in."""
    values = dict(values or {})
    once = assigned_once(body)
    for statement in statements(body, inner=False):
        for tree in map(reader.tree, computed(statement)):
            yield tree
            full = put_in(tree, values)
            if full != tree:
                yield full
        remember(statement, reader, values, once)
        if isinstance(statement, FUNCTIONS):
            inner = {name: tree for name, tree in values.items() if name not in bound_names(statement)}
            yield from trees_of(statement.body, reader, inner)


def assigned_once(body: list[ast.stmt]) -> frozenset[str]:
    """The names that a body assigns at one place only, which is not in a loop."""
    counts = Counter[str]()
    for statement in statements(body, inner=False):
        times = 2 if isinstance(statement, ast.For | ast.While) else 1
        nodes = ast.walk(statement) if times == 2 else _own_nodes(statement)
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                counts[node.id] += times
    return frozenset(name for name, count in counts.items() if count == 1)


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt):
            yield from ast.walk(child)


def remember(statement: ast.stmt, reader: Reader, values: dict[str, Tree], once: frozenset[str]) -> None:
    """Keep what `name = …` and `a, b = …, …` give, if the name gets no other value."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    target, value = statement.targets[0], statement.value
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        pairs = list(zip(target.elts, value.elts, strict=True))
    new = {
        name.id: put_in(reader.tree(one), values)
        for name, one in pairs
        if isinstance(name, ast.Name) and name.id in once
    }
    values.update(new)


def put_in(tree: Tree, values: dict[str, Tree]) -> Tree:
    """The tree with the values of its names, unless that makes it too large."""
    full = tree.replaced(values)
    return full if full.size <= LARGE else tree


def pieces(value: ast.AST) -> Iterator[ast.AST]:
    """An expression line by line: a pair, a list and a call with lines of a proof are several."""
    if isinstance(value, ast.Tuple | ast.List) and not _is_data(value):
        for one in value.elts:
            yield from pieces(one)
    elif isinstance(value, ast.Call) and any(_is_line_of_proof(one) for one in value.args):
        for one in value.args:
            yield from pieces(one)
    elif isinstance(value, ast.Starred):
        yield from pieces(value.value)
    else:
        yield value


def _is_data(value: ast.AST) -> bool:
    """A display of constants."""
    return all(
        isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.UnaryOp | ast.USub | ast.expr_context)
        for node in ast.walk(value)
    )


def _is_line_of_proof(value: ast.AST) -> bool:
    """A pair (line, "reason")."""
    return (
        isinstance(value, ast.Tuple)
        and len(value.elts) == 2
        and isinstance(value.elts[1], ast.Constant)
        and isinstance(value.elts[1].value, str)
    )
