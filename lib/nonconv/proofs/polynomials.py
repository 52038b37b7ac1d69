"""Integer polynomials in index and size names: the language of subscripts, bounds and conditions.

A polynomial is a sorted tuple of (monomial, coefficient); a monomial is a sorted tuple of names, `()` the
constant one. `s*(i-1) + u` is `((("i", "s"), 1), (("s",), -1), (("u",), 1))`. The form is unique, so `==`
is equality of polynomials, and 0 is the empty tuple.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from .budget import OutOfBudget, spend

Monomial = tuple[str, ...]
Poly = tuple[tuple[Monomial, int], ...]

ZERO: Poly = ()
ONE: Poly = (((), 1),)
MAX_DEGREE = 12
MAX_MONOMIALS = 400


def collect(terms: Iterable[tuple[Monomial, int]]) -> Poly:
    """The polynomial that is the sum of the given terms (monomials may repeat)."""
    out: dict[Monomial, int] = {}
    for mono, coef in terms:
        out[mono] = out.get(mono, 0) + coef
    spend(len(out) + 1)
    return tuple(sorted((m, c) for m, c in out.items() if c))


def constant(n: int) -> Poly:
    """The constant polynomial n."""
    return (((), n),) if n else ZERO


def variable(name: str) -> Poly:
    """The polynomial that is one name."""
    return (((name,), 1),)


def add(a: Poly, b: Poly, factor: int = 1) -> Poly:
    """a + factor * b."""
    if not b:
        return a
    out = dict(a)
    for mono, coef in b:
        out[mono] = out.get(mono, 0) + factor * coef
    spend(len(out) + 1)
    if len(out) > MAX_MONOMIALS:
        raise OutOfBudget("an index expression has too many terms")
    return tuple(sorted((m, c) for m, c in out.items() if c))


def subtract(a: Poly, b: Poly) -> Poly:
    """a - b."""
    return add(a, b, -1)


def scale(a: Poly, factor: int) -> Poly:
    """factor * a."""
    return tuple((m, factor * c) for m, c in a) if factor else ZERO


def multiply(a: Poly, b: Poly) -> Poly:
    """a * b."""
    if len(a) * len(b) > MAX_MONOMIALS:
        raise OutOfBudget("an index expression has too many terms")
    if a and b and max(len(m) for m, _ in a) + max(len(m) for m, _ in b) > MAX_DEGREE:
        raise OutOfBudget("an index expression has too high a degree")
    return collect((tuple(sorted(m + n)), c * e) for m, c in a for n, e in b)


def substitute(p: Poly, values: Mapping[str, Poly]) -> Poly:
    """p with names replaced by polynomials, all at once."""
    if not any(x in values for m, _ in p for x in m):
        return p
    out = ZERO
    for mono, coef in p:
        term = constant(coef)
        for x in mono:
            term = multiply(term, values[x] if x in values else variable(x))
        out = add(out, term)
    return out


def rename(p: Poly, new: Mapping[str, str]) -> Poly:
    """p with names replaced by names."""
    return collect((tuple(sorted(new.get(x, x) for x in m)), c) for m, c in p)


def names(p: Poly) -> set[str]:
    """The names that occur in p."""
    return {x for m, _ in p for x in m}


def evaluate(p: Poly, values: Mapping[str, int]) -> int:
    """The value of p at integer values of its names."""
    total = 0
    for mono, coef in p:
        for x in mono:
            coef *= values[x]
        total += coef
    return total


def as_constant(p: Poly) -> int | None:
    """The number that p is, or None if p mentions a name."""
    if not p:
        return 0
    return p[0][1] if len(p) == 1 and not p[0][0] else None


def content(p: Poly) -> int:
    """The greatest common divisor of the coefficients of the non-constant monomials (0 if there are none)."""
    return math.gcd(*(c for m, c in p if m))


def as_name(p: Poly) -> str | None:
    """The name that p is, or None if p is anything else than one name."""
    return p[0][0][0] if len(p) == 1 and p[0][1] == 1 and len(p[0][0]) == 1 else None


def unit_solutions(p: Poly, wanted: Iterable[str]) -> Iterator[tuple[str, Poly]]:
    """All (x, q) with x wanted such that  p == 0  is the same as  x == q  over the integers.

    That holds when x occurs once, linearly and alone, with coefficient +1 or -1: then p = ±(x - q), q
    without x.
    """
    wanted = set(wanted)
    for mono, coef in p:
        if len(mono) == 1 and mono[0] in wanted and coef in (1, -1):
            x = mono[0]
            if sum(x in m for m, _ in p) == 1:
                yield x, tuple((m, -coef * c) for m, c in p if m != mono)
