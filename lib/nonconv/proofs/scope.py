"""Names: which of them occur in a term, whether each is bound, and new definitions in a context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import polynomials as po
from .budget import spend
from .polynomials import Poly
from .terms import Context, Definition, IllFormed, Shape, Term


def define(
    ctx: Context,
    name: str,
    params: tuple[str, ...],
    shape: Shape,
    body: Term,
    allowed: Iterable[str] | None = None,
) -> None:
    """Add a definition. With `allowed`, the body may mention those tensors only (a witness must not
    cheat).
    """
    if name in ctx.shapes:
        raise IllFormed(f"{name} is already defined")
    if (
        len(params) != len(shape)
        or len(set(params)) != len(params)
        or not ctx.sizes.keys().isdisjoint(params)
    ):
        raise IllFormed(f"{name} takes {len(shape)} different index names, none of them a size")
    if allowed is not None:
        alien = sorted({t for t in tensors_of(body)} - set(allowed))
        if alien:
            raise IllFormed(
                f"{name} must be built from {', '.join(sorted(allowed))} only; "
                f"here it depends on {', '.join(alien)}",
                body,
            )
    check_scope(ctx, body, set(ctx.sizes) | set(params))
    ctx.shapes[name] = shape
    ctx.definitions[name] = Definition(params, body)


def tensors_of(t: Term) -> Iterator[str]:
    """The tensors that occur in a term."""
    if t[0] == "acc":
        yield t[1]
    elif t[0] in ("add", "mul"):
        for u in t[1:]:
            yield from tensors_of(u)
    elif t[0] == "sum":
        yield from tensors_of(t[3])


def names_of(t: Term) -> set[str]:
    """The names of indices and sizes that occur in a term, bound or not."""
    if t[0] == "acc":
        return set().union(*map(po.names, t[2]))
    if t[0] in ("add", "mul"):
        return set().union(*map(names_of, t[1:]))
    if t[0] == "sum":
        ranges = set().union(*({x} | po.names(lo) | po.names(hi) for x, lo, hi in t[1]))
        return ranges.union(names_of(t[3]), *(po.names(c[1]) for c in t[2]))
    return set()


def check_scope(ctx: Context, t: Term, scope: set[str]) -> None:
    """Raise IllFormed unless every name is bound, no name is bound twice on a path, and every arity is
    right.
    """
    spend()
    kind = t[0]

    def bound(p: Poly, where: Term) -> None:
        for x in sorted(po.names(p) - scope):
            raise IllFormed(
                f"the index {x} is not bound here: no sum over {x} stands around this place", where
            )

    if kind == "num":
        return
    if kind == "acc":
        if t[1] not in ctx.shapes:
            raise IllFormed(f"there is no tensor {t[1]} in this statement (or it is defined later)", t)
        if len(t[2]) != len(ctx.shapes[t[1]]):
            raise IllFormed(f"{t[1]} takes {len(ctx.shapes[t[1]])} indices, not {len(t[2])}", t)
        for p in t[2]:
            bound(p, t)
    elif kind in ("add", "mul"):
        for u in t[1:]:
            check_scope(ctx, u, scope)
    elif kind == "sum":
        scope = set(scope)
        for x, lo, hi in t[1]:
            if x in scope:
                raise IllFormed(f"the name {x} already means something here; sum over another name", t)
            bound(lo, t)
            bound(hi, t)
            scope.add(x)
        for cond in t[2]:
            bound(cond[1], t)
        check_scope(ctx, t[3], scope)
    else:
        raise IllFormed(f"this is not a formula: {kind!r}")
