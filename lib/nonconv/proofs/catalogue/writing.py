"""How a statement is written down: `state` reads formulas in the notation and finds out the kind of each
index.
"""

from __future__ import annotations

from .. import polynomials as po
from ..notation import Index, S, Tensor, Value, indices, poly
from ..polynomials import Poly
from ..statement import Def, Statement


def state(
    id: str,
    title: str,
    claim: str,
    *,
    positions: str,
    sizes: str,
    inputs: dict,
    defs: list,
    left: Value,
    right: Value,
    allowed: str = "",
    free: tuple = (),
    hypotheses: tuple = (),
    extents: str = "",
    zero: str = "",
    dims: tuple[int, ...] = (1,),
    shown: int = 1,
    symbols: str = "",
    probe: str = "",
) -> Statement:
    """A statement. inputs: {"X": (M, n)}; defs: [(Y[k, i], (K, n-p+1), body or None)]; free: ((t,
    p+r-1), ...).

    The free indices of a left side T[indices] range over T's shape, unless `free` says otherwise.
    `zero`: sizes that may be 0 (all others are at least 1).
    """
    places = frozenset(positions.split())
    made, kinds = [], {}

    def kind(names_of: tuple[Poly, ...], explicit: tuple[str, ...] = ()) -> str:
        return "".join(
            "s" if po.names(p) & places or x in places else "c"
            for p, x in zip(names_of, explicit or ("",) * len(names_of), strict=True)
        )

    given = {}
    for name, spec in inputs.items():
        *last, letters = spec if spec and isinstance(spec[-1], str) else (*spec, None)
        shape = tuple(map(poly, last))
        given[name] = (letters or kind(shape), shape)
        kinds[name] = given[name][0]
    for head, last, body in defs:
        _, name, index = head.term
        params = tuple(po.as_name(p) or "" for p in index)
        shape = tuple(map(poly, last))
        made.append(Def(name, params, shape, None if body is None else body.term))
        kinds[name] = kind(shape, params)
    shapes = {**{k: v[1] for k, v in given.items()}, **{d.name: d.shape for d in made}}
    ranged = [(x.name, poly(last)) for x, last in free]
    if not free and left.term[0] == "acc":
        ranged = [(po.as_name(p), last) for p, last in zip(left.term[2], shapes[left.term[1]], strict=True)]
    return Statement(
        id=id,
        title=title,
        claim=claim,
        sizes={x: 0 if x in zero.split() else 1 for x in sizes.split()},
        inputs=given,
        defs=tuple(made),
        left=left.term,
        right=right.term,
        positions=places,
        allowed=tuple(allowed.split()),
        free=tuple(x for x, _ in ranged if x),
        free_last=tuple(p for x, p in ranged if x),
        hypotheses=tuple(h.written for h in hypotheses),
        extents=tuple(extents.split()),
        kinds=kinds,
        dims=dims,
        shown=shown,
        symbols=symbols,
        probe=probe,
    )


def conv(X: Tensor, F: Tensor, m: Index, k: Index, M: Index, u: Index, p: Index) -> Value:
    """Σ_{m<=M} Σ_{u<=p} X[m, i+u-1] F[m, k, u]: channel k of a convolution at position i."""
    (i,) = indices("i")
    return S[m:M, u:p](X[m, i + u - 1] * F[m, k, u])
