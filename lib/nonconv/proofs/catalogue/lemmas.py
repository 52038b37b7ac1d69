"""The backward pass, and what a convolution's matrix looks like."""

from __future__ import annotations

from collections.abc import Iterator

from ..notation import S, indices, tensors
from ..statement import Statement
from .writing import conv, state


def statements() -> Iterator[Statement]:
    """In the order in which they are listed."""
    i, j, u, p, h = indices("i j u p h")
    n, m, k, M, K, N = indices("n m k M K N")
    X, F, V, b, Y, A, B, C, D = tensors("X F V b Y A B C D")
    everywhere = (1, 2, 3)

    # ------------------------------------------------ the backward pass, and lemmas
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
    yield state(
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
