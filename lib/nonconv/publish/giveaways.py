"""python -m nonconv.publish.giveaways UNIT: which answers that are worth points stand in the unit already.

Each line of a solution is looked for in all that a student can read: the lecture's cells and what they print,
texts, stubs, given cells. Names are aside (nonconv.publish.syntax says what else). A line counts as
found if at least 60 % of it stands in one place; lines that say next to nothing, such as `return x`, do not
count. Formulas between dollar signs are not read.
"""

import argparse
import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nonconv.authoring.percent import UnitError
from nonconv.publish.matching import stands_at
from nonconv.publish.readable import built_lecture, places
from nonconv.publish.solutions import BEGIN, END
from nonconv.publish.statements import (
    assigned_once,
    bound_names,
    computed,
    imported_modules,
    other_names,
    pieces,
    put_in,
    remember,
    statements,
    trees_of,
)
from nonconv.publish.syntax import Reader, Tree
from nonconv.publish.unit import Exercise, Unit, chosen

PART = 0.6  # of a line, that must stand in one place
DISPLAYS = ("Tuple", "List")
LONG, SHORT = 4, 3  # the weight from which on a line counts; in an answer that has no such line


@dataclass(frozen=True)
class Line:
    """A line of a solution that says something, and where it stands: "" if nowhere."""

    text: str
    where: str


@dataclass(frozen=True)
class Answer:
    """An answer that is worth points, and its lines."""

    exercise: str
    name: str
    points: int
    lines: tuple[Line, ...]

    @property
    def found(self) -> int:
        return sum(bool(line.where) for line in self.lines)

    @property
    def share(self) -> float:
        """Of its lines, those that stand somewhere; 0 if all its lines are too short to compare."""
        return self.found / len(self.lines) if self.lines else 0.0


class Readable:
    """All expressions that a student can read in a unit, to look others up."""

    def __init__(self, unit: Unit) -> None:
        found = list(places(unit))
        modules = imported_modules(*(statement for place in found for statement in place.body))
        self.reader = Reader(modules)
        self._by_root: dict[tuple[str, str], dict[Tree, str]] = defaultdict(dict)
        for place in found:
            for tree in trees_of(place.body, self.reader):
                for part in tree.walk():
                    for root in _roots(part):
                        self._by_root[root].setdefault(part, place.name)

    def where(self, pattern: Tree, least: float) -> list[str]:
        """The places where the pattern stands, or the heaviest part of it with that weight at least."""
        parts = {part for part in pattern.walk() if part.weight >= least and part.kind not in DISPLAYS}
        for part in sorted({pattern, *parts}, key=lambda part: (-part.weight, repr(part))):
            *_, root = _roots(part)
            found = [place for tree, place in self._by_root[root].items() if stands_at(part, tree)]
            if found:
                return list(dict.fromkeys(found))
        return []


def _roots(tree: Tree) -> Iterator[tuple[str, str]]:
    """Under which keys a tree is kept: a pattern under the last of them."""
    if tree.kind == "dress":
        yield from _roots(tree.parts[0])
        yield "call", "reshape"
        yield "call", "view"
        return
    yield tree.kind, tree.label
    if tree.kind == "call" and tree.parts[0].kind == "function":
        yield "call", tree.parts[0].label


def answers(unit: Unit) -> list[Answer]:
    """The answers of a unit that are worth points, those first of which most points stand in it."""
    readable = Readable(unit)
    found = [
        Answer(label(exercise), name, points, tuple(_lines(readable, cell.source, name)))
        for exercise in unit.exercises
        for name, cell in exercise.answers.items()
        if (points := sum(check.points for check in exercise.declared.values() if check.answer == name))
    ]
    return sorted(found, key=lambda one: (-one.share * one.points, -one.points))


def label(exercise: Exercise) -> str:
    """An exercise by its folders, such as exercises/07-pooling."""
    return f"{exercise.folder.parent.name}/{exercise.folder.name}"


def _lines(readable: Readable, source: str, name: str) -> Iterator[Line]:
    """The lines of a solution that are long enough to compare, and where each stands."""
    function, body = _solution(source, name)
    variables = bound_names(function)
    modules = readable.reader.modules - variables
    reader = Reader(modules, variables, other_names(body, modules))
    every = [(piece, reader.tree(piece).undressed()) for piece in _pieces(body)]
    least = LONG if any(tree.weight >= LONG for _, tree in every) else SHORT
    counted = [(piece, tree) for piece, tree in every if tree.weight >= least]
    whole = _whole(readable, body, reader)
    found = [readable.where(tree, max(least, PART * tree.weight)) or whole for _, tree in counted]
    often = Counter(place for one in found for place in one)  # one place with all lines says most
    for (piece, _), places_of_it in zip(counted, found, strict=True):
        where = max(places_of_it, key=lambda place: often[place], default="")
        yield Line(" ".join(ast.unparse(piece).split()), where)


