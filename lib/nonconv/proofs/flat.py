"""The flat normal form, and the check of a plan that says why two terms have the same one. Trusted.

Multiplied out, a term is a list of items. An item is

    coef * sum over all integers `indices` that satisfy `conds` of the product of `entries`;

the ranges are among the conditions, so the set of points is finite. All summation indices of a question have
names of their own. There are no nested sums, no brackets and no order of factors or sums left.

To show a == b, the items of a and of -b stand in one list, and a plan takes them away, step by step:

    Cut(n, p)            item n is item n where p >= 0  plus  item n where -1 - p >= 0 (the new, last item)
    Empty(n)             no point satisfies the conditions of item n, so it is 0
    Same(n, m, sigma, tau)   item n is  coef_n / coef_m  times item m: its coefficient is added to that of m

sigma gives the indices of n as polynomials in those of m, tau the other way. They have to map the points of
the one item onto the points of the other, one to one, and under them the entries have to be the same. That
is verified here; where the plan comes from does not matter (see planning.py). At the end every coefficient
must be 0. Used are: the laws of a commutative ring, the definitions, and that a sum over a finite set does
not change when its points are renamed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from . import polynomials as po
from .budget import OutOfBudget, spend
from .entailment import entails, impossible
from .polynomials import Poly
from .terms import Cond, Context, Term, is_trivial, normal, range_conds, substitute_cond

MAX_ITEMS = 3000
MAX_LENGTH = 60  # indices, or entries, of one item

Entry = tuple[str, tuple[Poly, ...]]
Map = Mapping[str, Poly]


class Item(NamedTuple):
    """coef * sum_{indices, conds} product of entries."""

    coef: int
    indices: tuple[str, ...] = ()
    conds: tuple[Cond, ...] = ()
    entries: tuple[Entry, ...] = ()


class Cut(NamedTuple):
    """Item n is cut in two by p >= 0."""

    n: int
    p: Poly


class Empty(NamedTuple):
    """Item n is a sum over no points."""

    n: int


class Same(NamedTuple):
    """Item n is like item m, by a change of summation indices."""

    n: int
    m: int
    sigma: Map
    tau: Map


Step = Cut | Empty | Same


def items_of(ctx: Context, a: Term, b: Term, unfold: Iterable[str]) -> tuple[list[Item], int]:
    """The items of a - b, and how many of them are those of a."""
    number, names = itertools.count(), ctx.definitions.keys() & set(unfold)
    left = expand(ctx, a, {}, names, number)
    right = expand(ctx, b, {}, names, number)
    return [*left, *(item._replace(coef=-item.coef) for item in right)], len(left)


def expand(ctx: Context, t: Term, values: Map, unfold: Iterable[str], number: Iterator[int]) -> list[Item]:
    """The items of t, with its free names replaced by `values`."""
    spend(5)
    kind = t[0]
    if kind == "num":
        return [Item(t[1])] if t[1] else []
    if kind == "acc":
        index = tuple(po.substitute(p, values) for p in t[2])
        if t[1] not in unfold:
            return [Item(1, entries=((t[1], index),))]
        d = ctx.definitions[t[1]]
        return expand(ctx, d.body, dict(zip(d.params, index, strict=True)), unfold, number)
    if kind == "add":
        return limited(x for u in t[1:] for x in expand(ctx, u, values, unfold, number))
    if kind == "mul":
        product = [Item(1)]
        for u in t[1:]:
            factor = expand(ctx, u, values, unfold, number)
            product = limited(times(x, y) for x in product for y in factor)
        return product
    inner, conds = dict(values), []
    for x, lo, hi in t[1]:
        new = f"{x}#{next(number)}"
        conds += range_conds([(new, po.substitute(lo, inner), po.substitute(hi, inner))])
        inner[x] = po.variable(new)
    indices = tuple(po.as_name(inner[x]) or x for x, _, _ in t[1])
    outer = Item(1, indices, tuple(conds + [substitute_cond(c, inner) for c in t[2]]))
    return limited(times(outer, x) for x in expand(ctx, t[3], inner, unfold, number))


def times(x: Item, y: Item) -> Item:
    """The product of two items, which share no summation index: (sum_x a)(sum_y b) = sum_{x,y} a b."""
    out = Item(x.coef * y.coef, x.indices + y.indices, x.conds + y.conds, x.entries + y.entries)
    if len(out.indices) > MAX_LENGTH or len(out.entries) > MAX_LENGTH:
        raise OutOfBudget("a product has too many sums or factors")
    return out


def limited(items: Iterable[Item]) -> list[Item]:
    """The items as a list, as long as there are not too many."""
    out = list(itertools.islice(items, MAX_ITEMS + 1))
    spend(5 * len(out))
    if len(out) > MAX_ITEMS:
        raise OutOfBudget("multiplied out, this line has too many terms")
    return out


def cancels(ctx: Context, items: list[Item], plan: Iterable[Step]) -> bool:
    """Does the plan show that the items add up to 0? Everything that it claims is verified."""
    items, gone = list(items), set()
    for step in plan:
        if step.n in gone or not 0 <= step.n < len(items):
            return False
        item = items[step.n]
        if isinstance(step, Cut):
            inside, outside = (normal(("ge", p)) for p in (step.p, po.subtract(po.constant(-1), step.p)))
            items[step.n] = item._replace(conds=(*item.conds, inside))
            items.append(item._replace(conds=(*item.conds, outside)))
            continue
        if isinstance(step, Empty):
            if not impossible(ctx, item.conds):
                return False
        else:
            if step.m == step.n or step.m in gone or not 0 <= step.m < len(items):
                return False
            other = items[step.m]
            if not alike(ctx, item, other, step.sigma, step.tau):
                return False
            items[step.m] = other._replace(coef=other.coef + item.coef)
        gone.add(step.n)
    return all(item.coef == 0 for n, item in enumerate(items) if n not in gone)


def alike(ctx: Context, one: Item, two: Item, sigma: Map, tau: Map) -> bool:
    """Do sigma and tau show that the items are equal but for their coefficients?"""

    def follow(conds: Iterable[Cond], given: tuple[Cond, ...]) -> bool:
        return all(is_trivial(c) or c in given or entails(ctx, given, c) for c in conds)

    def inverse(there: Map, back: Map) -> Iterator[Cond]:
        return (normal(("eq", po.subtract(po.substitute(p, back), po.variable(x)))) for x, p in there.items())

    if sigma.keys() != set(one.indices) or tau.keys() != set(two.indices):
        return False
    # no other item's indices, of which nothing would be known here
    if any(po.names(p) - ctx.globals - tau.keys() for p in sigma.values()):
        return False
    if any(po.names(p) - ctx.globals - sigma.keys() for p in tau.values()):
        return False
    return (
        follow((substitute_cond(c, sigma) for c in one.conds), two.conds)  # sigma maps points to points
        and follow((substitute_cond(c, tau) for c in two.conds), one.conds)  # and so does tau
        and follow(inverse(sigma, tau), one.conds)  # they are inverse to each other
        and follow(inverse(tau, sigma), two.conds)
        and paired(ctx, [(t, [po.substitute(p, sigma) for p in ix]) for t, ix in one.entries], two)
    )


def paired(ctx: Context, entries: list[tuple[str, list[Poly]]], item: Item) -> bool:
    """Are these the item's entries, in any order, at each of its points?"""
    left = list(item.entries)
    for tensor, index in entries:
        for k, (other, theirs) in enumerate(left):
            if tensor == other and all(
                p == q or entails(ctx, item.conds, ("eq", po.subtract(p, q)))
                for p, q in zip(index, theirs, strict=True)
            ):
                del left[k]
                break
        else:
            return False
    return not left
