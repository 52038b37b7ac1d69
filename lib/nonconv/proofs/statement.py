"""A statement: what is given, what is defined, and which two sides are equal.

A statement holds for all sizes, all indices in range, all tensors over any commutative ring. `witnesses`
are the names for which the student has to supply definitions (such as the kernel O and the bias o of the
merged layer); they may be built from `allowed` only, otherwise "o := the answer" would prove everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import polynomials as po
from .dimensions import bound_names, component, lower, lower_cond, split_name
from .polynomials import Poly
from .scope import define, names_of
from .terms import Context, IllFormed, Shape, at_least


@dataclass(frozen=True)
class Def:
    """name[params] := body, each index from 1 to its greatest value in `shape`."""

    name: str
    params: tuple[str, ...]
    shape: tuple[Poly, ...]
    body: tuple | None = None  # None: to be supplied by the student


@dataclass(frozen=True)
class Statement:
    """One theorem: `left == right` in dimensions `dims`; `shown` is the dimension in which it is printed."""

    id: str
    title: str
    claim: str
    sizes: Mapping[str, int]
    inputs: Mapping[
        str, tuple[str, tuple[Poly, ...]]
    ]  # tensor -> a letter per slot (c channel, s position), shape
    defs: tuple[Def, ...]
    left: tuple
    right: tuple
    positions: frozenset[str]
    allowed: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    free_last: tuple[Poly, ...] = ()
    hypotheses: tuple[tuple, ...] = ()
    extents: tuple[str, ...] = ()
    dims: tuple[int, ...] = (1,)
    shown: int = 1
    symbols: str = ""
    probe: str = ""  # an input; witnesses that are multiplied by it are told apart from those that are not
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def witnesses(self) -> tuple[str, ...]:
        """The names the student has to define."""
        return tuple(d.name for d in self.defs if d.body is None)

    def definition(self, name: str) -> Def:
        """The definition (or the declaration of a witness) with that name."""
        return next(d for d in self.defs if d.name == name)

    @property
    def tensors(self) -> tuple[str, ...]:
        """All tensors, given and defined."""
        return (*self.inputs, *(d.name for d in self.defs))

    @property
    def names(self) -> frozenset[str]:
        """All index and size names that the statement itself uses, summation indices among them."""
        params = {x for d in self.defs for x in d.params}
        bodies = (self.left, self.right, *(d.body for d in self.defs if d.body))
        bound = {x for t in bodies for x in bound_names(t)}
        return frozenset(self.sizes) | frozenset(self.free) | params | bound | self.positions

    def shape(self, kinds: str, last: tuple[Poly, ...], d: int) -> Shape:
        """The kernel's shape in d dimensions."""
        out = []
        for k, p in zip(kinds, last, strict=True):
            out += [(po.ONE, component(p, self.positions, a, d)) for a in range(d if k == "s" else 1)]
        return tuple(out)

    def context(
        self,
        d: int,
        witnesses: Mapping[str, tuple[tuple[str, ...], tuple]] | None = None,
        positions: frozenset[str] | None = None,
        probe: str | None = None,
    ) -> Context:
        """What is assumed and defined, in d dimensions.

        `witnesses`: name -> (parameters, written body). A witness that is not given stays an unknown tensor.
        `positions`: with index names of the student's own, for the witnesses only; they have no say in what
        the statement means.
        `probe`: this input is replaced by 0 (used to judge the witnesses one by one).
        """
        witnesses = witnesses or {}
        positions = positions or self.positions

        def spread(names, positions: frozenset[str] = self.positions) -> list[str]:
            return [y for x in names for y in split_name(x, positions, d)]

        def low(t: tuple, positions: frozenset[str] = self.positions) -> tuple:
            t = lower(t, self.kinds, positions, d)
            return zeroed(t, probe) if probe else t

        conds = [c for h in self.hypotheses for c in lower_cond(h, self.positions, d)]
        for x, last in zip(self.free, self.free_last, strict=True):
            for a, y in enumerate(split_name(x, self.positions, d)):
                conds += [
                    at_least(po.variable(y), po.ONE),
                    at_least(component(last, self.positions, a, d), po.variable(y)),
                ]
        sizes = {y: least for x, least in self.sizes.items() for y in split_name(x, self.positions, d)}
        shapes = {name: self.shape(kinds, last, d) for name, (kinds, last) in self.inputs.items()}
        ctx = Context(sizes, tuple(spread(self.free)), shapes, tuple(conds), tuple(spread(self.extents)))
        for df in self.defs:
            shape = self.shape(self.kinds[df.name], df.shape, d)
            if df.body is not None:
                define(ctx, df.name, tuple(spread(df.params)), shape, low(df.body))
            elif df.name in witnesses:
                params, body = witnesses[df.name]
                if len(params) != len(df.params):
                    raise IllFormed(f"{df.name} takes {len(df.params)} indices, not {len(params)}")
                inner = low(body, positions)
                depends = sorted(names_of(inner) & set(spread(self.extents)))
                if depends:  # otherwise there would be another kernel for each length of the input
                    raise IllFormed(
                        f"{df.name} must be the same for inputs of every length; here it depends on"
                        f" {depends[0]}"
                    )
                define(ctx, df.name, tuple(spread(params, positions)), shape, inner, self.allowed)
            else:
                ctx.shapes[df.name] = shape
        return ctx

    def goal(self, d: int) -> tuple[tuple, tuple]:
        """Both sides in d dimensions."""
        return (
            lower(self.left, self.kinds, self.positions, d),
            lower(self.right, self.kinds, self.positions, d),
        )


def zeroed(t: tuple, tensor: str) -> tuple:
    """The term with a tensor replaced by 0."""
    if t[0] == "acc":
        return ("num", 0) if t[1] == tensor else t
    if t[0] in ("add", "mul"):
        return (t[0], *(zeroed(u, tensor) for u in t[1:]))
    return (*t[:3], zeroed(t[3], tensor)) if t[0] == "sum" else t
