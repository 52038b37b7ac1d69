"""Layers that are convolutions after all: batch norm in evaluation mode, average pooling, 1x1,
separable, grouped, branches.
"""

from nonconv.proofs import I, S, theorem


def batch_norm():
    P = theorem("batch-norm-1x1")
    X, gamma, beta, mu, rho, Y, O, o, W, i, u, k, m, M = P.symbols()
    P.witness(O[m, k, u], I[m == k] * gamma[k] * rho[k])
    P.witness(o[k], beta[k] - gamma[k] * rho[k] * mu[k])
    P.calc(
        Y[k, i],
        (gamma[k] * (X[k, i] - mu[k]) * rho[k] + beta[k], "definition Y"),
        (X[k, i] * gamma[k] * rho[k] + (beta[k] - gamma[k] * rho[k] * mu[k]), "distribute"),
        (X[k, i] * gamma[k] * rho[k] + o[k], "definition o"),
        (S[m:M, u:1, m == k](X[m, i + u - 1] * gamma[k] * rho[k]) + o[k], "one point"),
        (S[m:M, u:1](X[m, i + u - 1] * (I[m == k] * gamma[k] * rho[k])) + o[k], "arithmetic"),
        (S[m:M, u:1](X[m, i + u - 1] * O[m, k, u]) + o[k], "definition O"),
        (W[k, i], "definition W"),
    )
    return P


def conv_batch_norm():
    P = theorem("conv-batch-norm")
    X, F, G, b, g, Y, Z, O, o, W, i, u, k, m, K, M, p = P.symbols()
    P.witness(O[m, k, u], G[k] * F[m, k, u])
    P.witness(o[k], G[k] * b[k] + g[k])
    P.calc(
        Z[k, i],
        (G[k] * Y[k, i] + g[k], "definition Z"),
        (G[k] * (S[m:M, u:p](X[m, i + u - 1] * F[m, k, u]) + b[k]) + g[k], "definition Y"),
        (S[m:M, u:p](X[m, i + u - 1] * G[k] * F[m, k, u]) + (G[k] * b[k] + g[k]), "distribute"),
        (S[m:M, u:p](X[m, i + u - 1] * G[k] * F[m, k, u]) + o[k], "definition o"),
        (S[m:M, u:p](X[m, i + u - 1] * O[m, k, u]) + o[k], "definition O"),
        (W[k, i], "definition W"),
    )
    return P


def average_pool():
    P = theorem("average-pool")
    X, a, Y, O, W, i, u, k, m, M, p, s = P.symbols()
    P.witness(O[m, k, u], I[m == k] * a)
    P.calc(
        Y[k, i],
        (a * S[u:p](X[k, s * (i - 1) + u]), "definition Y"),
        (S[u:p](X[k, s * (i - 1) + u] * a), "distribute"),
        (S[m:M, u:p, m == k](X[m, s * (i - 1) + u] * a), "one point"),
        (S[m:M, u:p](X[m, s * (i - 1) + u] * O[m, k, u]), "definition O"),
        (W[k, i], "definition W"),
    )
    return P


def global_average_pool():
    P = theorem("global-average-pool")
    X, a, Y, O, W, i, u, k, m, M, n = P.symbols()
    P.witness(O[m, k, u], I[m == k] * a)
    P.calc(
        Y[k],
        (a * S[u:n](X[k, u]), "definition Y"),
        (S[u:n](X[k, u] * a), "distribute"),
        (S[m:M, u:n, m == k](X[m, u] * a), "one point"),
        (S[m:M, u:n](X[m, u] * O[m, k, u]), "definition O"),
        (W[k, 1], "definition W"),
    )
    return P


def one_by_one():
    P = theorem("conv1x1-conv1x1")
    X, F, G, b, g, Y, Z, O, o, W, i, k, l, m, K, L, M = P.symbols()
    P.witness(O[m, l], S[k:K](F[m, k, 1] * G[k, l, 1]))
    P.witness(o[l], g[l] + S[k:K](b[k] * G[k, l, 1]))
    P.calc(
        Z[l, i],
        (S[k:K](Y[k, i] * G[k, l, 1]) + g[l], "definition Z"),
        (S[k:K]((S[m:M](X[m, i] * F[m, k, 1]) + b[k]) * G[k, l, 1]) + g[l], "definition Y"),
        (S[k:K, m:M](X[m, i] * F[m, k, 1] * G[k, l, 1]) + S[k:K](b[k] * G[k, l, 1]) + g[l], "distribute"),
        (S[m:M, k:K](X[m, i] * F[m, k, 1] * G[k, l, 1]) + S[k:K](b[k] * G[k, l, 1]) + g[l], "swap"),
        (S[m:M](X[m, i] * S[k:K](F[m, k, 1] * G[k, l, 1])) + S[k:K](b[k] * G[k, l, 1]) + g[l], "factor"),
        (S[m:M](X[m, i] * O[m, l]) + o[l], "definition O, o"),
        (W[l, i], "definition W"),
    )
    return P


