"""A composition of convolutions is a convolution; kernels alone commute and associate."""

from __future__ import annotations

from collections.abc import Iterator

from ..notation import S, indices, tensors
from ..statement import Statement
from .writing import conv, state


def statements() -> Iterator[Statement]:
    """In the order in which they are listed."""
    i, t, u, v, w, z, p, q, r, s, d, e = indices("i t u v w z p q r s d e")
    n, ny, nz, m, k, l, M, K, L = indices("n ny nz m k l M K L")
    X, F, G, H, V, b, g, Y, Z, O, o, W, A, B = tensors("X F G H V b g Y Z O o W A B")
    everywhere = (1, 2, 3)

    # ------------------------------------------------ a composition of convolutions is a convolution
    yield state(
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
        yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
