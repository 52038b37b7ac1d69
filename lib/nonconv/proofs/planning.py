"""Plans for flat.py: which items of a - b cancel, and by which maps. Nothing here is trusted.

An item is first made smaller (equalities are used up, by the one-point law), then matched with the others by
the search of equality.py; what was used up is put back into the maps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import polynomials as po
from .entailment import entails, impossible
from .equality import ALL, Matcher, inverse, signature
from .flat import Cut, Empty, Item, Map, Same, Step
from .normal import Access, make_sum, one_point, refreshed_names, tidy
from .normal import Item as Small
from .polynomials import Poly
from .terms import FALSE, Cond, Context


class Part(NamedTuple):
    """An item made smaller, and what the indices that went are equal to."""

    small: Small
    gone: dict[str, Poly]


def plans(ctx: Context, items: list[Item], mine: int, cuts: tuple[Cond, ...]) -> Iterator[list[Step]]:
    """Plans by which the items may cancel; the first `mine` are those of the left side.

    A cut is tried on the left, on the right, and on both sides.
    """
    left, right = range(mine), range(mine, len(items))
    for places in ([*left], [*right], [*left, *right]) if cuts else ([],):
        plan = _plan(ctx, items, places, cuts)
        if plan is not None:
            yield plan


def _plan(ctx: Context, items: list[Item], places: list[int], cuts: tuple[Cond, ...]) -> list[Step] | None:
    items, places, plan = list(items), list(places), []
    for cut in cuts:
        for n in list(places):
            step = _cut(ctx, items[n], n, cut)
            if step is not None:
                item = items[n]
                items[n] = item._replace(conds=(*item.conds, ("ge", step.p)))
                outside = ("ge", po.subtract(po.constant(-1), step.p))
                places.append(len(items))
                items.append(item._replace(conds=(*item.conds, outside)))
                plan.append(step)
    matcher = Matcher(ctx, ALL)
    classes: dict[str, list[tuple[int, Part]]] = {}
    coefs = [item.coef for item in items]
    for n, item in enumerate(items):
        part = smaller(ctx, item)
        if part is None:
            plan.append(Empty(n))
            continue
        bucket = classes.setdefault(signature(part.small), [])
        for m, other in bucket:
            # the search is not symmetric: an index that no entry determines is guessed from the left side
            maps = matched(matcher, part, other, items[m])
            maps = maps or (matched(matcher, other, part, item) or ())[::-1]
            if maps:
                plan.append(Same(n, m, *maps))
                coefs[m] += coefs[n]
                break
        else:
            bucket.append((n, part))
    return plan if all(coefs[n] == 0 for bucket in classes.values() for n, _ in bucket) else None


def _cut(ctx: Context, item: Item, n: int, cut: Cond) -> Cut | None:
    """The cut of an item by a condition on its indices, which are named as the student named them."""
    given = {x.split("#")[0]: po.variable(x) for x in item.indices}
    used = po.names(cut[1])
    if not used & given.keys() or not used <= given.keys() | ctx.globals:
        return None
    return Cut(n, po.substitute(cut[1], given))


def smaller(ctx: Context, item: Item) -> Part | None:
    """The item with its equalities used up; None if it has no points."""
    gone: dict[str, Poly] = {}
    body = ((1, tuple(Access(*e) for e in item.entries)),)
    indices, conds, body = one_point(ctx, item.indices, tidy(item.conds), body, gone)
    if FALSE in conds or impossible(ctx, conds):
        return None
    own = set(indices)
    conds = tuple(c for c in conds if po.names(c[1]) & own or not entails(ctx, (), c))
    return Part((1, make_sum(indices, conds, frozenset(), body)[1]), gone)


def matched(matcher: Matcher, part: Part, other: Part, whole: Item) -> tuple[Map, Map] | None:
    """The maps from the indices of one item to those of another, and back."""
    new = {y: f"{y}'" for y in whole.indices}  # items that come from one product share index names
    back = {v: k for k, v in new.items()}
    found = matcher.match(part.small, refreshed_names(other.small, new))
    if found is None:
        return None
    sigma = dict(found.sigma)
    theirs = tuple(y for link in found.links for y in link.right.indices)
    tau = {back[y]: p for y, p in (inverse(sigma, theirs) or {}).items()}
    sigma = {x: po.rename(p, back) for x, p in sigma.items()}
    sigma |= {x: po.substitute(p, sigma) for x, p in part.gone.items()}
    tau |= {y: po.substitute(p, tau) for y, p in other.gone.items()}
    return sigma, tau
