"""The one judgement:  equal(ctx, a, b)  -  two terms are equal for all sizes, indices, tensors and rings.

Two items are recognised as equal by a change of summation indices. Left indices x, right indices y:

1. SEARCH (nothing here is trusted): pair the factors of both sides; each pair of accesses to the same
tensor gives
   equations between subscripts; solve them for the x as polynomials sigma(x) in the y.
2. CHECK (everything is verified): all equations become 0 = 0 under sigma, so the summands are equal; in
each pair of
   sums, for any fixed values of the enclosing indices, sigma has a polynomial inverse tau (both
   compositions are the identity), so it is a bijection of integer points; under it the conditions of the
   two sides imply each other, so it maps one FINITE index set onto the other. Reindexing a finite sum by a
   bijection does not change it.

Conditions may use the hypotheses and the conditions of enclosing sums, never those of a neighbouring factor
or term.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from . import polynomials as po
from .budget import OutOfBudget, spend
from .entailment import entails
from .normal import Access, Factor, Group, Item, Lin, Normaliser, Sum, refreshed
from .polynomials import Poly
from .terms import Cond, Context, Term, substitute_cond

ALL = frozenset({"dist", "swap", "onepoint", "affine", "range"})


def equal(
    ctx: Context,
    a: Term,
    b: Term,
    flags: Iterable[str] = ALL,
    unfold: Iterable[str] = (),
    cuts: Iterable[Cond] = (),
) -> bool:
    """True only if a == b for all sizes, all free indices with the hypotheses, all tensors over any
    commutative ring.

    `flags`, `unfold` and `cuts` say which laws may be used. False means "not shown"; OutOfBudget means "too
    large".
    """
    flags, cuts = frozenset(flags), tuple(cuts)
    ways = [(cuts, ()), ((), cuts), (cuts, cuts)] if cuts else [((), ())]
    try:
        return any(_equal(ctx, a, b, flags, tuple(unfold), left, right) for left, right in ways)
    except RecursionError:
        raise OutOfBudget("the formula is nested too deeply") from None


def _equal(
    ctx: Context, a: Term, b: Term, flags: frozenset[str], unfold: tuple[str, ...], cut_a, cut_b
) -> bool:
    normaliser = Normaliser(ctx, flags, unfold)
    left, right = normaliser.run(a, cut_a), normaliser.run(b, cut_b)
    matcher = Matcher(ctx, flags)
    if "dist" not in flags:  # each item on the left has its own partner on the right
        rest = list(refreshed(right, normaliser))
        if len(left) != len(rest):
            return False
        for item in left:
            partner = next((i for i, other in enumerate(rest) if matcher.same(item, other)), None)
            if partner is None:
                return False
            rest.pop(partner)
        return True
    # Multiplied out: a - b is a list of flat items. Collect like items; every coefficient must cancel.
    classes: dict[str, list[list]] = {}
    for coef, factors in left + tuple((-c, f) for c, f in right):
        bucket = classes.setdefault(signature((1, factors)), [])
        for entry in bucket:
            if matcher.same((1, factors), entry[1]):
                entry[0] += coef
                break
        else:
            bucket.append([coef, refreshed(((1, factors),), normaliser)[0]])
    return all(entry[0] == 0 for bucket in classes.values() for entry in bucket)


def signature(item: Item) -> str:
    """Equal for items that can match: tensors, numbers of indices, brackets, coefficients."""
    spend(2 + len(item[1]))
    return f"{item[0]}*" + ".".join(sorted(map(_factor_signature, item[1])))


def _factor_signature(f: Factor) -> str:
    if isinstance(f, Access):
        return f.tensor
    inside = "+".join(sorted(map(signature, f.body)))
    return f"({inside})" if isinstance(f, Group) else f"S{len(f.indices)}({inside})"


class Link(NamedTuple):
    """A pair of sums to be matched; `around`: the numbers of the pairs that enclose it."""

    left: Sum
    right: Sum
    around: tuple[int, ...]


class State(NamedTuple):
    """A partial match."""

    equations: tuple[Poly, ...]  # all that must vanish; checked again at the end
    links: tuple[Link, ...]
    sigma: dict[str, Poly]  # left indices solved for so far
    pending: tuple[Poly, ...]  # equations not yet usable as solutions


class Matcher:
    """Looks for, and then checks, a change of indices that turns one item into another."""

    def __init__(self, ctx: Context, flags: frozenset[str]):
        self.ctx, self.flags = ctx, flags

    def same(self, a: Item, b: Item) -> bool:
        """Are these two closed items equal?"""
        return self.match(a, b) is not None

    def match(self, a: Item, b: Item) -> State | None:
        """The change of indices by which these two closed items are equal."""
        if signature(a) != signature(b):
            return None
        found = map(self.finish, self.factors(a[1], b[1], State((), (), {}, ()), ()))
        return next((st for st in found if st is not None), None)

    # ------------------------------------------------------------ search
    def lin(self, a: Lin, b: Lin, st: State, around: tuple[int, ...]) -> Iterator[State]:
        if len(a) != len(b):
            return
        if not a:
            yield st
            return
        mine = signature(a[0])
        for j, other in enumerate(b):
            if signature(other) == mine:
                for st2 in self.factors(a[0][1], other[1], st, around):
                    yield from self.lin(a[1:], b[:j] + b[j + 1 :], st2, around)

    def factors(self, a: tuple[Factor, ...], b: tuple[Factor, ...], st: State, around: tuple[int, ...]):
        """Pair the factors of two products, those with the fewest possible partners first."""
        if len(a) != len(b):
            return
        count = {
            f.tensor: sum(isinstance(g, Access) and g.tensor == f.tensor for g in b)
            for f in a
            if isinstance(f, Access)
        }
        ordered = sorted(
            a,
            key=lambda f: (count[f.tensor], sum(map(len, f.index))) if isinstance(f, Access) else (10**6, 0),
        )
        yield from self.product(tuple(ordered), b, st, around)

    def product(self, a: tuple[Factor, ...], b: tuple[Factor, ...], st: State, around: tuple[int, ...]):
        if not a:
            yield st
            return
        tried = set()
        for j, other in enumerate(b):
            if isinstance(other, Access):
                if other in tried:  # a second copy of the same factor leads nowhere new
                    continue
                tried.add(other)
            for st2 in self.factor(a[0], other, st, around):
                yield from self.product(a[1:], b[:j] + b[j + 1 :], st2, around)

    def factor(self, a: Factor, b: Factor, st: State, around: tuple[int, ...]) -> Iterator[State]:
        spend(20)
        if isinstance(a, Access):
            if isinstance(b, Access) and a.tensor == b.tensor:
                st2 = self.equate(st, [po.subtract(p, q) for p, q in zip(a.index, b.index, strict=True)])
                if st2 is not None and self.promising(st2, st):
                    yield st2
        elif isinstance(a, Group):
            if isinstance(b, Group):
                yield from self.lin(a.body, b.body, st, around)
        elif isinstance(b, Sum) and len(a.indices) == len(b.indices):
            number = len(st.links)
            st = st._replace(links=(*st.links, Link(a, b, around)))
            yield from self.lin(a.body, b.body, st, (*around, number))

    def equate(self, st: State, equations: list[Poly]) -> State | None:
        """Add equations and solve as far as unit coefficients go. None: they cannot hold identically."""
        unknown = {x for link in st.links for x in link.left.indices}
        sigma, todo, pending = dict(st.sigma), [*equations], list(st.pending)
        while todo:
            e = po.substitute(todo.pop(), sigma)
            g = po.content(e)
            if not e:
                continue
            if g == 0 or not po.names(e) & unknown:
                return None  # a non-zero polynomial in names that sigma does not touch
            if g > 1 and all(c % g == 0 for _, c in e):
                e = tuple((m, c // g) for m, c in e)
            solution = min(po.unit_solutions(e, unknown), key=lambda s: len(s[1]), default=None)
            if solution is None:
                pending.append(e)
                continue
            x, q = solution
            sigma = {y: po.substitute(p, {x: q}) for y, p in sigma.items()}
            sigma[x] = q
            todo += pending
            pending = []
        return State(st.equations + tuple(equations), st.links, sigma, tuple(pending))

    def promising(self, st: State, before: State) -> bool:
        """Give up early if a condition on solved indices fails already (keeps repeated factors from n!
        tries).
        """
        if len(st.links) != 1 or st.sigma.keys() == before.sigma.keys():
            return True
        link = st.links[0]
        mine = set(link.left.indices)
        solved = {x for x, p in st.sigma.items() if not po.names(p) & mine}
        return all(
            self.follows(substitute_cond(c, st.sigma), link.right.conds, ())
            for c in link.left.conds
            if po.names(c[1]) & mine <= solved
        )

    def follows(self, cond: Cond, conds: tuple[Cond, ...], around: tuple[Cond, ...]) -> bool:
        if cond in conds:
            return True
        return "range" in self.flags and entails(self.ctx, around + conds, cond)

    def finish(self, st: State) -> State | None:
        """Indices that no subscript determines are tried one by one; then check."""
        for link in st.links:
            for x in link.left.indices:
                if x not in st.sigma:
                    taken = set().union(*(po.names(p) for p in st.sigma.values()))
                    single = {po.as_name(p) for p in st.sigma.values()}
                    guesses = [po.variable(y) for y in link.right.indices if y not in single]
                    if "affine" in self.flags:
                        free = [y for y in link.right.indices if y not in taken]
                        guesses += _by_the_ranges(link, x, free)
                    for guess in guesses:
                        spend(20)
                        st2 = self.equate(st, [po.subtract(po.variable(x), guess)])
                        if st2 is not None and x in st2.sigma and self.promising(st2, st):
                            found = self.finish(st2)
                            if found is not None:
                                return found
                    return None
        return st if not st.pending and self.check(st) else None

    # ------------------------------------------------------------ check
    def check(self, st: State) -> bool:
        """Is sigma what the module's head promises? This alone decides."""
        sigma = st.sigma
        if any(po.substitute(e, sigma) for e in st.equations):
            return False
        lefts = {x for link in st.links for x in link.left.indices}
        if any(po.names(sigma[x]) & lefts for x in lefts):
            return False
        for link in st.links:
            mine, theirs = link.left.indices, link.right.indices
            outer = {y for n in link.around for y in st.links[n].right.indices}
            foreign = {y for other in st.links for y in other.right.indices} - set(theirs) - outer
            if any(po.names(sigma[x]) & foreign for x in mine):
                return False
            tau = inverse({x: sigma[x] for x in mine}, theirs)
            if tau is None:
                return False
            if "affine" not in self.flags and any(po.as_name(sigma[x]) is None for x in mine):
                return False
            around = tuple(c for n in link.around for c in st.links[n].right.conds)
            left = tuple(substitute_cond(c, sigma) for c in link.left.conds)
            if not all(self.follows(c, link.right.conds, around) for c in left):
                return False
            if not all(self.follows(c, left, around) for c in link.right.conds):
                return False
            if "swap" not in self.flags and not self.order_kept(link, sigma):
                return False
        return True

    @staticmethod
    def order_kept(link: Link, sigma: dict[str, Poly]) -> bool:
        """Policy only: can both nestings be read off one common order of the indices?"""
        image = {x: po.as_name(p) for x, p in sigma.items()}
        before = {(image[x], image[y]) for x, y in link.left.order} | set(link.right.order)
        left = set(link.right.indices)
        while left:
            first = [y for y in left if not any((z, y) in before for z in left)]
            if not first:
                return False
            left -= set(first)
        return True


