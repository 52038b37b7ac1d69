"""One chain, several dimensions: from what is written (multi-indices) to kernel terms in d dimensions.

A student writes  X[m, i+u-1]  and  S[u:p];  in d dimensions the positions i, u, p stand for d numbers each,
the channel m for one. Conditions are kept as written ("<=", "==" ...) up to here, so that they can be
printed so.

Written terms are kernel terms except for conditions, (op, left, right) with op one of <= < >= > ==, and
blanks ("blank",), where something is still to be filled in, and ("unread", why) in place of a line that could
not be read. For d = 1 names stay; otherwise u becomes u1, u2, ...
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import polynomials as po
from .budget import spend
from .polynomials import Poly
from .terms import Cond, IllFormed, Term, normal

Written = tuple


def component(p: Poly, positions: frozenset[str], axis: int, d: int) -> Poly:
    """The part of a multi-index expression along one axis."""
    return p if d == 1 else po.rename(p, {x: f"{x}{axis + 1}" for x in po.names(p) if x in positions})


def split_name(x: str, positions: frozenset[str], d: int) -> list[str]:
    """The names that stand for x in d dimensions."""
    return [f"{x}{a + 1}" for a in range(d)] if d > 1 and x in positions else [x]


def axes(p: Poly, positions: frozenset[str], d: int, where: Written | None) -> range:
    """Along how many axes does an expression speak? It must not mix positions and channels."""
    used = po.names(p)
    if not used & positions:
        return range(1)
    if used - positions:
        a, b = sorted(used & positions)[0], sorted(used - positions)[0]
        raise IllFormed(f"{a} is a position and {b} is not: they cannot stand in one index expression", where)
    return range(d)


def lower_cond(
    cond: tuple[str, Poly, Poly], positions: frozenset[str], d: int, where: Written | None = None
) -> list[Cond]:
    """A written condition as kernel conditions, one for each axis."""
    op, left, right = cond
    gap = po.subtract(left, right)
    axes(po.add(left, right), positions, d, where)  # left and right separately may cancel: look at both
    out = []
    for a in axes(gap, positions, d, where):
        p = component(gap, positions, a, d)
        minus = po.scale(p, -1)
        out.append(
            {
                "==": ("eq", p),
                ">=": ("ge", p),
                ">": ("ge", po.add(p, po.ONE, -1)),
                "<=": ("ge", minus),
                "<": ("ge", po.add(minus, po.ONE, -1)),
            }[op]
        )
    return [normal(c) for c in out]


def lower(t: Written, kinds: Mapping[str, str], positions: frozenset[str], d: int) -> Term:
    """The kernel term for a written term in d dimensions. `kinds[T]` has a letter per slot: c channel, s
    position.
    """
    spend()
    kind = t[0]
    if kind == "blank":
        raise IllFormed("something is still to be filled in here", t)
    if kind == "unread":
        raise IllFormed(t[1])
    if kind == "num":
        return t
    if kind == "acc":
        if t[1] not in kinds:
            raise IllFormed(f"there is no tensor {t[1]} in this statement", t)
        if len(t[2]) != len(kinds[t[1]]):
            raise IllFormed(f"{t[1]} takes {len(kinds[t[1]])} indices, not {len(t[2])}", t)
        index: list[Poly] = []
        for slot, (p, k) in enumerate(zip(t[2], kinds[t[1]], strict=True), 1):
            wrong = sorted(x for x in po.names(p) if (x in positions) != (k == "s"))
            if wrong:
                what = ("a position", "a channel") if k == "c" else ("not a position", "a position")
                raise IllFormed(f"{wrong[0]} is {what[0]}, but index {slot} of {t[1]} is {what[1]}", t)
            index += [component(p, positions, a, d) for a in range(d if k == "s" else 1)]
        return ("acc", t[1], tuple(index))
    if kind in ("add", "mul"):
        return (kind, *(lower(u, kinds, positions, d) for u in t[1:]))
    ranges = []
    for x, lo, hi in t[1]:
        is_position = x in positions
        for p in (lo, hi):
            if any((y in positions) != is_position for y in po.names(p)):
                raise IllFormed(f"the range of {x} mixes positions and channels", t)
        for a, y in enumerate(split_name(x, positions, d)):
            ranges.append((y, component(lo, positions, a, d), component(hi, positions, a, d)))
    conds = [c for cond in t[2] for c in lower_cond(cond, positions, d, t)]
    return ("sum", tuple(ranges), tuple(conds), lower(t[3], kinds, positions, d))


def bound_names(t: Written) -> Iterable[str]:
    """The summation indices of a written term."""
    if t[0] in ("add", "mul"):
        for u in t[1:]:
            yield from bound_names(u)
    elif t[0] == "sum":
        yield from (x for x, _, _ in t[1])
        yield from bound_names(t[3])
