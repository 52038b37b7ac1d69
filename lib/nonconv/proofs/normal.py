"""Normal forms: a term as a list of items  coefficient * product of factors.

Each rewriting below is an identity of commutative rings, the one-point law, or a statement about empty or
unconditional sums. The flags say which of them a step may use; they never add a law that is false.

    unfold      replace a defined tensor by its definition (names are made fresh, so nothing is captured)
    "dist"      multiply out; a sum of sums is cut into sums;  (sum_x a)(sum_y b) = sum_{x,y} a b
    "onepoint"  sum_x [x == q] f(x) = f(q), the other conditions taken at q;  [x == q] f(x) = [x == q] f(q)
    "range"     drop conditions that always hold here, drop sums that are provably empty
    cut         [A] = [A and c] + [A and not c]

With "dist" every item is flat: a product of accesses under at most one sum. Without it, products of sums
(`Group`) and nested sums stay as they are written, up to the order of factors and of terms.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from . import polynomials as po
from .budget import OutOfBudget, spend
from .entailment import entails, impossible
from .polynomials import Poly
from .terms import FALSE, Cond, Context, Term, is_trivial, normal, range_conds, substitute_cond

MAX_ITEMS = 3000
MAX_FACTORS = 60
MAX_INDICES = 40


class Access(NamedTuple):
    """An entry of a tensor."""

    tensor: str
    index: tuple[Poly, ...]


class Sum(NamedTuple):
    """A sum over all integer values of `indices` that satisfy `conds` (the ranges are among them)."""

    indices: tuple[str, ...]
    conds: tuple[Cond, ...]
    order: frozenset[tuple[str, str]]  # (x, y): x was written outside y. Only for the policy without "swap".
    body: tuple


class Group(NamedTuple):
    """A bracket ( ... + ... ) that stands as a factor and is not multiplied out."""

    body: tuple


Factor = Access | Sum | Group
Item = tuple[int, tuple[Factor, ...]]
Lin = tuple[Item, ...]


class Normaliser:
    """Brings the two sides of one question into normal form; all summation indices get names of their own."""

    def __init__(self, ctx: Context, flags: frozenset[str], unfold: Iterable[str] = ()):
        self.ctx, self.flags, self.unfold = ctx, flags, ctx.definitions.keys() & set(unfold)
        self.number = itertools.count()

    def run(self, t: Term, cuts: Iterable[Cond] = ()) -> Lin:
        """The normal form of a term."""
        lin = self.expand(t, {})
        for cut in cuts:
            lin = tuple(part for item in lin for part in self.cut(item, cut))
        return self.simplify(lin, ())

    def fresh(self, x: str) -> str:
        return f"{x.split('#')[0]}#{next(self.number)}"

    # ------------------------------------------------------------ unfolding and multiplying out
    def expand(self, t: Term, values: Mapping[str, Poly]) -> Lin:
        """t with its indices replaced by `values`, as items."""
        spend(5)
        kind = t[0]
        if kind == "num":
            return ((t[1], ()),) if t[1] else ()
        if kind == "acc":
            index = tuple(po.substitute(p, values) for p in t[2])
            if t[1] in self.unfold:
                d = self.ctx.definitions[t[1]]
                return self.expand(d.body, dict(zip(d.params, index, strict=True)))
            return ((1, (Access(t[1], index),)),)
        if kind == "add":
            return limited(x for u in t[1:] for x in self.expand(u, values))
        if kind == "mul":
            product: Lin = ((1, ()),)
            for u in t[1:]:
                product = self.times(product, self.expand(u, values))
            return product
        values, indices = dict(values), []
        conds: list[Cond] = []
        for x, lo, hi in t[1]:
            y = self.fresh(x)
            conds += range_conds([(y, po.substitute(lo, values), po.substitute(hi, values))])
            values[x] = po.variable(y)
            indices.append(y)
        conds += [substitute_cond(c, values) for c in t[2]]
        body = tuple(map(pull_out_brackets, self.expand(t[3], values)))
        # ranges side by side may stand in any order, unless one of them mentions the index of another
        order = frozenset(
            (x, y)
            for (x, (name, _, _)), (y, (_, lo, hi)) in itertools.combinations(
                zip(indices, t[1], strict=True), 2
            )
            if name in po.names(lo) | po.names(hi)
        )
        if "dist" in self.flags:  # sum_x (a + b) = sum_x a + sum_x b
            return tuple(make_sum(tuple(indices), tuple(conds), order, (item,)) for item in body)
        return (make_sum(tuple(indices), tuple(conds), order, body),) if body else ()

    def times(self, a: Lin, b: Lin) -> Lin:
        """The product of two lists of items."""
        if "dist" in self.flags:
            return limited((c * d, flat_product(f + g)) for c, f in a for d, g in b)
        if not a or not b:
            return ()
        ((c, f),) = a  # without "dist" the left list is one item: see expand
        d, g = b[0] if len(b) == 1 else (1, (Group(b),))
        if len(f) + len(g) > MAX_FACTORS:
            raise OutOfBudget("a product has too many factors")
        return ((c * d, f + g),)

    def cut(self, item: Item, cut: Cond) -> Iterable[Item]:
        """A sum cut in two by a condition on its indices (named as the student named them)."""
        c, factors = item
        if len(factors) != 1 or not isinstance(factors[0], Sum):
            return [item]
        s = factors[0]
        given = {x.split("#")[0]: po.variable(x) for x in s.indices}
        used = po.names(cut[1])
        if not used & set(given) or not used <= set(given) | self.ctx.globals:
            return [item]
        inside = po.substitute(cut[1], given)
        outside = po.subtract(po.constant(-1), inside)  # not (p >= 0)  is  -1 - p >= 0, p being an integer
        return [(c, (s._replace(conds=(*s.conds, normal(("ge", p)))),)) for p in (inside, outside)]

    # ------------------------------------------------------------ simplification
    def simplify(self, lin: Lin, given: tuple[Cond, ...]) -> Lin:
        """Simplify below the conditions of ENCLOSING sums (`given`); those of a neighbour prove nothing
        here.
        """
        out: list[Item] = []
        for coef, factors in lin:
            spend(5)
            product: Item | None = (coef, ())
            for f in factors:
                part = self.simplify_factor(f, given)
                if part is None:
                    product = None
                    break
                product = (product[0] * part[0], product[1] + part[1])
            if product is not None and product[0]:
                product = pull_out_brackets(product)
                f = product[1]
                if len(f) == 1 and isinstance(f[0], Group) and product[0] == 1:
                    out += f[0].body  # (a + b) alone is a + b
                else:
                    out.append(product)
        return tuple(out)

    def simplify_factor(self, f: Factor, given: tuple[Cond, ...]) -> Item | None:
        """The factor as an item, or None if it is zero."""
        if isinstance(f, Access):
            return (1, (f,))
        if isinstance(f, Group):
            body = self.simplify(f.body, given)
            if len(body) == 1:
                return body[0]
            return (1, (Group(body),)) if body else None
        indices, conds, body = f.indices, tidy(f.conds), f.body
        if "onepoint" in self.flags:
            indices, conds, body = one_point(self.ctx, indices, conds, body)
        if FALSE in conds:
            return None
        if "range" in self.flags:
            if conds and impossible(self.ctx, given + conds):
                return None
            own = set(indices)
            conds = tuple(c for c in conds if po.names(c[1]) & own or not entails(self.ctx, given, c))
        body = self.simplify(body, given + conds)
        if not body:
            return None
        return make_sum(indices, conds, frozenset(e for e in f.order if set(e) <= set(indices)), body)


def limited(items: Iterable[Item]) -> Lin:
    """The items as a tuple, as long as there are not too many."""
    out = []
    for item in items:
        spend(5 + len(item[1]))
        out.append(item)
        if len(out) > MAX_ITEMS:
            raise OutOfBudget("multiplied out, this line has too many terms")
    return tuple(out)


def make_sum(indices: tuple[str, ...], conds: tuple[Cond, ...], order: frozenset, body: Lin) -> Item:
    """sum_{indices, conds} body, joined with a sum directly inside, with an integer factor taken out."""
    coef, only = body[0] if len(body) == 1 else (1, ())
    s = only[0] if len(only) == 1 else None
    if isinstance(s, Sum):
        if len(indices) + len(s.indices) > MAX_INDICES:
            raise OutOfBudget("too many sums are nested")
        order = order | s.order | frozenset(itertools.product(indices, s.indices))
        conds = tidy(conds + s.conds)
        if indices or s.indices or conds:
            return (coef, (Sum(indices + s.indices, conds, order, s.body),))
        return (coef, (Group(s.body),))
    if not indices and not conds:
        return body[0] if len(body) == 1 else (1, (Group(body),))
    if len(body) == 1:
        return (coef, (Sum(indices, conds, order, ((1, only),)),))
    return (1, (Sum(indices, conds, order, body),))


def flat_product(factors: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """(sum_x a)(sum_y b) c = sum_{x,y} a b c; the indices of different factors have different names."""
    sums = [f for f in factors if isinstance(f, Sum)]
    if len(factors) > MAX_FACTORS:
        raise OutOfBudget("a product has too many factors")
    if not sums or len(factors) == 1:
        return factors
    if any(len(s.body) != 1 or s.body[0][0] != 1 for s in sums):  # never so when all is multiplied out
        return factors
    inner = tuple(g for f in factors for g in (f.body[0][1] if isinstance(f, Sum) else (f,)))
    indices = tuple(x for s in sums for x in s.indices)
    if len(indices) > MAX_INDICES or len(inner) > MAX_FACTORS:
        raise OutOfBudget("too many sums or factors in one product")
    conds = tuple(c for s in sums for c in s.conds)
    return (Sum(indices, conds, frozenset().union(*(s.order for s in sums)), ((1, inner),)),)


def pull_out_brackets(item: Item) -> Item:
    """[A] a * [B] b * c = [A and B] a b c: a bracket has no indices, so nothing is multiplied out."""
    coef, factors = item
    if len(factors) < 2:
        return item
    brackets = [f for f in factors if isinstance(f, Sum) and not f.indices and len(f.body) == 1]
    if not brackets:
        return item
    inner = tuple(
        g for f in factors for g in (f.body[0][1] if isinstance(f, Sum) and f in brackets else (f,))
    )
    for f in brackets:
        coef *= f.body[0][0]
    made = make_sum((), tuple(c for f in brackets for c in f.conds), frozenset(), ((1, inner),))
    return (coef * made[0], made[1])


def tidy(conds: Iterable[Cond]) -> tuple[Cond, ...]:
    """Conditions in normal form, without repetition and without those that always hold; p >= 0 and -p >= 0
    are p == 0.
    """
    found = dict.fromkeys(map(normal, conds))
    both = (
        normal(("eq", c[1])) if c[0] == "ge" and ("ge", po.scale(c[1], -1)) in found else c for c in found
    )
    return tuple(c for c in dict.fromkeys(both) if not is_trivial(c))


def one_point(
    ctx: Context,
    indices: tuple[str, ...],
    conds: tuple[Cond, ...],
    body: Lin,
    gone: dict[str, Poly] | None = None,
):
    """Use up equalities, in an order that does not depend on how the formula was written.

    `gone` gets the indices that are used up, with what they are equal to.
    """
    conds = tuple(sorted(conds, key=_shape))
    while True:  # an own index x with x == q: only x = q is left of the sum
        step = next(
            ((c, x, q) for c in conds if c[0] == "eq" for x, q in po.unit_solutions(c[1], indices)), None
        )
        if step is None:
            break
        used, x, q = step
        conds = tidy(substitute_cond(c, {x: q}) for c in conds if c != used)
        body = substitute_lin(body, {x: q})
        indices = tuple(y for y in indices if y != x)
        if gone is not None:
            gone |= {y: po.substitute(p, {x: q}) for y, p in gone.items()} | {x: q}
    for used in [c for c in conds if c[0] == "eq"]:  # a name from outside: replace it, but keep the condition
        if used in conds:
            step = max(
                po.unit_solutions(used[1], po.names(used[1]) - set(ctx.sizes) - set(indices)), default=None
            )
            if step:
                conds = (used, *tidy(substitute_cond(c, {step[0]: step[1]}) for c in conds if c != used))
                body = substitute_lin(body, {step[0]: step[1]})
    return indices, conds, body


def _shape(cond: Cond) -> tuple:
    """The same for conditions that differ by the names of summation indices only."""
    return cond[0], sorted((sorted("#" if "#" in x else x for x in m), c) for m, c in cond[1])


def substitute_lin(lin: Lin, values: Mapping[str, Poly]) -> Lin:
    """Replace free names in items."""
    return tuple((c, tuple(substitute_factor(f, values) for f in factors)) for c, factors in lin)


def substitute_factor(f: Factor, values: Mapping[str, Poly]) -> Factor:
    """Replace free names in a factor (bound names are unique, so they are never among them)."""
    spend(3)
    if isinstance(f, Access):
        return Access(f.tensor, tuple(po.substitute(p, values) for p in f.index))
    if isinstance(f, Group):
        return Group(substitute_lin(f.body, values))
    return Sum(
        f.indices, tidy(substitute_cond(c, values) for c in f.conds), f.order, substitute_lin(f.body, values)
    )


def refreshed_names(item: Item, new: Mapping[str, str]) -> Item:
    """A flat item with other names for its summation indices."""

    def factor(f: Factor) -> Factor:
        if isinstance(f, Access):
            return Access(f.tensor, tuple(po.rename(p, new) for p in f.index))
        assert isinstance(f, Sum)  # a flat item has no brackets
        conds = tuple(normal((kind, po.rename(p, new))) for kind, p in f.conds)
        body = tuple((c, tuple(map(factor, factors))) for c, factors in f.body)
        return Sum(tuple(new[x] for x in f.indices), conds, frozenset(), body)

    return item[0], tuple(map(factor, item[1]))


def refreshed(lin: Lin, normaliser: Normaliser, new: Mapping[str, str] | None = None) -> Lin:
    """The same items with new names for all summation indices, so that two items never share one."""
    new = dict(new or {})

    def factor(f: Factor, new: dict[str, str]) -> Factor:
        spend(3)
        if isinstance(f, Access):
            return Access(f.tensor, tuple(po.rename(p, new) for p in f.index))
        if isinstance(f, Group):
            return Group(refreshed(f.body, normaliser, new))
        new = {**new, **{x: normaliser.fresh(x) for x in f.indices}}
        return Sum(
            tuple(new[x] for x in f.indices),
            tuple(normal((k, po.rename(p, new))) for k, p in f.conds),
            frozenset((new[x], new[y]) for x, y in f.order),
            refreshed(f.body, normaliser, new),
        )

    return tuple((c, tuple(factor(f, new) for f in factors)) for c, factors in lin)