def _by_the_ranges(link: Link, x: str, theirs: list[str]) -> Iterator[Poly]:
    """Maps that take the range of y to that of x: forwards, x - least = y - least, or backwards."""

    def bounds(s: Sum, x: str) -> tuple[list[Poly], list[Poly]]:
        ends: tuple[list[Poly], list[Poly]] = ([], [])
        for kind, p in s.conds:
            for _, q in po.unit_solutions(p, [x]) if kind == "ge" else ():
                ends[((x,), 1) not in p].append(q)
        return ends

    for y in theirs:
        for low, (lows, highs) in itertools.product(bounds(link.left, x)[0], [bounds(link.right, y)]):
            yield from (po.add(low, po.subtract(po.variable(y), other)) for other in lows if other != low)
            yield from (po.add(low, po.subtract(other, po.variable(y))) for other in highs)


def inverse(sigma: dict[str, Poly], theirs: tuple[str, ...]) -> dict[str, Poly] | None:
    """tau with tau(sigma(y)) = y and sigma(tau(x)) = x as polynomials (other names being constants), or
    None.
    """
    tau: dict[str, Poly] = {}
    todo = [po.subtract(po.variable(x), p) for x, p in sigma.items()]
    progress = True
    while progress and todo:
        progress = False
        for e in todo:
            solution = next(po.unit_solutions(e, set(theirs) - set(tau)), None)
            if solution is not None:
                y, q = solution
                rest = [po.substitute(f, {y: q}) for f in todo if f is not e]
                tau = {z: po.substitute(p, {y: q}) for z, p in tau.items()}
                tau[y] = q
                todo, progress = rest, True
                break
    if set(tau) != set(theirs) or any(po.names(p) & set(theirs) for p in tau.values()):
        return None
    if any(po.substitute(p, tau) != po.variable(x) for x, p in sigma.items()):
        return None
    if any(po.substitute(p, sigma) != po.variable(y) for y, p in tau.items()):
        return None
    return tau
