"""Do conditions follow from conditions, over the integers? Sound and incomplete.

To show  H implies p >= 0  we show that  H together with  p <= -1  has no integer solution. For that we
treat every monomial as an unknown of its own (forgetting that s*i is a product only gives MORE solutions),
eliminate unknowns by Fourier-Motzkin, and tighten each row by the gcd of its coefficients. A contradiction
found this way is a contradiction. Throwing a row away is sound too (fewer hypotheses), so every limit below
only costs completeness.

Symbolic strides need one non-linear fact: from g >= 0 and s >= 0 follows s*g >= 0. Such products are added
for sizes s that occur in products already, and what a product of sizes is at least.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from . import polynomials as po
from .budget import spend
from .polynomials import Monomial, Poly
from .terms import FALSE, Cond, Context, at_least, is_trivial, normal, substitute_cond

MAX_ROWS = 300
MAX_PRODUCTS = 80
MAX_COEFFICIENT = 10**12


def infeasible(conds: Iterable[Cond]) -> bool:
    """True only if no integers satisfy all the conditions."""
    rows: set[Poly] = set()
    for kind, p in solved(conds):
        rows.add(p)
        if kind == "eq":  # an equality without a unit coefficient is two inequalities
            rows.add(po.scale(p, -1))
    return _eliminate(rows)


def solved(conds: Iterable[Cond]) -> list[Cond]:
    """The conditions with each  x == q  used up: x is replaced by q everywhere. [FALSE] if one fails.

    The new conditions have a solution exactly if the old ones have.
    """
    conds = list(dict.fromkeys(map(normal, conds)))
    while FALSE not in conds:
        known = set(conds)  # p >= 0 and -p >= 0 are p == 0
        conds = [normal(("eq", p)) if ("ge", po.scale(p, -1)) in known else (k, p) for k, p in conds]
        step = next(
            ((c, x, q) for c in conds if c[0] == "eq" for x, q in po.unit_solutions(c[1], po.names(c[1]))),
            None,
        )
        if step is None:
            return conds
        used, x, q = step
        conds = list(dict.fromkeys(substitute_cond(c, {x: q}) for c in conds if c != used))
    return [FALSE]


def _eliminate(rows: set[Poly]) -> bool:
    """Fourier-Motzkin: is the system  all rows >= 0  shown to be empty?"""
    while True:
        rows.discard(po.ZERO)
        uses: dict[Monomial, list[int]] = {}  # unknown -> [rows with positive, with negative coefficient]
        for row in rows:
            for mono, coef in row:
                if mono:
                    uses.setdefault(mono, [0, 0])[coef < 0] += 1
        spend(4 * len(rows) + 4)
        if not uses:
            return any((po.as_constant(r) or 0) < 0 for r in rows)
        best = min(uses, key=lambda m: (uses[m][0] * uses[m][1], m))
        if uses[best][0] * uses[best][1] > MAX_ROWS:
            return False
        lower, upper, rest = [], [], set()
        for row in rows:
            coef = next((c for m, c in row if m == best), 0)
            if coef > 0:
                lower.append((row, coef))
            elif coef < 0:
                upper.append((row, -coef))
            else:
                rest.add(row)
        for r, a in lower:  # a*x + r' >= 0 and -b*x + q' >= 0  give  b*r' + a*q' >= 0
            for q, b in upper:
                cond = normal(("ge", po.add(po.scale(r, b), q, a)))
                if cond == FALSE:
                    return True
                if all(abs(c) <= MAX_COEFFICIENT for _, c in cond[1]):
                    rest.add(cond[1])
        if len(rest) > MAX_ROWS:
            return False
        rows = rest


def entails(ctx: Context, hypotheses: Iterable[Cond], goal: Cond) -> bool:
    """True only if every integer point satisfying the context's and the given hypotheses satisfies the
    goal.
    """
    goal = normal(goal)
    if is_trivial(goal):
        return True
    if goal[0] == "eq":
        opposite = ("ge", po.scale(goal[1], -1))
        return entails(ctx, hypotheses, ("ge", goal[1])) and entails(ctx, hypotheses, opposite)
    # Only hypotheses that share names with the goal, directly or through others, are used. (Sound: fewer of
    # them.)
    relevant = _connected(ctx, [*ctx.hypotheses, *map(normal, hypotheses)], po.names(goal[1]))
    for kind, p in relevant:  # the usual case, without elimination: goal = hypothesis + constant >= 0
        gap = po.as_constant(po.subtract(goal[1], p)) if kind == "ge" else None
        if gap is not None and gap >= 0:
            return True
    key = (frozenset(relevant), goal)
    if key not in ctx.cache:
        negated = ("ge", po.subtract(po.constant(-1), goal[1]))
        ctx.cache[key] = _contradictory(ctx, [*relevant, negated])
    return ctx.cache[key]


def impossible(ctx: Context, conds: Iterable[Cond]) -> bool:
    """True only if the conditions contradict one another or the context's hypotheses."""
    conds = list(map(normal, conds))
    if FALSE in conds:
        return True
    system = _connected(ctx, [*ctx.hypotheses, *conds], set().union(*(po.names(p) for _, p in conds)))
    key = frozenset(system)
    if key not in ctx.cache:
        ctx.cache[key] = _contradictory(ctx, system)
    return ctx.cache[key]


def _contradictory(ctx: Context, system: list[Cond]) -> bool:
    if infeasible(system):
        return True
    for conds in dict.fromkeys((tuple(system), tuple(solved(system)))):
        extra = _products(ctx, conds)
        if extra and infeasible([*conds, *extra]):
            return True
    return False


def _products(ctx: Context, system: Sequence[Cond]) -> list[Cond]:
    """s*g >= 0 (s*g == 0) for g >= 0 (g == 0) in the system and s a product of non-negative sizes, where
    s*g only speaks about monomials that help: one of them occurs in the system already."""
    sizes = {x for x, least in ctx.sizes.items() if least >= 0}
    monomials = {m for _, p in system for m, _ in p if len(m) > 1}
    factors: set[Monomial] = set()
    for m in monomials:
        for i, x in enumerate(
            m
        ):  # every way to write m as (product of sizes) * name, and as a product of sizes
            rest = m[:i] + m[i + 1 :]
            if sizes.issuperset(rest):
                factors.add(rest)
            if x in sizes:
                factors.add((x,))
    # a product of sizes is at least the product of their least values
    out = [
        at_least(((m, 1),), po.constant(math.prod(ctx.sizes[x] for x in m)))
        for m in sorted(monomials)
        if sizes.issuperset(m)
    ]
    for s in sorted(factors, key=lambda f: (len(f), f)):
        for kind, g in system:
            if len(g) > 5:
                continue
            product = po.multiply(((s, 1),), g)
            if any(m in monomials for m, _ in product):
                out.append(normal((kind, product)))
    out = list(dict.fromkeys(out))
    out.sort(key=lambda c: (len(c[1]), max((len(m) for m, _ in c[1]), default=0)))
    return out[:MAX_PRODUCTS]


def _connected(ctx: Context, conds: list[Cond], names: set[str]) -> list[Cond]:
    """Those conditions that share names with `names`, directly or through other conditions.

    In two and three dimensions this keeps rows and columns apart, which is what makes the checks fast.
    """
    names = set(names)
    left = [(c, po.names(c[1])) for c in dict.fromkeys(conds)]
    out = []
    while True:
        hit = [e for e in left if e[1] & names or not e[1]]
        spend(len(left) + 1)
        if not hit:
            return out
        out += [c for c, _ in hit]
        left = [e for e in left if e not in hit]
        names = names.union(*(n for _, n in hit))
