"""A hint without a right proof at hand: what remains, seen from where the student stands.

Nothing here finds a proof. If a witness is missing or wrong, the left side is computed at small sizes, and
one reads off what the input is multiplied by. Otherwise it is asked which rules together lead from the last
right line to the end (`rules.least`), which says no line and no order.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from .budget import STEP_WORK, OutOfBudget, limit
from .chain import backwards
from .checking import Checker, Proof, Report
from .hints import Hint
from .instances import extended
from .refutation import EntryPoly, expand_at
from .render import plain, plain_entry, plain_monomial
from .rules import least
from .statement import Statement
from .terms import Context, IllFormed

SIZE = 2  # of windows, strides and dilations in the small case; there is one channel
MOST = 12  # entries of the input that are listed


def remaining(statement: Statement, proof: Proof, report: Report) -> Hint:
    """What to do next in a checked proof. Of a wrong witness it says what it should do, in a small case."""
    if report.proved:
        return Hint("The proof is complete.")
    for x in statement.witnesses:
        if report.witness.get(x):
            return Hint(f"{x} is not right yet. {small_case(statement)}")
    try:
        checker = Checker(statement, proof.witness, proof.indices)
    except IllFormed as problem:
        return Hint(str(problem))
    left, right = statement.left, statement.right
    start, goal = (right, left) if proof.lines and backwards(checker, proof) else (left, right)
    good, number, untrue = start, 0, False
    for result, line in zip(report.lines, proof.lines, strict=False):
        if not result.holds:
            untrue = True
            break
        good, number = line, result.number
    where = f"line {number}" if number else plain(start)
    d = statement.dims[0]
    need = None
    with suppress(IllFormed, OutOfBudget):
        need = least(checker.contexts[d], checker.lower(good, d), checker.lower(goal, d))
    rest = f"From {where} to {plain(goal)} there remain, in an order that you find: {need}." if need else ""
    mend = f" First mend line {number + 1}: it does not follow from {where}." if untrue else ""
    return Hint((rest or f"What remains from {where} is more than this hint can see.") + mend)


def small_case(statement: Statement) -> str:
    """What the left side is at small sizes, sorted by the entries of the input."""
    context = statement.context(1)
    values = _values(statement, context)
    if values is None:
        return f"Put the definitions into {plain(statement.left)}, and look at what is multiplied by what."
    try:
        with limit(STEP_WORK):
            found = expand_at(context, statement.goal(1)[0], values, {})
    except OutOfBudget:
        return f"Put the definitions into {plain(statement.left)}, and look at what is multiplied by what."
    shown = ", ".join(f"{x}={v}" for x, v in values.items() if x not in statement.extents)
    alone, beside = _sorted(found, statement.probe or "X")
    lines = [f"  {plain_entry(entry)}: {_sum(terms)}" for entry, terms in sorted(beside.items())[:MOST]]
    more = ["  …"] if len(beside) > MOST else []
    without = [f"  without it: {_sum(alone)}"] if alone else []
    head = f"With {shown}, {plain(statement.left)} is a sum of products. What stands in them beside"
    return "\n".join(
        [
            f"{head} {statement.probe or 'X'}:",
            *lines,
            *more,
            *without,
        ]
    )


def _values(statement: Statement, context: Context) -> dict[str, int] | None:
    """One channel; windows, strides and dilations of SIZE; the first place; an input as short as may be."""
    values = {}
    for x in (*context.sizes, *context.free):
        if x not in statement.extents:
            size = x in statement.sizes and x in statement.positions
            values[x] = max(SIZE if size else 1, context.sizes.get(x, 1))
    lengths = {x: max(context.sizes.get(x, 1), 1) for x in statement.extents}
    return extended(context, values, lengths)


def _sorted(found: EntryPoly, probe: str) -> tuple[list[str], dict]:
    """The terms without the input, and those beside each of its entries."""
    alone: list[str] = []
    beside: dict = {}
    for mono, number in sorted(found.items(), key=lambda item: item[0]):
        inputs = [entry for entry in mono if entry[0] == probe]
        rest = tuple(entry for entry in mono if entry[0] != probe)
        text = plain_monomial(rest) if rest else "1"
        text = text if number == 1 else f"{number}*{text}"
        if len(inputs) == 1:
            beside.setdefault(inputs[0], []).append(text)
        else:
            alone.append(text)
    return alone, beside


def _sum(terms: Iterable[str]) -> str:
    return " + ".join(terms)