def depthwise_pointwise():
    P = theorem("depthwise-pointwise")
    X, F, G, b, g, Y, Z, O, o, W, i, u, l, m, L, M, p = P.symbols()
    P.witness(O[m, l, u], F[m, u] * G[m, l, 1])
    P.witness(o[l], g[l] + S[m:M](b[m] * G[m, l, 1]))
    P.calc(
        Z[l, i],
        (S[m:M](Y[m, i] * G[m, l, 1]) + g[l], "definition Z"),
        (S[m:M]((S[u:p](X[m, i + u - 1] * F[m, u]) + b[m]) * G[m, l, 1]) + g[l], "definition Y"),
        (
            S[m:M, u:p](X[m, i + u - 1] * (F[m, u] * G[m, l, 1])) + (g[l] + S[m:M](b[m] * G[m, l, 1])),
            "distribute",
        ),
        (S[m:M, u:p](X[m, i + u - 1] * O[m, l, u]) + o[l], "definition O, o"),
        (W[l, i], "definition W"),
    )
    return P


def column_row():
    P = theorem("column-row")
    X, F, G, Y, Z, O, W, i, j, u, v, p, q = P.symbols()
    P.witness(O[u, v], F[u] * G[v])
    P.calc(
        Z[i, j],
        (S[v:q](Y[i, j + v - 1] * G[v]), "definition Z"),
        (S[v:q](S[u:p](X[i + u - 1, j + v - 1] * F[u]) * G[v]), "definition Y"),
        (S[v:q, u:p](X[i + u - 1, j + v - 1] * F[u] * G[v]), "distribute"),
        (S[u:p, v:q](X[i + u - 1, j + v - 1] * F[u] * G[v]), "swap"),
        (S[u:p, v:q](X[i + u - 1, j + v - 1] * O[u, v]), "definition O"),
        (W[i, j], "definition W"),
    )
    return P


def grouped():
    P = theorem("grouped-conv")
    X, F, Y, O, W, i, u, a, c, k, m, K, M, N, p = P.symbols()
    P.witness(O[c, m, a, k, u], I[c == a] * F[a, m, k, u])
    P.calc(
        Y[a, k, i],
        (S[m:M, u:p](X[a, m, i + u - 1] * F[a, m, k, u]), "definition Y"),
        (S[c:N, m:M, u:p, c == a](X[c, m, i + u - 1] * F[a, m, k, u]), "one point"),
        (S[c:N, m:M, u:p](X[c, m, i + u - 1] * O[c, m, a, k, u]), "definition O"),
        (W[a, k, i], "definition W"),
    )
    return P


def repvgg():
    P = theorem("repvgg")
    X, F, G, Y, O, W, i, u, k, m, M, h = P.symbols()
    P.witness(O[m, k, u], F[m, k, u] + I[u == h + 1] * G[m, k, 1] + I[m == k, u == h + 1])
    conv = S[m:M, u : 2 * h + 1](X[m, i + u - 1] * F[m, k, u])
    P.calc(
        Y[k, i],
        (conv + S[m:M](X[m, i + h] * G[m, k, 1]) + X[k, i + h], "definition Y"),
        (
            conv
            + S[m:M, u : 2 * h + 1, u == h + 1](X[m, i + u - 1] * G[m, k, 1])
            + S[m:M, u : 2 * h + 1, m == k, u == h + 1](X[m, i + u - 1]),
            "one point",
        ),
        (
            S[m:M, u : 2 * h + 1](
                X[m, i + u - 1] * (F[m, k, u] + I[u == h + 1] * G[m, k, 1] + I[m == k, u == h + 1])
            ),
            "factor",
        ),
        (S[m:M, u : 2 * h + 1](X[m, i + u - 1] * O[m, k, u]), "definition O"),
        (W[k, i], "definition W"),
    )
    return P


def residual():
    P = theorem("residual")
    X, F, Y, O, W, i, u, k, m, M, h = P.symbols()
    P.witness(O[m, k, u], F[m, k, u] + I[m == k, u == h + 1])
    conv = S[m:M, u : 2 * h + 1](X[m, i + u - 1] * F[m, k, u])
    P.calc(
        Y[k, i],
        (conv + X[k, i + h], "definition Y"),
        (conv + S[m:M, u : 2 * h + 1](X[m, i + u - 1] * I[m == k, u == h + 1]), "one point"),
        (S[m:M, u : 2 * h + 1](X[m, i + u - 1] * (F[m, k, u] + I[m == k, u == h + 1])), "factor"),
        (S[m:M, u : 2 * h + 1](X[m, i + u - 1] * O[m, k, u]), "definition O"),
        (W[k, i], "definition W"),
    )
    return P


REFERENCE = {
    "batch-norm-1x1": batch_norm,
    "conv-batch-norm": conv_batch_norm,
    "average-pool": average_pool,
    "global-average-pool": global_average_pool,
    "conv1x1-conv1x1": one_by_one,
    "depthwise-pointwise": depthwise_pointwise,
    "column-row": column_row,
    "grouped-conv": grouped,
    "repvgg": repvgg,
    "residual": residual,
}
