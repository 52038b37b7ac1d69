"""Small instances: two terms, computed with numbers. Trusted.

At sizes and indices that satisfy the hypotheses, with a random number for each entry of a given tensor,
modulo a prime. Terms that are equal over every commutative ring have equal values, so nothing right is
refused. Terms that differ at those sizes agree by chance with a probability below degree / 2^61. This knows
nothing of normal forms, of conditions that follow from conditions, or of maps between indices. The random
numbers are the same in every run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache

from . import polynomials as po
from .budget import OutOfBudget, limit, spend
from .polynomials import Poly
from .terms import Cond, Context, Term, holds

PRIME = 2**61 - 1
COUNT = 12
CANDIDATES = 200
INSTANCE_WORK = 60_000  # for one value; a larger instance is passed over
MAX_EXTENT = 60  # the longest input that is tried

Values = dict[str, int]


class Instance:
    """Values for sizes and free indices, and numbers for the entries of the given tensors."""

    def __init__(self, ctx: Context, values: Values, seed: int):
        self.ctx, self.values, self.seed = ctx, values, seed
        self.entries: dict[tuple, int] = {}  # of given tensors, and of defined ones, which are computed
        self.lines: dict[Term, int | None] = {}  # a line is compared with the one before and the one after

    def line(self, t: Term) -> int | None:
        """The value of a whole line; None if it is too much work."""
        if t not in self.lines:
            try:
                with limit(INSTANCE_WORK):
                    self.lines[t] = self.value(t, self.values)
            except OutOfBudget:
                spend()  # is it the instance that is too large, or is nothing left of the whole budget?
                self.lines[t] = None
        return self.lines[t]

    def value(self, t: Term, values: Values) -> int:
        """The value of a term, modulo PRIME."""
        kind = t[0]
        spend(3)
        if kind == "num":
            return t[1] % PRIME
        if kind == "acc":
            return self.entry(t[1], tuple(po.evaluate(p, values) for p in t[2]))
        if kind == "add":
            return sum(self.value(u, values) for u in t[1:]) % PRIME
        if kind == "mul":
            product = 1
            for u in t[1:]:
                product = product * self.value(u, values) % PRIME
            return product
        return sum(self.value(t[3], inner) for inner in points(t[1], t[2], values)) % PRIME

    def entry(self, tensor: str, index: tuple[int, ...]) -> int:
        """The value of an entry: computed from the definition, or drawn once and for all."""
        key = (tensor, index)
        if key not in self.entries:
            d = self.ctx.definitions.get(tensor)
            if d is None:
                self.entries[key] = random.Random(f"{self.seed} {tensor} {index}").randrange(PRIME)
            else:
                inner = {x: self.values[x] for x in self.ctx.sizes} | dict(zip(d.params, index, strict=True))
                self.entries[key] = self.value(d.body, inner)
        return self.entries[key]


def points(ranges: tuple, conds: tuple[Cond, ...], values: Values) -> Iterator[Values]:
    """The integer points of a box that satisfy the conditions; a later range may mention an earlier index.

    It is the same dictionary each time, with other numbers in it.
    """
    stages, fixed = schedule(ranges, conds)
    inner = dict(values)

    def search(k: int) -> Iterator[Values]:
        if not all(holds(c, inner) for c in stages[k]):
            return
        if k == len(ranges):
            yield inner
            return
        x, lo, hi = ranges[k]
        first, last = po.evaluate(lo, inner), po.evaluate(hi, inner)
        for q in fixed[k]:  # x == q: the other values need not be tried
            v = po.evaluate(q, inner)
            first, last = max(first, v), min(last, v)
        for v in range(first, last + 1):
            spend(5)
            inner[x] = v
            yield from search(k + 1)

    return search(0)


@lru_cache(maxsize=1000)
def schedule(ranges: tuple, conds: tuple[Cond, ...]) -> tuple[list[list[Cond]], list[list[Poly]]]:
    """The conditions that can be decided when none, one, two, ... of the indices have values; and what the
    next index is equal to by those that are decided then.
    """
    place = {x: k for k, (x, _, _) in enumerate(ranges, 1)}
    stages: list[list[Cond]] = [[] for _ in range(len(ranges) + 1)]
    for c in conds:
        stages[max((place[x] for x in po.names(c[1]) if x in place), default=0)].append(c)
    fixed = [
        [q for c in stage if c[0] == "eq" for _, q in po.unit_solutions(c[1], [x])]
        for stage, (x, _, _) in zip(stages[1:], ranges, strict=True)
    ]
    return stages, fixed


def extended(ctx: Context, values: Values, least: Values) -> Values | None:
    """With extents (lengths of the input) as small as the hypotheses allow; None if they do not allow any."""

    def search(k: int, values: Values) -> Values | None:
        known = values.keys()
        if not all(holds(c, values) for c in ctx.hypotheses if po.names(c[1]) <= known):
            return None
        if k == len(ctx.extents):
            return dict(values)
        for v in range(least[ctx.extents[k]], MAX_EXTENT):
            spend(5 + len(ctx.hypotheses))
            found = search(k + 1, {**values, ctx.extents[k]: v})
            if found:
                return found
        return None

    return search(0, values)


def longer(ctx: Context, values: Values, more: int) -> Values:
    """The same with longer inputs, where the hypotheses allow it: then i = n is not the only index."""
    for x in reversed(ctx.extents):
        tried = {**values, x: values[x] + more}
        values = tried if all(holds(c, tried) for c in ctx.hypotheses) else values
    return values


def instances(ctx: Context) -> Iterator[Instance]:
    """All sizes and indices as small as they may be, then one or two more of some of them."""
    names = [x for x in (*ctx.sizes, *ctx.free) if x not in ctx.extents]
    least = {x: max(ctx.sizes.get(x, 1), 0) for x in (*ctx.sizes, *ctx.free)}
    seen: list[Values] = []
    for n in range(CANDIDATES):
        weights = (3, 4, 1) if len(names) < 9 else (2, 1, 0)  # three dimensions have many points
        more = random.Random(n).choices((0, 1, 2), weights, k=len(names)) if n else [0] * len(names)
        values = extended(ctx, {x: least[x] + v for x, v in zip(names, more, strict=True)}, least)
        values = values and longer(ctx, values, n % 3)
        if values and values not in seen:
            seen.append(values)
            yield Instance(ctx, values, n)


def agree(ctx: Context, a: Term, b: Term) -> bool:
    """Have two terms the same value at COUNT small instances? OutOfBudget: they could not be computed."""
    made, more = ctx.instances, instances(ctx)
    count, largest = 0, float("inf")
    for n in range(CANDIDATES):
        if n == len(made):
            made.append(next((i for i in more if all(i.values != j.values for j in made if j)), None))
        instance = made[n]
        if instance is None:
            break
        size = sum(instance.values.values())
        if size >= largest:  # a smaller one was too large
            continue
        left, right = instance.line(a), instance.line(b)
        if left is None or right is None:
            largest = size
            continue
        if left != right:
            return False
        count += 1
        if count == COUNT:
            return True
    raise OutOfBudget("there are not enough small instances at which this line can be computed")
