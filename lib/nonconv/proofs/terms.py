"""Terms: finite indexed sums over an arbitrary commutative ring, as plain nested tuples.

    term = ("num", n)                          an integer, seen in the ring
         | ("acc", T, (poly, ...))             an entry of the tensor T
         | ("add", term, term, ...)
         | ("mul", term, term, ...)
         | ("sum", ((x, lo, hi), ...), (cond, ...), term)
    cond = ("ge", poly)   poly >= 0
         | ("eq", poly)   poly == 0

Meaning. Tensors are total functions from integer points to the ring. A sum runs over the FINITE set of
integer points of its box (a later range may mention an earlier index) that satisfy the conditions; an empty
set gives 0. A sum with conditions and no range is an Iverson bracket: the body where they hold, otherwise
0. Finiteness is thus visible in the syntax, and no theory of infinite support is needed.

That the entries used really lie inside finite tensors is a second, separate question: see bounds.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from . import polynomials as po
from .polynomials import Poly

Cond = tuple[str, Poly]
Term = tuple
Shape = tuple[tuple[Poly, Poly], ...]  # for each slot the least and the greatest index

FALSE: Cond = ("ge", po.constant(-1))


class IllFormed(Exception):
    """A formula without a meaning; the message is for the student, `where` is the part it is about."""

    def __init__(self, message: str, where: Term | None = None):
        super().__init__(message)
        self.where = where


# ---------------------------------------------------------------- conditions
def at_least(a: Poly, b: Poly) -> Cond:
    """The condition a >= b."""
    return normal(("ge", po.subtract(a, b)))


def normal(cond: Cond) -> Cond:
    """The same condition on integers, in a form that shows equal conditions as equal.

    With g the gcd of the non-constant coefficients, g*q + c >= 0 is q + floor(c/g) >= 0, because q is an
    integer (this is the integer tightening); g*q + c == 0 is impossible unless g divides c. An equality is
    given a fixed sign.
    """
    kind, p = cond
    g = po.content(p)
    if g == 0:  # no names: decide
        c = po.as_constant(p) or 0
        return (kind, po.ZERO) if (c >= 0 if kind == "ge" else c == 0) else FALSE
    if g > 1:
        c = dict(p).get((), 0)
        if kind == "eq" and c % g:
            return FALSE
        p = po.collect([(m, a // g) for m, a in p if m] + [((), c // g)])
    if kind == "eq" and next(a for m, a in p if m) < 0:
        p = po.scale(p, -1)
    return (kind, p)


def is_trivial(cond: Cond) -> bool:
    """Is this normal condition always true?"""
    return cond[1] == po.ZERO


def substitute_cond(cond: Cond, values: Mapping[str, Poly]) -> Cond:
    """The condition with names replaced, in normal form again."""
    return normal((cond[0], po.substitute(cond[1], values)))


def holds(cond: Cond, values: Mapping[str, int]) -> bool:
    """Is the condition true at these integers?"""
    v = po.evaluate(cond[1], values)
    return v >= 0 if cond[0] == "ge" else v == 0


def range_conds(ranges: Iterable[tuple[str, Poly, Poly]]) -> list[Cond]:
    """lo <= x <= hi for each range, as conditions."""
    out = []
    for x, lo, hi in ranges:
        out += [at_least(po.variable(x), lo), at_least(hi, po.variable(x))]
    return out


# ---------------------------------------------------------------- what a statement speaks about
@dataclass(frozen=True)
class Definition:
    """name[params] := body, for params inside the declared shape; the body uses earlier names only."""

    params: tuple[str, ...]
    body: Term


@dataclass
class Context:
    """The universally quantified part of a statement.

    sizes: names of integers with their least value; free: names of indices; hypotheses: what is assumed of
    both. extents: those sizes that a counterexample may choose last, as small as the hypotheses allow.
    """

    sizes: dict[str, int]
    free: tuple[str, ...]
    shapes: dict[str, Shape]
    hypotheses: tuple[Cond, ...] = ()
    extents: tuple[str, ...] = ()
    definitions: dict[str, Definition] = field(default_factory=dict)

    def __post_init__(self) -> None:
        least = (at_least(po.variable(x), po.constant(lo)) for x, lo in self.sizes.items())
        self.hypotheses = (*least, *map(normal, self.hypotheses))
        self.cache: dict = {}  # answers of entailment.py, a pure function
        self.instances: list = []  # made by instances.py when they are needed

    @property
    def globals(self) -> set[str]:
        """The names that every line may use without binding them."""
        return set(self.sizes) | set(self.free)

    def without_free(self) -> Context:
        """The same context as a definition sees it: it holds at all indices, not only at those of the
        goal. So what is assumed of the free index i says nothing about a parameter or a summation index
        that is called i too.
        """
        about_sizes = tuple(c for c in self.hypotheses if po.names(c[1]) <= self.sizes.keys())
        return Context(self.sizes, (), self.shapes, about_sizes, self.extents, self.definitions)
