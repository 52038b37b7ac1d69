"""A composition of convolutions is a convolution: strides, dilations, groups, three of them, and kernels
alone.
"""

from helpers.proofs.chains import build
from nonconv.proofs import S, theorem


def one_channel():
    P = theorem("conv-conv-one-channel")
    X, F, G, Y, Z, O, W, i, t, u, w, p, r = P.symbols()
    P.witness(O[t], S[u:p, w:r, u + w - 1 == t](F[u] * G[w]))
    P.calc(
        Z[i],
        (S[w:r](Y[i + w - 1] * G[w]), "definition Z"),
        (S[w:r](S[u:p](X[i + u + w - 2] * F[u]) * G[w]), "definition Y"),
        (S[w:r, u:p](X[i + u + w - 2] * F[u] * G[w]), "distribute"),
        (S[t : p + r - 1, u:p, w:r, u + w - 1 == t](X[i + t - 1] * F[u] * G[w]), "regroup"),
        (S[t : p + r - 1](X[i + t - 1] * S[u:p, w:r, u + w - 1 == t](F[u] * G[w])), "factor"),
        (S[t : p + r - 1](X[i + t - 1] * O[t]), "definition O"),
        (W[i], "definition W"),
    )
    return P


def triangular(name="conv-conv"):
    """The other form of the kernel: O_t = sum_w F_{t-w+1} G_w, with its conditions."""
    P = theorem(name)
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    inner = S[k:K, w:r, t - w + 1 >= 1, t - w + 1 <= p]
    P.witness(O[m, l, t], inner(F[m, k, t - w + 1] * G[k, l, w]))
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
        (
            S[k:K, w:r]((S[m:M, u:p](F[m, k, u] * X[m, (i + w - 1) + u - 1]) + b[k]) * G[k, l, w]) + g[l],
            "definition Y",
        ),
        (
            S[k:K, w:r, m:M, u:p](G[k, l, w] * F[m, k, u] * X[m, i + u + w - 2])
            + (S[k:K, w:r](b[k] * G[k, l, w]) + g[l]),
            "distribute",
        ),
        (
            S[m:M, t : p + r - 1, k:K, w:r, t - w + 1 >= 1, t - w + 1 <= p](
                X[m, i + t - 1] * F[m, k, t - w + 1] * G[k, l, w]
            )
            + S[k:K, w:r](b[k] * G[k, l, w])
            + g[l],
            "regroup",
        ),
        (
            S[m:M, t : p + r - 1](X[m, i + t - 1] * inner(F[m, k, t - w + 1] * G[k, l, w]))
            + S[k:K, w:r](b[k] * G[k, l, w])
            + g[l],
            "distribute",
        ),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O o"),
        (W[l, i], "definition W"),
    )
    return P


