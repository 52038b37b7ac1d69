"""The mutants of a solution: an answer's cell with one slip between BEGIN SOLUTION and END SOLUTION."""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import CodeType, ModuleType
from typing import Any

from nonconv.publish.mutation import expressions, statements
from nonconv.publish.mutation.expressions import Names
from nonconv.publish.solutions import BEGIN, END


@dataclass(frozen=True)
class Mutant:
    """One slip in the solution of `answer`.

    `slip` names it, such as "F.abs() -> F". It is unique among the slips of the answer, and it does not
    change when other lines do. `line` counts from BEGIN SOLUTION; `before` and `after` are its statement.
    """

    answer: str
    slip: str
    line: int
    before: str
    after: str
    code: CodeType


@dataclass(frozen=True)
class _Place:
    """Where a node hangs in the tree: in a field of its parent, at an index if that is a list."""

    node: Any
    field: str
    index: int | None
    path: tuple[ast.AST, ...]  # from the function down to the parent

    def put(self, new: Any) -> None:
        parent = self.path[-1]
        if self.index is None:
            setattr(parent, self.field, new)
        else:
            getattr(parent, self.field)[self.index] = new


def mutants(source: str, scope: dict[str, Any]) -> list[Mutant]:
    """All mutants of the solutions in an answer's cell, in the order of the text, no two the same code.

    `scope` holds what the notebook defines: a name of a module is no value that could be left out.
    """
    tree = ast.parse(source)
    found: list[Mutant] = []
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            region = _region(source, function)
            if region:
                found += _Maker(tree, function, region, scope).made()
    return found


def _region(source: str, function: ast.FunctionDef) -> range:
    """The lines of the solution in this function; empty if it has none."""
    lines = dict(enumerate(source.split("\n"), 1))
    own = range(function.lineno, (function.end_lineno or 0) + 2)  # END is a comment, which no node covers
    begin = next((n for n in own if BEGIN in lines.get(n, "")), None)
    if begin is None:
        return range(0)
    return range(begin + 1, next(n for n in range(begin, len(lines) + 1) if END in lines[n]))


class _Maker:
    def __init__(
        self, tree: ast.Module, function: ast.FunctionDef, region: range, scope: dict[str, Any]
    ) -> None:
        self.tree, self.function, self.region = tree, function, region
        self.places = [place for place in _places(function, ()) if getattr(place.node, "lineno", 0) in region]
        nodes = [place.node for place in self.places]
        variables = [argument.arg for argument in _all_arguments(function)]
        variables += [node.id for node in nodes if isinstance(node, ast.Name) and _is_stored(node)]
        texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
        self.names = Names(
            tuple(dict.fromkeys(variables)),
            tuple(dict.fromkeys(text for text in texts if isinstance(text, str))),
            frozenset(one for one, value in scope.items() if isinstance(value, ModuleType)),
        )
        self.texts = {id(node): ast.unparse(node) for node in nodes if isinstance(node, ast.expr)}
        self.counts = Counter(self.texts.values())
        self.seen = {_fingerprint(self._compiled())}
        self.slips: Counter[str] = Counter()

    def made(self) -> list[Mutant]:
        return [mutant for place in self.places for mutant in self._of(place)]

    def _of(self, place: _Place) -> Iterator[Mutant]:
        node = place.node
        if isinstance(node, ast.stmt):
            yield from self._of_statement(place)
        elif not (place.field == "func" and isinstance(place.path[-1], ast.Call)):  # what is called stays
            for other in expressions.alternatives(node, place.path[-1], self.names):
                yield from self._with_expression(place, other)

    def _with_expression(self, place: _Place, other: ast.expr) -> Iterator[Mutant]:
        context = getattr(place.node, "ctx", None)
        if context is not None and not isinstance(context, ast.Load):
            if not hasattr(other, "ctx"):
                return  # nothing can be stored in it
            other = copy.copy(other)
            other.ctx = context  # pyright: ignore[reportAttributeAccessIssue]
        shown = self._shown(place)
        statement = next(node for node in reversed(place.path) if isinstance(node, ast.stmt))
        was, before = _header(shown), _header(statement)
        place.put(other)
        code, now = self._compiled(), _header(shown if shown is not place.node else other)
        after = _header(statement)
        place.put(place.node)
        if code is not None:
            yield from self._new(f"{was} -> {now}", statement, before, after, code)

    def _shown(self, place: _Place) -> ast.AST:
        """The smallest expression around a place that stands once in the solution, or its statement."""
        around = [place.node, *reversed(place.path)]
        if isinstance(place.node, ast.Constant | ast.Name):
            del around[0]  # 1 -> 2 says too little
        for node, parent in pairwise(around):
            if isinstance(node, ast.stmt):
                return node
            part_of_index = isinstance(node, ast.Slice) or parent.__dict__.get("slice") is node
            if isinstance(node, ast.expr) and not part_of_index and self.counts[self.texts[id(node)]] == 1:
                return node
        return self.function

    def _of_statement(self, place: _Place) -> Iterator[Mutant]:
        node, parent = place.node, place.path[-1]
        before = _header(node)
        for what, others in statements.alternatives(node):
            body = getattr(parent, place.field)
            body[place.index : (place.index or 0) + 1] = others
            code = self._compiled()
            body[place.index : (place.index or 0) + len(others)] = [node]
            if code is not None:
                yield from self._new(f"{before} -> {what}", node, before, f"({what})", code)

    def _new(
        self, slip: str, statement: ast.stmt, before: str, after: str, code: CodeType
    ) -> Iterator[Mutant]:
        """The mutant, unless its code has been made before."""
        if (print := _fingerprint(code)) in self.seen:
            return
        self.seen.add(print)
        self.slips[slip] += 1
        if self.slips[slip] > 1:
            slip = f"{slip} ({self.slips[slip]})"
        line = statement.lineno - self.region.start + 1
        yield Mutant(self.function.name, slip, line, before, after, code)

    def _compiled(self) -> CodeType | None:
        """The cell's code as the tree is now; None if that is no Python, such as a break outside a loop."""
        try:
            return compile(ast.fix_missing_locations(self.tree), f"<{self.function.name}>", "exec")
        except (SyntaxError, ValueError, TypeError):
            return None


def _places(node: ast.AST, path: tuple[ast.AST, ...]) -> Iterator[_Place]:
    """Every node below this one, each before its own parts."""
    path = (*path, node)
    for field, value in ast.iter_fields(node):
        for index, part in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(part, ast.AST):
                yield _Place(part, field, index, path)
                if not isinstance(part, ast.JoinedStr):
                    yield from _places(part, path)


def _all_arguments(function: ast.FunctionDef) -> Iterator[ast.arg]:
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _header(node: ast.AST) -> str:
    """A node as one line: of a compound statement the line that ends with a colon."""
    return ast.unparse(node).partition("\n")[0]


def _fingerprint(code: Any) -> Any:
    """What the code does, wherever its lines stand: two mutants of one fingerprint are one."""
    if not isinstance(code, CodeType):
        return repr(code)
    parts = tuple(map(_fingerprint, code.co_consts))
    return code.co_code, parts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
