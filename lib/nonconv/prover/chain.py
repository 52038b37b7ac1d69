"""The prover. Both sides are unfolded and multiplied out; what the input is multiplied by is the kernel.

A witness stands on the right side beside accesses of the input: O[m, l, t] beside X[m, s*(i-1)+t]. On the
left, each summand has an access of the input, too. That both are the same place is one equation for each
index, and the sum of the left's other factors under these equations is the witness.

The chain is: the left side unfolded, multiplied out, put in order by the right side's index ("regroup"), and
the right side unfolded, backwards.
"""

from __future__ import annotations

from nonconv.proofs import polynomials as po
from nonconv.proofs.checking import Proof
from nonconv.proofs.dimensions import Written
from nonconv.proofs.rules import Reason
from nonconv.proofs.statement import Statement
from nonconv.prover.expanding import Expanding, Item, sum_of

INPUT = "X"
Line = tuple[Written, Reason | None]  # a line, and the reason by which it follows from the one before


class NotFound(ValueError):
    """The prover has found no witness; the message says where it stopped."""


def prove(statement: Statement) -> Proof:
    """A proof of the statement. It is not judged here. NotFound if a witness is out of the prover's reach."""
    expanding = Expanding(statement)
    taken = expanding.taken
    left = _unfolded(expanding, statement.left)
    right = _unfolded(expanding, statement.right)
    found = {}
    summands = expanding.items(left[-1][0], taken)
    for item in expanding.items(right[-1][0], taken) if statement.witnesses else ():
        name, params, body = _witness(expanding, item, summands)
        found[name] = params, body
    expanding.definitions |= found
    left = _expanded(expanding, left)
    right = _expanded(expanding, _unfolded(expanding, statement.right))
    lines = [line for line, _ in left]
    steps = [reason for _, reason in left[1:]]
    if right[-1][0] != lines[-1]:
        lines.append(right[-1][0])
        steps.append(Reason("regroup"))
    for (line, _), (_, reason) in zip(right[-2::-1], right[:0:-1], strict=True):
        lines.append(line)
        steps.append(reason)
    reasons = tuple(reason for reason in steps if reason is not None)
    return Proof(statement.id, found, tuple(lines), reasons, dict(expanding.own))


def _unfolded(expanding: Expanding, t: Written) -> list[Line]:
    """The lines from t to the same with all definitions put in, one a line."""
    lines: list[Line] = [(t, None)]
    while (name := expanding.next_name(t)) is not None:
        t = expanding.unfold(t, name, expanding.taken)
        lines.append((t, Reason("definition", (name,))))
    return lines


def _expanded(expanding: Expanding, lines: list[Line]) -> list[Line]:
    """The lines and one more: the last one multiplied out, if that changes anything."""
    last = lines[-1][0]
    out = sum_of(expanding.items(last, expanding.taken))
    return lines if out == last else [*lines, (out, Reason("distribute"))]


def _witness(expanding: Expanding, item: Item, summands: list[Item]) -> tuple[str, tuple[str, ...], Written]:
    """The witness in a summand of the right side: its name, its indices, and what it must be."""
    statement = expanding.statement
    asked = [factor for factor in item.factors if factor[1] in statement.witnesses]
    if len(asked) != 1:
        raise NotFound(f"a summand of the right side of {statement.id} has {len(asked)} witnesses, not one")
    (witness,) = asked
    params = [po.as_name(p) for p in witness[2]]
    if any(x is None for x in params):
        raise NotFound(f"{witness[1]} of {statement.id} stands there at an expression, not at names")
    names = tuple(x for x in params if x is not None)
    others = [factor for factor in item.factors if factor is not witness]
    if any(factor[1] != INPUT for factor in others) or item.number != 1:
        raise NotFound(f"beside {witness[1]} of {statement.id} stands something else than {INPUT}")
    fitting = [one for one in summands if len(_inputs(one)) == len(others)]
    parts = []
    for one in fitting:
        one = expanding.renamed(one, expanding.taken | set(names))
        conds = []
        for mine, theirs in zip(_inputs(one), others, strict=True):
            for a, b in zip(mine[2], theirs[2], strict=True):
                conds += _equation(po.subtract(a, b), set(statement.free) - set(names), witness[1])
        rest = tuple(factor for factor in one.factors if factor[:2] != ("acc", INPUT))
        parts.append(Item(one.number, one.ranges, one.conds + tuple(conds), rest))
    shape = statement.definition(witness[1]).shape
    ranges = {x: (po.ONE, last) for x, last in zip(names, shape, strict=True)}
    return witness[1], names, sum_of(_without_points(part, ranges) for part in parts)


def _inputs(item: Item) -> list[Written]:
    return [factor for factor in item.factors if factor[:2] == ("acc", INPUT)]


def _equation(gap: po.Poly, free: set[str], witness: str) -> list[tuple]:
    """gap == 0 as a condition, none where it holds anyway. No free index may stay in it."""
    if not gap:
        return []
    if po.names(gap) & free:
        raise NotFound(f"{witness} would depend on {', '.join(sorted(po.names(gap) & free))}")
    positive = tuple((mono, c) for mono, c in gap if c > 0)
    negative = tuple((mono, -c) for mono, c in gap if c < 0)
    return [("==", positive, negative)]


def _without_points(item: Item, parameters: dict[str, tuple[po.Poly, po.Poly]]) -> Item:
    """Without sums of one term: the condition x == m drops the sum over x, if m has the same range."""
    for cond in item.conds:
        for one, other in ((cond[1], cond[2]), (cond[2], cond[1])):
            x, m = po.as_name(one), po.as_name(other)
            rest = tuple(other for other in item.conds if other is not cond)
            same = any(z == x and parameters.get(m or "") == (low, high) for z, low, high in item.ranges)
            if x is None or m is None or not same or any(x in po.names(p) for c in rest for p in c[1:]):
                continue
            ranges = tuple(one for one in item.ranges if one[0] != x)
            here = {x: po.variable(m)}
            factors = tuple(("acc", f[1], tuple(po.substitute(p, here) for p in f[2])) for f in item.factors)
            return _without_points(Item(item.number, ranges, rest, factors), parameters)
    return item