def strided():
    P = theorem("conv-conv-strided")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r, s, e = P.symbols()
    last = p + s * (r - 1)
    inner = S[k:K, u:p, w:r, u + s * (w - 1) == t](F[m, k, u] * G[k, l, w])
    x = X[m, s * (e * (i - 1) + w - 1) + u]
    P.witness(O[m, l, t], inner)
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, e * (i - 1) + w] * G[k, l, w]) + g[l], "definition Z"),
        (S[k:K, w:r]((S[m:M, u:p](x * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l], "definition Y"),
        (
            S[k:K, w:r, m:M, u:p](x * F[m, k, u] * G[k, l, w]) + S[k:K, w:r](b[k] * G[k, l, w]) + g[l],
            "distribute",
        ),
        (S[k:K, w:r, m:M, u:p](x * F[m, k, u] * G[k, l, w]) + o[l], "definition o"),
        (
            S[m:M, t:last, k:K, u:p, w:r, u + s * (w - 1) == t](
                X[m, s * e * (i - 1) + t] * F[m, k, u] * G[k, l, w]
            )
            + o[l],
            "regroup",
        ),
        (S[m:M, t:last](X[m, s * e * (i - 1) + t] * inner) + o[l], "factor"),
        (S[m:M, t:last](X[m, s * e * (i - 1) + t] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


def dilated():
    P = theorem("conv-conv-dilated")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r, d, e = P.symbols()
    last = d * (p - 1) + e * (r - 1) + 1
    inner = S[k:K, u:p, w:r, d * (u - 1) + e * (w - 1) + 1 == t](F[m, k, u] * G[k, l, w])
    x = X[m, i + d * (u - 1) + e * (w - 1)]
    P.witness(O[m, l, t], inner)
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + e * (w - 1)] * G[k, l, w]) + g[l], "definition Z"),
        (S[k:K, w:r]((S[m:M, u:p](x * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l], "definition Y"),
        (
            S[k:K, w:r, m:M, u:p](x * F[m, k, u] * G[k, l, w]) + S[k:K, w:r](b[k] * G[k, l, w]) + g[l],
            "distribute",
        ),
        (S[k:K, w:r, m:M, u:p](x * F[m, k, u] * G[k, l, w]) + o[l], "definition o"),
        (
            S[m:M, t:last, k:K, u:p, w:r, d * (u - 1) + e * (w - 1) + 1 == t](
                X[m, i + t - 1] * F[m, k, u] * G[k, l, w]
            )
            + o[l],
            "regroup",
        ),
        (S[m:M, t:last](X[m, i + t - 1] * inner) + o[l], "factor"),
        (S[m:M, t:last](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


def three():
    P = theorem("conv-conv-conv")
    X, F, G, H, Y, Z, V, O, W, i, t, u, w, z, p, r, q = P.symbols()
    P.witness(O[t], S[u:p, w:r, z:q, u + w + z - 2 == t](F[u] * G[w] * H[z]))
    x = X[i + u + w + z - 3]
    P.calc(
        V[i],
        (S[z:q](Z[i + z - 1] * H[z]), "definition V"),
        (S[z:q](S[w:r](Y[i + z + w - 2] * G[w]) * H[z]), "definition Z"),
        (S[z:q](S[w:r](S[u:p](x * F[u]) * G[w]) * H[z]), "definition Y"),
        (S[z:q, w:r, u:p](x * F[u] * G[w] * H[z]), "distribute"),
        (
            S[t : p + r + q - 2, u:p, w:r, z:q, u + w + z - 2 == t](X[i + t - 1] * F[u] * G[w] * H[z]),
            "regroup",
        ),
        (
            S[t : p + r + q - 2](X[i + t - 1] * S[u:p, w:r, z:q, u + w + z - 2 == t](F[u] * G[w] * H[z])),
            "factor",
        ),
        (S[t : p + r + q - 2](X[i + t - 1] * O[t]), "definition O"),
        (W[i], "definition W"),
    )
    return P


def commute():
    P = theorem("kernels-commute")
    F, G, t, u, w, p, r = P.symbols()
    P.calc(S[u:p, w:r, u + w - 1 == t](F[u] * G[w]), (S[u:r, w:p, u + w - 1 == t](G[u] * F[w]), "swap"))
    return P


def associate():
    P = theorem("kernels-associate")
    F, G, H, A, B, t, u, v, w, z, p, q, r = P.symbols()
    P.calc(
        S[v : p + r - 1, z:q, v + z - 1 == t](A[v] * H[z]),
        (
            S[v : p + r - 1, z:q, v + z - 1 == t](S[u:p, w:r, u + w - 1 == v](F[u] * G[w]) * H[z]),
            "definition A",
        ),
        (S[v : p + r - 1, z:q, u:p, w:r, v + z - 1 == t, u + w - 1 == v](F[u] * G[w] * H[z]), "distribute"),
        (S[u:p, w:r, z:q, u + w + z - 2 == t](F[u] * G[w] * H[z]), "regroup"),
        (S[u:p, v : r + q - 1, w:r, z:q, u + v - 1 == t, w + z - 1 == v](F[u] * G[w] * H[z]), "regroup"),
        (S[u:p, v : r + q - 1, u + v - 1 == t](F[u] * S[w:r, z:q, w + z - 1 == v](G[w] * H[z])), "factor"),
        (S[u:p, v : r + q - 1, u + v - 1 == t](F[u] * B[v]), "definition B"),
    )
    return P


def same_interior():
    P = theorem("same-interior")
    X, F, G, Y, Z, O, W, i, t, u, w, k, l, m, K, L, M, h, f, n = P.symbols()
    last = 2 * h + 2 * f + 1
    y, x, a = i + w - 1 - f, i + w - 1 - f + u - 1 - h, i + t - 1 - h - f
    inner = S[k:K, u : 2 * h + 1, w : 2 * f + 1, u + w - 1 == t](F[m, k, u] * G[k, l, w])
    P.witness(O[m, l, t], inner)
    P.calc(
        Z[l, i],
        (S[k:K, w : 2 * f + 1, y >= 1, y <= n](Y[k, y] * G[k, l, w]), "definition Z"),
        (S[k:K, w : 2 * f + 1](Y[k, y] * G[k, l, w]), "range"),
        (
            S[k:K, w : 2 * f + 1](S[m:M, u : 2 * h + 1, x >= 1, x <= n](X[m, x] * F[m, k, u]) * G[k, l, w]),
            "definition Y",
        ),
        (
            S[k:K, w : 2 * f + 1, m:M, u : 2 * h + 1, x >= 1, x <= n](X[m, x] * F[m, k, u] * G[k, l, w]),
            "distribute",
        ),
        (
            S[m:M, t:last, a >= 1, a <= n, k:K, u : 2 * h + 1, w : 2 * f + 1, u + w - 1 == t](
                X[m, a] * F[m, k, u] * G[k, l, w]
            ),
            "regroup",
        ),
        (S[m:M, t:last, a >= 1, a <= n](X[m, a] * inner), "factor"),
        (S[m:M, t:last, a >= 1, a <= n](X[m, a] * O[m, l, t]), "definition O"),
        (W[l, i], "definition W"),
    )
    return P


def grouped_grouped():
    P = theorem("grouped-grouped")
    X, F, G, Y, Z, O, W, i, t, u, w, a, k, l, m, K, L, M, N, p, r = P.symbols()
    inner = S[k:K, u:p, w:r, u + w - 1 == t](F[a, m, k, u] * G[a, k, l, w])
    P.witness(O[a, m, l, t], inner)
    x = X[a, m, i + u + w - 2]
    P.calc(
        Z[a, l, i],
        (S[k:K, w:r](Y[a, k, i + w - 1] * G[a, k, l, w]), "definition Z"),
        (S[k:K, w:r](S[m:M, u:p](x * F[a, m, k, u]) * G[a, k, l, w]), "definition Y"),
        (S[k:K, w:r, m:M, u:p](x * F[a, m, k, u] * G[a, k, l, w]), "distribute"),
        (
            S[m:M, t : p + r - 1, k:K, u:p, w:r, u + w - 1 == t](
                X[a, m, i + t - 1] * F[a, m, k, u] * G[a, k, l, w]
            ),
            "regroup",
        ),
        (S[m:M, t : p + r - 1](X[a, m, i + t - 1] * inner), "factor"),
        (S[m:M, t : p + r - 1](X[a, m, i + t - 1] * O[a, m, l, t]), "definition O"),
        (W[a, l, i], "definition W"),
    )
    return P


REFERENCE = {
    "conv-conv-one-channel": one_channel,
    "conv-conv": lambda: build("conv-conv"),
    "conv-conv-2d": lambda: build("conv-conv-2d"),
    "conv-conv-strided": strided,
    "conv-conv-dilated": dilated,
    "conv-conv-conv": three,
    "kernels-commute": commute,
    "kernels-associate": associate,
    "same-interior": same_interior,
    "grouped-grouped": grouped_grouped,
}
