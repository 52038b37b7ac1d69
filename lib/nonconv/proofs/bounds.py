"""Bounds typing: every entry that a formula mentions provably lies inside its tensor.

Equality (equality.py) speaks about total functions, where F[0] is as good as F[1]. Here we make sure that a
line is about finite tensors: under the hypotheses, the ranges and conditions of all sums around it, and the
Iverson brackets that multiply it, each subscript lies between the declared least and greatest index. (A
bracket is a strong zero: where it fails, the product is 0 whatever the other factor is. So a padded access
[1 <= x <= n] * X[x] is fine.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from . import polynomials as po
from .budget import OutOfBudget, limit, spend
from .entailment import entails
from .terms import Cond, Context, Term, at_least, holds, range_conds


@dataclass(frozen=True)
class OutOfRange:
    """An access that is not provably inside its tensor. `instance`: integers at which it is outside, if
    found.
    """

    tensor: str
    slot: int  # counted from 1
    index: po.Poly
    least: po.Poly
    greatest: po.Poly
    instance: tuple[tuple[str, int], ...] | None
    where: Term


def out_of_range(ctx: Context, t: Term, hypotheses: tuple[Cond, ...] = ()) -> Iterator[OutOfRange]:
    """All accesses of t that are not provably in range. The definitions' bodies are checked where they are
    made.
    """
    kind = t[0]
    spend()
    if kind == "acc":
        for slot, (p, (lo, hi)) in enumerate(zip(t[2], ctx.shapes[t[1]], strict=True), 1):
            if not (entails(ctx, hypotheses, at_least(p, lo)) and entails(ctx, hypotheses, at_least(hi, p))):
                yield OutOfRange(t[1], slot, p, lo, hi, _instance(ctx, hypotheses, p, lo, hi), t)
    elif kind == "add":
        for u in t[1:]:
            yield from out_of_range(ctx, u, hypotheses)
    elif kind == "mul":
        factors = list(_factors(t))
        guards = [tuple(_guards(u)) for u in factors]
        for k, u in enumerate(factors):
            given = tuple(c for j, conds in enumerate(guards) if j != k for c in conds)
            yield from out_of_range(ctx, u, hypotheses + given)
    elif kind == "sum":
        yield from out_of_range(ctx, t[3], (*hypotheses, *range_conds(t[1]), *t[2]))


def _factors(t: Term) -> Iterator[Term]:
    """The factors of a product of products: where its brackets stand does not matter."""
    for u in t[1:]:
        yield from _factors(u) if u[0] == "mul" else (u,)


def _guards(t: Term) -> Iterator[Cond]:
    """Conditions without which a factor is certainly 0: those of its Iverson brackets."""
    if t[0] == "mul":
        for u in t[1:]:
            yield from _guards(u)
    elif t[0] == "sum" and not t[1]:
        yield from t[2]
        yield from _guards(t[3])


def definition_out_of_range(ctx: Context, name: str) -> Iterator[OutOfRange]:
    """The accesses of a definition's body that are not in range for all values of its parameters in its
    shape.
    """
    d = ctx.definitions[name]
    yield from out_of_range(ctx.without_free(), d.body, tuple(parameter_conds(ctx, name)))


def parameter_conds(ctx: Context, name: str) -> list[Cond]:
    """least <= parameter <= greatest, for a definition's parameters."""
    shape = ctx.shapes[name]
    return range_conds((x, lo, hi) for x, (lo, hi) in zip(ctx.definitions[name].params, shape, strict=True))


def _instance(ctx: Context, hypotheses: tuple[Cond, ...], p: po.Poly, lo: po.Poly, hi: po.Poly):
    """Small integers with all hypotheses true and p outside lo..hi, or None. Only for the message."""
    conds = [*ctx.hypotheses, *hypotheses]
    wanted = po.names(p) | po.names(lo) | po.names(hi)
    while True:  # the names that matter: those connected with the access
        more = wanted.union(*(po.names(c[1]) for c in conds if po.names(c[1]) & wanted))
        if more == wanted:
            break
        wanted = more
    conds = [c for c in conds if po.names(c[1]) <= wanted]
    names = sorted(wanted, key=lambda x: (x not in ctx.sizes, x))
    conds_at: list[list[Cond]] = [
        [] for _ in names
    ]  # each condition is tested as soon as its names have values
    for c in conds:
        used = po.names(c[1])
        if used:
            conds_at[max(names.index(x) for x in used)].append(c)

    def search(k: int, values: dict[str, int], left: int):
        spend(5)
        if k == len(names):
            return (
                dict(values)
                if not po.evaluate(lo, values) <= po.evaluate(p, values) <= po.evaluate(hi, values)
                else None
            )
        for v in range(0, left + 1):
            values[names[k]] = v
            if all(holds(c, values) for c in conds_at[k]):
                found = search(k + 1, values, left - v)
                if found:
                    return found
        values.pop(names[k], None)
        return None

    try:
        with limit(60_000):
            for total in itertools.count(len(names) // 2):
                found = search(0, {}, total)
                if found or total > 4 * len(names) + 4:
                    return tuple((x, found[x]) for x in names) if found else None
    except OutOfBudget:
        return None
