"""Refutation: the smallest sizes at which two lines differ, and an instance with small integers in which
one can see it.

At fixed sizes and indices a line is a polynomial in finitely many tensor entries, with integer
coefficients. Two lines are equal over every commutative ring exactly if these polynomials are equal; so at
each size the test is complete, and it needs no random numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from . import polynomials as po
from .budget import OutOfBudget, limit, spend
from .instances import extended, longer, points
from .terms import Context, Term

Entry = tuple[str, tuple[int, ...]]
EntryPoly = dict[tuple[Entry, ...], int]

MAX_EXPANDED_MONOMIALS = 20_000  # of one side, with numbers for all sizes
REFUTATION_WORK = 1_500_000  # units of budget.py, for all points together
POINT_WORK = 400_000  # for one point
MAX_POINTS = 400


@dataclass(frozen=True)
class Counterexample:
    """Sizes and indices, what only one of the lines contains, and entries at which their values differ."""

    values: tuple[tuple[str, int], ...]
    only_before: tuple[tuple[Entry, ...], ...]
    only_after: tuple[tuple[Entry, ...], ...]
    entries: tuple[tuple[Entry, int], ...]  # all others are 0
    before: int
    after: int


def refute(ctx: Context, a: Term, b: Term, work: float = REFUTATION_WORK) -> Counterexample | None:
    """A counterexample to a == b, or None if none is found at small sizes within the budget."""
    try:
        with limit(work):
            for values in small_points(ctx):
                try:
                    with limit(POINT_WORK):
                        found = compare_at(ctx, a, b, values)
                except OutOfBudget:
                    continue
                if found:
                    return found
    except (OutOfBudget, RecursionError):
        pass
    return None


def small_points(ctx: Context) -> Iterator[dict[str, int]]:
    """Values of sizes and free indices that satisfy the hypotheses, the smallest first."""
    names = [x for x in (*ctx.sizes, *ctx.free) if x not in ctx.extents]
    least = {x: max(ctx.sizes.get(x, 1), 0) for x in (*ctx.sizes, *ctx.free)}
    big = [dict.fromkeys(names, 2), dict.fromkeys(names, 3)]
    few, many = list(_by_excess(names, least, range(2))), _by_excess(names, least, range(2, 5))
    tries = itertools.chain(((v, 0) for v in few), ((v, 1) for v in few), ((v, 0) for v in (*many, *big)))
    seen: set[tuple] = set()
    for values, more in tries:
        spend(10 * len(names) + 10)
        found = extended(ctx, values, least)
        if found is None:
            continue
        complete = longer(ctx, found, more)
        if tuple(complete.items()) not in seen:
            yield complete
            seen.add(tuple(complete.items()))
            if len(seen) == MAX_POINTS:
                return


def _by_excess(names: list[str], least: dict[str, int], most: range) -> Iterator[dict[str, int]]:
    for excess in most:
        for grown in itertools.combinations_with_replacement(names, excess):
            values = {x: least[x] for x in names}
            for x in grown:
                values[x] += 1
            yield values


def compare_at(ctx: Context, a: Term, b: Term, values: dict[str, int]) -> Counterexample | None:
    """Compare two terms at fixed sizes and indices."""
    memo: dict = {}
    p, q = expand_at(ctx, a, values, memo), expand_at(ctx, b, values, memo)
    gap = {m: p.get(m, 0) - q.get(m, 0) for m in {*p, *q} if p.get(m, 0) != q.get(m, 0)}
    if not gap:
        return None

    def inside(m: tuple[Entry, ...]) -> bool:  # prefer entries that the finite tensors really have
        return all(
            po.evaluate(lo, values) <= x <= po.evaluate(hi, values)
            for t, ix in m
            for x, (lo, hi) in zip(ix, ctx.shapes[t], strict=True)
        )

    chosen = min(gap, key=lambda m: (not inside(m), len(set(m)), len(m), m))
    support = sorted(set(chosen))
    for numbers in itertools.product((1, 2, 3), repeat=min(len(support), 6)):
        at = dict(zip(support, numbers, strict=False)) | dict.fromkeys(support[6:], 1)
        before, after = value_at(p, at), value_at(q, at)
        if before != after:
            break
    order = sorted(gap, key=lambda m: (len(m), m))
    return Counterexample(
        tuple((x, values[x]) for x in (*ctx.sizes, *ctx.free)),
        tuple(m for m in order if gap[m] > 0)[:6],
        tuple(m for m in order if gap[m] < 0)[:6],
        tuple(at.items()),
        before,
        after,
    )


def value_at(p: EntryPoly, at: dict[Entry, int]) -> int:
    """The value of a polynomial in entries, entries not named being 0."""
    total = 0
    for mono, coef in p.items():
        for e in mono:
            coef *= at.get(e, 0)
        total += coef
    return total


def expand_at(ctx: Context, t: Term, values: dict[str, int], memo: dict) -> EntryPoly:
    """The value of t at given sizes and indices, as a polynomial in the entries of the undefined tensors."""
    kind = t[0]
    spend(3)
    if kind == "num":
        return {(): t[1]} if t[1] else {}
    if kind == "acc":
        index = tuple(po.evaluate(p, values) for p in t[2])
        if t[1] not in ctx.definitions:
            return {((t[1], index),): 1}
        key = (t[1], index)
        if key not in memo:
            d = ctx.definitions[t[1]]
            inner = {x: values[x] for x in ctx.sizes} | dict(zip(d.params, index, strict=True))
            memo[key] = expand_at(ctx, d.body, inner, memo)
        return memo[key]
    if kind == "mul":
        product: EntryPoly = {(): 1}
        for u in t[1:]:
            product = _multiply(product, expand_at(ctx, u, values, memo))
        return product
    total: EntryPoly = {}
    if kind == "add":
        for u in t[1:]:
            _accumulate(total, expand_at(ctx, u, values, memo))
    else:
        for inner in points(t[1], t[2], values):
            _accumulate(total, expand_at(ctx, t[3], inner, memo))
    return {m: c for m, c in total.items() if c}


def _accumulate(total: EntryPoly, p: EntryPoly) -> None:
    spend(len(p) + 1)
    for m, c in p.items():
        total[m] = total.get(m, 0) + c
    if len(total) > MAX_EXPANDED_MONOMIALS:
        raise OutOfBudget("too many monomials")


def _multiply(p: EntryPoly, q: EntryPoly) -> EntryPoly:
    out: EntryPoly = {}
    for m, c in p.items():
        for n, d in q.items():
            key = tuple(sorted(m + n))
            spend(2 + len(key))
            out[key] = out.get(key, 0) + c * d
        if len(out) > MAX_EXPANDED_MONOMIALS:
            raise OutOfBudget("too many monomials")
    return {m: c for m, c in out.items() if c}
