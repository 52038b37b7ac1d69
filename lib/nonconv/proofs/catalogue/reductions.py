"""Layers that are convolutions after all: batch norm, pooling, 1×1, separable, grouped, branches,
SAME padding.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import polynomials as po
from ..notation import Index, S, indices, tensors
from ..statement import Statement
from .writing import conv, state


def statements() -> Iterator[Statement]:
    """In the order in which they are listed."""
    i, j, t, u, v, w, p, q, r, s, h, f = indices("i j t u v w p q r s h f")
    n, ny, m, k, l, a, c, M, K, L, N = indices("n ny m k l a c M K L N")
    X, F, G, b, g, Y, Z, O, o, W = tensors("X F G b g Y Z O o W")
    gamma, beta, mu, rho, mean = tensors("gamma beta mu rho a")
    average = mean[()]
    everywhere = (1, 2, 3)

    # ------------------------------------------------ batch normalisation in evaluation mode
    yield state(
        "batch-norm-1x1",
        "Batch norm in evaluation mode is a 1x1 convolution",
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
        yield state(
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
    yield state(
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