def _pieces(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for statement in statements(body):
        for value in computed(statement):
            yield from pieces(value)


def _solution(source: str, name: str) -> tuple[ast.FunctionDef, list[ast.stmt]]:
    """The function of that name in an answer's cell, and those of its statements that are the solution."""
    lines = source.splitlines()
    (function,) = (
        node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name
    )
    solved, inside = set(), False
    for number, line in enumerate(lines, 1):
        inside = BEGIN in line or (inside and END not in line)
        if inside:
            solved.add(number)
    return function, [statement for statement in function.body if statement.lineno in solved]


def _whole(readable: Readable, body: list[ast.stmt], reader: Reader) -> list[str]:
    """Where the whole answer stands, if it is a formula: its result with all earlier lines put in."""
    if not body or not isinstance(body[-1], ast.Return) or body[-1].value is None:
        return []
    if not all(isinstance(statement, ast.Assign) for statement in body[:-1]):
        return []
    values: dict[str, Tree] = {}
    once = assigned_once(body)
    for statement in body[:-1]:
        remember(statement, reader, values, once)
    results = [put_in(reader.tree(piece), values).undressed() for piece in pieces(body[-1].value)]
    results = [tree for tree in results if tree.weight >= LONG]
    found = [readable.where(tree, PART * tree.weight) for tree in results]
    return found[0] if found and all(found) else []


def no_answer_stands_in_the_unit(unit: Unit, exercise: Exercise) -> list[str]:
    """A requirement: of each answer that is worth points, fewer than half of the lines stand in the unit."""
    found = []
    for one in answers_of(unit):
        if one.exercise == label(exercise) and one.share >= 0.5:
            where = "; ".join(dict.fromkeys(line.where for line in one.lines if line.where))
            found.append(
                f"{one.name} ({one.points} points): {one.found} of its {len(one.lines)} lines stand in the"
                f" unit ({where}). Show the method there on another case, or ask for another case here"
            )
    return found


def answers_of(unit: Unit) -> tuple[Answer, ...]:
    """`answers`, computed again only if a file of the unit or its built lecture has changed."""
    built = built_lecture(unit)
    files = [*unit.sources, *([built] if built.exists() else [])]
    return _answers(
        unit.folder, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    )


@lru_cache(maxsize=8)
def _answers(folder: Path, stamps: tuple[tuple[Path, int, int], ...]) -> tuple[Answer, ...]:
    return tuple(answers(Unit(folder)))


def given_away(found: Iterable[Answer], share: float) -> int:
    """The points of the answers of which at least that share of the lines stands in the unit."""
    return sum(one.points for one in found if one.share >= share)


def summary(found: Iterable[Answer]) -> str:
    """One line: how many points have an answer that stands in the unit."""
    found = list(found)
    every = sum(one.points for one in found)
    return (
        f"{given_away(found, 1)} of {every} points have an answer all of whose lines stand in the unit,"
        f" {given_away(found, 0.5)} one of which at least half do"
    )


def table(found: Iterable[Answer]) -> str:
    """Each answer of which something stands in the unit, and below it its lines and where they stand."""
    rows = []
    for one in found:
        if one.found:
            rows.append(
                f"{one.points:3} points  {one.share:4.0%}  {one.exercise}  {one.name}"
                f"  ({one.found} of {len(one.lines)} lines)"
            )
            rows += [f"      {line.where or '–':50} {_short(line.text)}" for line in one.lines]
    return "\n".join(rows)


def _short(text: str, width: int = 100) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.giveaways", description=__doc__)
    parser.add_argument("units", metavar="UNIT", nargs="*", help="such as 03; default: all")
    arguments = parser.parse_args()
    try:
        every: list[Answer] = []
        units = [unit for unit in chosen(Path.cwd(), arguments.units) if unit.notebooks]
        for unit in units:
            found = answers(unit)
            every += found
            print(unit.name, table(found), "", sep="\n")
            short = [f"{one.exercise} {one.name}" for one in found if not one.lines]
            if short:
                print(f"too short to compare: {', '.join(short)}")
            print(f"{unit.name}: {summary(found)}\n")
        if len(units) > 1:
            print(f"all units: {summary(every)}")
    except (UnitError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
