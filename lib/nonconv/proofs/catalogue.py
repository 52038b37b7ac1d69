"""The statements. This file, not the student, says what is to be proved.

A statement holds for all sizes, all indices in range, all tensors over any commutative ring. `witnesses`
are the names for which the student has to supply definitions (such as the kernel O and the bias o of the
merged layer); they may be built from `allowed` only, otherwise "o := the answer" would prove everything.

Reference proofs do not stand here: they belong to the course's sources and to the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import polynomials as po
from .dimensions import bound_names, component, lower, lower_cond, split_name
from .notation import Index, S, Tensor, Value, indices, poly, tensors
from .polynomials import Poly
from .terms import Context, IllFormed, Shape, at_least, names_of


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
                ctx.define(df.name, tuple(spread(df.params)), shape, low(df.body))
            elif df.name in witnesses:
                params, body = witnesses[df.name]
                if len(params) != len(df.params):
                    raise IllFormed(f"{df.name} takes {len(df.params)} indices, not {len(params)}")
                inner = low(body, positions)
                depends = sorted(names_of(inner) & set(spread(self.extents)))
                if depends:  # otherwise there would be another kernel for each length of the input
                    raise IllFormed(
                        f"{df.name} must be the same for inputs of every length; here it depends on {depends[0]}"
                    )
                ctx.define(df.name, tuple(spread(params, positions)), shape, inner, self.allowed)
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


CATALOGUE: dict[str, Statement] = {}


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
) -> None:
    """Add a statement. inputs: {"X": (M, n)}; defs: [(Y[k, i], (K, n-p+1), body or None)]; free: ((t,
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
    CATALOGUE[id] = Statement(
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


def _build() -> None:
    i, j, t, u, v, w, z, p, q, r, s, d, e, h, f = indices("i j t u v w z p q r s d e h f")
    n, ny, nz, m, k, l, a, c, M, K, L, N = indices("n ny nz m k l a c M K L N")
    X, F, G, H, V, b, g, Y, Z, O, o, W, A, B, C, D = tensors("X F G H V b g Y Z O o W A B C D")
    gamma, beta, mu, rho, mean = tensors("gamma beta mu rho a")
    average = mean[()]
    everywhere = (1, 2, 3)

    def conv(T: Tensor, F: Tensor, x: Index, y: Index, lx: Index, u: Index, lu: Index) -> Value:
        return S[x:lx, u:lu](T[x, i + u - 1] * F[x, y, u])

    # ------------------------------------------------ a composition of convolutions is a convolution
    state(
        "conv-conv-one-channel",
        "Two convolutions, one channel",
        "A convolution with F after which comes one with G is one convolution with a kernel O. Name O.",
        positions="i t u w p r n",
        sizes="p r n",
        extents="n",
        inputs={"X": (n,), "F": (p,), "G": (r,)},
        defs=[
            (Y[i], (n - p + 1,), S[u:p](X[i + u - 1] * F[u])),
            (Z[i], (n - p - r + 2,), S[w:r](Y[i + w - 1] * G[w])),
            (O[t], (p + r - 1,), None),
            (W[i], (n - p - r + 2,), S[t : p + r - 1](X[i + t - 1] * O[t])),
        ],
        left=Z[i],
        right=W[i],
        allowed="F G",
        symbols="X F G Y Z O W i t u w p r",
        probe="X",
    )
    for name, dims, shown, title in (
        ("conv-conv", (1,), 1, "Two convolutions"),
        ("conv-conv-2d", everywhere, 2, "Two convolutions, two dimensions"),
    ):
        state(
            name,
            title,
            "Two convolutions with biases, (F, b) and then (G, g), are one convolution (O, o).",
            positions="i t u w p r n",
            sizes="M K L p r n",
            extents="n",
            inputs={"X": (M, n), "F": (M, K, p), "b": (K,), "G": (K, L, r), "g": (L,)},
            defs=[
                (Y[k, i], (K, n - p + 1), conv(X, F, m, k, M, u, p) + b[k]),
                (Z[l, i], (L, n - p - r + 2), conv(Y, G, k, l, K, w, r) + g[l]),
                (O[m, l, t], (M, L, p + r - 1), None),
                (o[l], (L,), None),
                (W[l, i], (L, n - p - r + 2), conv(X, O, m, l, M, t, p + r - 1) + o[l]),
            ],
            left=Z[l, i],
            right=W[l, i],
            allowed="F G b g",
            probe="X",
            symbols="X F G b g Y Z O o W i t u w k l m K L M p r",
            dims=dims,
            shown=shown,
        )
    state(
        "conv-conv-strided",
        "Two strided convolutions",
        "Stride s and then stride e: one convolution with stride s*e; the second kernel is spread out by s.",
        positions="i t u w p r s e n ny nz",
        sizes="M K L p r s e n ny nz",
        extents="nz ny n",
        inputs={"X": (M, n), "F": (M, K, p), "b": (K,), "G": (K, L, r), "g": (L,)},
        hypotheses=(s * (ny - 1) + p <= n, e * (nz - 1) + r <= ny),
        defs=[
            (Y[k, i], (K, ny), S[m:M, u:p](X[m, s * (i - 1) + u] * F[m, k, u]) + b[k]),
            (Z[l, i], (L, nz), S[k:K, w:r](Y[k, e * (i - 1) + w] * G[k, l, w]) + g[l]),
            (O[m, l, t], (M, L, p + s * (r - 1)), None),
            (o[l], (L,), None),
            (W[l, i], (L, nz), S[m:M, t : p + s * (r - 1)](X[m, s * e * (i - 1) + t] * O[m, l, t]) + o[l]),
        ],
        left=Z[l, i],
        right=W[l, i],
        allowed="F G b g",
        probe="X",
        symbols="X F G b g Y Z O o W i t u w k l m K L M p r s e",
        dims=everywhere,
    )
    state(
        "conv-conv-dilated",
        "Two dilated convolutions",
        "Dilation d and then dilation e: one convolution whose kernel has size d*(p-1) + e*(r-1) + 1.",
        positions="i t u w p r d e n",
        sizes="M K L p r d e n",
        extents="n",
        inputs={"X": (M, n), "F": (M, K, p), "b": (K,), "G": (K, L, r), "g": (L,)},
        defs=[
            (Y[k, i], (K, n - d * (p - 1)), S[m:M, u:p](X[m, i + d * (u - 1)] * F[m, k, u]) + b[k]),
            (
                Z[l, i],
                (L, n - d * (p - 1) - e * (r - 1)),
                S[k:K, w:r](Y[k, i + e * (w - 1)] * G[k, l, w]) + g[l],
            ),
            (O[m, l, t], (M, L, d * (p - 1) + e * (r - 1) + 1), None),
            (o[l], (L,), None),
            (
                W[l, i],
                (L, n - d * (p - 1) - e * (r - 1)),
                S[m:M, t : d * (p - 1) + e * (r - 1) + 1](X[m, i + t - 1] * O[m, l, t]) + o[l],
            ),
        ],
        left=Z[l, i],
        right=W[l, i],
        allowed="F G b g",
        probe="X",
        symbols="X F G b g Y Z O o W i t u w k l m K L M p r d e",
        dims=everywhere,
    )
    state(
        "conv-conv-conv",
        "Three convolutions",
        "Three convolutions, F, G and H, are one convolution.",
        positions="i t u w z p r q n",
        sizes="p r q n",
        extents="n",
        inputs={"X": (n,), "F": (p,), "G": (r,), "H": (q,)},
        defs=[
            (Y[i], (n - p + 1,), S[u:p](X[i + u - 1] * F[u])),
            (Z[i], (n - p - r + 2,), S[w:r](Y[i + w - 1] * G[w])),
            (V[i], (n - p - r - q + 3,), S[z:q](Z[i + z - 1] * H[z])),
            (O[t], (p + r + q - 2,), None),
            (W[i], (n - p - r - q + 3,), S[t : p + r + q - 2](X[i + t - 1] * O[t])),
        ],
        left=V[i],
        right=W[i],
        allowed="F G H",
        symbols="X F G H Y Z V O W i t u w z p r q",
        probe="X",
        dims=everywhere,
    )
    state(
        "kernels-commute",
        "F*G = G*F",
        "With one channel the order of the two kernels does not matter.",
        positions="t u w p r",
        sizes="p r",
        inputs={"F": (p,), "G": (r,)},
        defs=[],
        free=((t, p + r - 1),),
        left=S[u:p, w:r, u + w - 1 == t](F[u] * G[w]),
        right=S[u:r, w:p, u + w - 1 == t](G[u] * F[w]),
        symbols="F G t u w p r",
        dims=everywhere,
    )
    state(
        "kernels-associate",
        "(F*G)*H = F*(G*H)",
        "Kernels compose associatively.",
        positions="t u v w z p q r",
        sizes="p q r",
        inputs={"F": (p,), "G": (r,), "H": (q,)},
        defs=[
            (A[t], (p + r - 1,), S[u:p, w:r, u + w - 1 == t](F[u] * G[w])),
            (B[t], (r + q - 1,), S[w:r, z:q, w + z - 1 == t](G[w] * H[z])),
        ],
        free=((t, p + q + r - 2),),
        left=S[v : p + r - 1, z:q, v + z - 1 == t](A[v] * H[z]),
        right=S[u:p, v : r + q - 1, u + v - 1 == t](F[u] * B[v]),
        symbols="F G H A B t u v w z p q r",
        dims=everywhere,
    )
    # ------------------------------------------------ batch normalisation in use
    state(
        "batch-norm-1x1",
        "Batch norm in use is a 1x1 convolution",
        "gamma (X - mu) rho + beta, with rho = 1/sqrt(sigma^2 + eps), is a convolution, 1x1 and diagonal.",
        positions="i u n",
        sizes="M n",
        extents="n",
        inputs={"X": (M, n), "gamma": (M,), "beta": (M,), "mu": (M,), "rho": (M,)},
        defs=[
            (Y[k, i], (M, n), gamma[k] * (X[k, i] - mu[k]) * rho[k] + beta[k]),
            (O[m, k, u], (M, M, 1), None),
            (o[k], (M,), None),
            (W[k, i], (M, n), S[m:M, u:1](X[m, i + u - 1] * O[m, k, u]) + o[k]),
        ],
        left=Y[k, i],
        right=W[k, i],
        allowed="gamma beta mu rho",
        probe="X",
        symbols="X gamma beta mu rho Y O o W i u k m M",
        dims=everywhere,
    )
    state(
        "conv-batch-norm",
        "A convolution and then batch norm",
        "G (conv + b) + g is one convolution; mind the bias b.",
        positions="i u p n",
        sizes="M K p n",
        extents="n",
        inputs={"X": (M, n), "F": (M, K, p), "b": (K,), "G": (K,), "g": (K,)},
        defs=[
            (Y[k, i], (K, n - p + 1), conv(X, F, m, k, M, u, p) + b[k]),
            (Z[k, i], (K, n - p + 1), G[k] * Y[k, i] + g[k]),
            (O[m, k, u], (M, K, p), None),
            (o[k], (K,), None),
            (W[k, i], (K, n - p + 1), conv(X, O, m, k, M, u, p) + o[k]),
        ],
        left=Z[k, i],
        right=W[k, i],
        allowed="F G b g",
        probe="X",
        symbols="X F G b g Y Z O o W i u k m K M p",
        dims=everywhere,
    )
    # ------------------------------------------------ pooling
    state(
        "average-pool",
        "Average pooling is a convolution",
        "a times the sum over a window of size p, with stride s; for the average, a is 1/(window's area).",
        positions="i u p s n ny",
        sizes="M p s n ny",
        extents="ny n",
        hypotheses=(s * (ny - 1) + p <= n,),
        inputs={"X": (M, n), "a": ()},
        defs=[
            (Y[k, i], (M, ny), average * S[u:p](X[k, s * (i - 1) + u])),
            (O[m, k, u], (M, M, p), None),
            (W[k, i], (M, ny), S[m:M, u:p](X[m, s * (i - 1) + u] * O[m, k, u])),
        ],
        left=Y[k, i],
        right=W[k, i],
        allowed="a",
        symbols="X a Y O W i u k m M p s",
        dims=everywhere,
    )
    state(
        "global-average-pool",
        "Global average pooling is a convolution",
        "a times the sum over the whole input is the one value of a convolution of the input's own size.",
        positions="i u n",
        sizes="M n",
        inputs={"X": (M, n), "a": ()},
        defs=[
            (Y[k], (M,), average * S[i:n](X[k, i])),
            (O[m, k, u], (M, M, n), None),
            (W[k, i], (M, Index(po.ONE)), S[m:M, u:n](X[m, i + u - 1] * O[m, k, u])),
        ],
        left=Y[k],
        right=W[k, 1],
        allowed="a",
        symbols="X a Y O W i u k m M n",
        dims=everywhere,
    )
    # ------------------------------------------------ other compositions
    state(
        "conv1x1-conv1x1",
        "1x1 after 1x1",
        "Two 1x1 convolutions are one; its kernel is a product of matrices.",
        positions="i n",
        sizes="M K L n",
        extents="n",
        inputs={"X": (M, n), "F": (M, K, 1, "ccs"), "b": (K,), "G": (K, L, 1, "ccs"), "g": (L,)},
        defs=[
            (Y[k, i], (K, n), S[m:M](X[m, i] * F[m, k, 1]) + b[k]),
            (Z[l, i], (L, n), S[k:K](Y[k, i] * G[k, l, 1]) + g[l]),
            (O[m, l], (M, L), None),
            (o[l], (L,), None),
            (W[l, i], (L, n), S[m:M](X[m, i] * O[m, l]) + o[l]),
        ],
        left=Z[l, i],
        right=W[l, i],
        allowed="F G b g",
        probe="X",
        symbols="X F G b g Y Z O o W i k l m K L M",
        dims=everywhere,
    )
    state(
        "depthwise-pointwise",
        "Depthwise and then pointwise",
        "A depthwise convolution F and then a 1x1 convolution G are one convolution.",
        positions="i u p n",
        sizes="M L p n",
        extents="n",
        inputs={"X": (M, n), "F": (M, p), "b": (M,), "G": (M, L, 1, "ccs"), "g": (L,)},
        defs=[
            (Y[m, i], (M, n - p + 1), S[u:p](X[m, i + u - 1] * F[m, u]) + b[m]),
            (Z[l, i], (L, n - p + 1), S[m:M](Y[m, i] * G[m, l, 1]) + g[l]),
            (O[m, l, u], (M, L, p), None),
            (o[l], (L,), None),
            (W[l, i], (L, n - p + 1), conv(X, O, m, l, M, u, p) + o[l]),
        ],
        left=Z[l, i],
        right=W[l, i],
        allowed="F G b g",
        probe="X",
        symbols="X F G b g Y Z O o W i u l m L M p",
        dims=everywhere,
    )
    state(
        "column-row",
        "p x 1 and then 1 x q",
        "A column kernel F and then a row kernel G are one p x q kernel.",
        positions="i j u v p q n N",
        sizes="p q n N",
        extents="n N",
        inputs={"X": (n, N), "F": (p,), "G": (q,)},
        defs=[
            (Y[i, j], (n - p + 1, N), S[u:p](X[i + u - 1, j] * F[u])),
            (Z[i, j], (n - p + 1, N - q + 1), S[v:q](Y[i, j + v - 1] * G[v])),
            (O[u, v], (p, q), None),
            (W[i, j], (n - p + 1, N - q + 1), S[u:p, v:q](X[i + u - 1, j + v - 1] * O[u, v])),
        ],
        left=Z[i, j],
        right=W[i, j],
        allowed="F G",
        symbols="X F G Y Z O W i j u v p q",
    )
    state(
        "grouped-conv",
        "A grouped convolution is a convolution",
        "N groups with M inputs each: as a convolution of all channels its kernel is block-diagonal.",
        positions="i u p n",
        sizes="N M K p n",
        extents="n",
        inputs={"X": (N, M, n), "F": (N, M, K, p)},
        defs=[
            (Y[a, k, i], (N, K, n - p + 1), S[m:M, u:p](X[a, m, i + u - 1] * F[a, m, k, u])),
            (O[c, m, a, k, u], (N, M, N, K, p), None),
            (W[a, k, i], (N, K, n - p + 1), S[c:N, m:M, u:p](X[c, m, i + u - 1] * O[c, m, a, k, u])),
        ],
        left=Y[a, k, i],
        right=W[a, k, i],
        allowed="F",
        symbols="X F Y O W i u a c k m K M N p",
        dims=everywhere,
    )
    state(
        "grouped-grouped",
        "Grouped after grouped",
        "Two grouped convolutions with the same groups are one such.",
        positions="i t u w p r n",
        sizes="N M K L p r n",
        extents="n",
        inputs={"X": (N, M, n), "F": (N, M, K, p), "G": (N, K, L, r)},
        defs=[
            (Y[a, k, i], (N, K, n - p + 1), S[m:M, u:p](X[a, m, i + u - 1] * F[a, m, k, u])),
            (Z[a, l, i], (N, L, n - p - r + 2), S[k:K, w:r](Y[a, k, i + w - 1] * G[a, k, l, w])),
            (O[a, m, l, t], (N, M, L, p + r - 1), None),
            (W[a, l, i], (N, L, n - p - r + 2), S[m:M, t : p + r - 1](X[a, m, i + t - 1] * O[a, m, l, t])),
        ],
        left=Z[a, l, i],
        right=W[a, l, i],
        allowed="F G",
        symbols="X F G Y Z O W i t u w a k l m K L M N p r",
        dims=everywhere,
    )
    # ------------------------------------------------ parallel branches
    for name, title, allowed, with_1x1 in (
        ("repvgg", "Three branches are one convolution (RepVGG)", "F G", True),
        ("residual", "A skip connection is part of the kernel", "F", False),
    ):
        body = S[m:M, u : 2 * h + 1](X[m, i + u - 1] * F[m, k, u])
        body = body + S[m:M](X[m, i + h] * G[m, k, 1]) + X[k, i + h] if with_1x1 else body + X[k, i + h]
        state(
            name,
            title,
            "A convolution of odd size 2h+1 plus the input in its middle"
            + (" plus a 1x1 convolution" if with_1x1 else "")
            + " is one convolution.",
            positions="i u h n",
            sizes="M h n",
            zero="h",
            extents="n",
            inputs={"X": (M, n), "F": (M, M, 2 * h + 1)} | ({"G": (M, M, 1, "ccs")} if with_1x1 else {}),
            defs=[
                (Y[k, i], (M, n - 2 * h), body),
                (O[m, k, u], (M, M, 2 * h + 1), None),
                (W[k, i], (M, n - 2 * h), S[m:M, u : 2 * h + 1](X[m, i + u - 1] * O[m, k, u])),
            ],
            left=Y[k, i],
            right=W[k, i],
            allowed=allowed,
            symbols=f"X {allowed} Y O W i u k m M h",
            dims=everywhere,
        )
    # ------------------------------------------------ zero padding
    state(
        "same-interior",
        "SAME padding, away from the border",
        "Padded convolutions of sizes 2h+1 and 2f+1 are one padded convolution for 1+f <= i <= n-f.",
        positions="i t u w h f n",
        sizes="M K L h f n",
        zero="h f",
        extents="n",
        inputs={"X": (M, n), "F": (M, K, 2 * h + 1), "G": (K, L, 2 * f + 1)},
        hypotheses=(i >= 1 + f, i <= n - f),
        defs=[
            (
                Y[k, i],
                (K, n),
                S[m:M, u : 2 * h + 1, i + u - 1 - h >= 1, i + u - 1 - h <= n](
                    X[m, i + u - 1 - h] * F[m, k, u]
                ),
            ),
            (
                Z[l, i],
                (L, n),
                S[k:K, w : 2 * f + 1, i + w - 1 - f >= 1, i + w - 1 - f <= n](
                    Y[k, i + w - 1 - f] * G[k, l, w]
                ),
            ),
            (O[m, l, t], (M, L, 2 * h + 2 * f + 1), None),
            (
                W[l, i],
                (L, n),
                S[m:M, t : 2 * h + 2 * f + 1, i + t - 1 - h - f >= 1, i + t - 1 - h - f <= n](
                    X[m, i + t - 1 - h - f] * O[m, l, t]
                ),
            ),
        ],
        left=Z[l, i],
        right=W[l, i],
        allowed="F G",
        symbols="X F G Y Z O W i t u w k l m K L M h f n",
        dims=everywhere,
    )
    # ------------------------------------------------ the backward pass, and lemmas
    state(
        "backward-input",
        "The backward pass is the adjoint",
        "The inner product of V with conv(X) is the inner product of X with the transposed convolution of V.",
        positions="i j u p n",
        sizes="M K p n",
        extents="n",
        hypotheses=(n >= p,),
        inputs={"X": (M, n), "F": (M, K, p), "V": (K, n - p + 1)},
        defs=[
            (Y[k, i], (K, n - p + 1), conv(X, F, m, k, M, u, p)),
            (
                D[m, j],
                (M, n),
                S[k:K, u:p, j - u + 1 >= 1, j - u + 1 <= n - p + 1](V[k, j - u + 1] * F[m, k, u]),
            ),
        ],
        left=S[k:K, i : n - p + 1](V[k, i] * Y[k, i]),
        right=S[m:M, j:n](X[m, j] * D[m, j]),
        symbols="X F V Y D i j u k m K M p n",
        dims=everywhere,
    )
    state(
        "backward-kernel",
        "The gradient of a kernel is a convolution of the input",
        "The inner product of V with conv(X) is the inner product of F with the correlation of X and V.",
        positions="i u p n",
        sizes="M K p n",
        extents="n",
        hypotheses=(n >= p,),
        inputs={"X": (M, n), "F": (M, K, p), "V": (K, n - p + 1)},
        defs=[
            (Y[k, i], (K, n - p + 1), conv(X, F, m, k, M, u, p)),
            (D[m, k, u], (M, K, p), S[i : n - p + 1](X[m, i + u - 1] * V[k, i])),
        ],
        left=S[k:K, i : n - p + 1](V[k, i] * Y[k, i]),
        right=S[m:M, k:K, u:p](F[m, k, u] * D[m, k, u]),
        symbols="X F V Y D i u k m K M p n",
        dims=everywhere,
    )
    state(
        "conv-affine",
        "A convolution with bias is affine",
        "f(X + V) + f(0) = f(X) + f(V); so a layer where this fails is no convolution.",
        positions="i u p n",
        sizes="M K p n",
        extents="n",
        inputs={"X": (M, n), "V": (M, n), "F": (M, K, p), "b": (K,)},
        defs=[
            (A[k, i], (K, n - p + 1), S[m:M, u:p]((X[m, i + u - 1] + V[m, i + u - 1]) * F[m, k, u]) + b[k]),
            (B[k, i], (K, n - p + 1), conv(X, F, m, k, M, u, p) + b[k]),
            (C[k, i], (K, n - p + 1), conv(V, F, m, k, M, u, p) + b[k]),
            (D[k, i], (K, n - p + 1), S[m:M, u:p](0 * F[m, k, u]) + b[k]),
        ],
        free=((k, K), (i, n - p + 1)),
        left=A[k, i] + D[k, i],
        right=B[k, i] + C[k, i],
        symbols="X V F b A B C D i u k m K M p",
        dims=everywhere,
    )
    state(
        "conv-toeplitz",
        "A convolution's matrix is Toeplitz",
        "The entry of row i+1, column j+1 is that of row i, column j.",
        positions="i j u p n",
        sizes="p n",
        extents="n",
        inputs={"F": (p,)},
        defs=[(A[i, j], (n - p + 1, n), S[u:p, i + u - 1 == j](F[u]))],
        free=((i, n - p), (j, n - 1)),
        left=A[i, j],
        right=A[i + 1, j + 1],
        symbols="F A i j u p n",
        dims=everywhere,
    )
    state(
        "same-toeplitz",
        "A padded convolution's matrix is Toeplitz",
        "With SAME padding too, the entry of row i+1, column j+1 is that of row i, column j.",
        positions="i j u h n",
        sizes="h n",
        zero="h",
        extents="n",
        inputs={"F": (2 * h + 1,)},
        defs=[
            (
                A[i, j],
                (n, n),
                S[u : 2 * h + 1, i + u - 1 - h >= 1, i + u - 1 - h <= n, i + u - 1 - h == j](F[u]),
            )
        ],
        free=((i, n - 1), (j, n - 1)),
        left=A[i, j],
        right=A[i + 1, j + 1],
        symbols="F A i j u h n",
        dims=everywhere,
    )
    state(
        "concatenation",
        "Channels side by side",
        "A convolution of M+N channels is one of the first M plus one of the other N.",
        positions="i u p n",
        sizes="M N K p n",
        extents="n",
        inputs={"X": (M + N, n), "F": (M + N, K, p)},
        defs=[(Y[k, i], (K, n - p + 1), S[m : M + N, u:p](X[m, i + u - 1] * F[m, k, u]))],
        left=Y[k, i],
        right=S[m:M, u:p](X[m, i + u - 1] * F[m, k, u]) + S[m:N, u:p](X[M + m, i + u - 1] * F[M + m, k, u]),
        symbols="X F Y i u k m K M N p",
        dims=everywhere,
    )


_build()
