"""The backward pass as adjoint, and the lemmas behind the counterexamples."""

from nonconv.proofs import S, split, theorem


def backward_input():
    P = theorem("backward-input")
    X, F, V, Y, D, i, j, u, k, m, K, M, n, p = P.symbols("X F V Y D i j u k m K M n p")
    a, q = j - u + 1, n - p + 1
    P.calc(
        S[k:K, i:q](V[k, i] * Y[k, i]),
        (S[k:K, i:q](V[k, i] * S[m:M, u:p](X[m, i + u - 1] * F[m, k, u])), "definition Y"),
        (S[k:K, i:q, m:M, u:p](V[k, i] * X[m, i + u - 1] * F[m, k, u]), "distribute"),
        (S[m:M, j:n, k:K, u:p, a >= 1, a <= q](V[k, a] * X[m, j] * F[m, k, u]), "reindex"),
        (S[m:M, j:n](X[m, j] * S[k:K, u:p, a >= 1, a <= q](V[k, a] * F[m, k, u])), "factor"),
        (S[m:M, j:n](X[m, j] * D[m, j]), "definition D"),
    )
    return P


def backward_kernel():
    P = theorem("backward-kernel")
    X, F, V, Y, D, i, u, k, m, K, M, n, p = P.symbols("X F V Y D i u k m K M n p")
    q = n - p + 1
    P.calc(
        S[k:K, i:q](V[k, i] * Y[k, i]),
        (S[k:K, i:q](V[k, i] * S[m:M, u:p](X[m, i + u - 1] * F[m, k, u])), "definition Y"),
        (S[k:K, i:q, m:M, u:p](V[k, i] * X[m, i + u - 1] * F[m, k, u]), "distribute"),
        (S[m:M, k:K, u:p, i:q](F[m, k, u] * X[m, i + u - 1] * V[k, i]), "swap"),
        (S[m:M, k:K, u:p](F[m, k, u] * S[i:q](X[m, i + u - 1] * V[k, i])), "factor"),
        (S[m:M, k:K, u:p](F[m, k, u] * D[m, k, u]), "definition D"),
    )
    return P


def affine():
    P = theorem("conv-affine")
    X, V, F, b, A, B, C, D, i, u, k, m, K, M, p = P.symbols()
    x, v = X[m, i + u - 1], V[m, i + u - 1]
    P.calc(
        A[k, i] + D[k, i],
        (S[m:M, u:p]((x + v) * F[m, k, u]) + b[k] + (S[m:M, u:p](0 * F[m, k, u]) + b[k]), "definition A, D"),
        (S[m:M, u:p](x * F[m, k, u]) + b[k] + (S[m:M, u:p](v * F[m, k, u]) + b[k]), "distribute"),
        (B[k, i] + C[k, i], "definition B, C"),
    )
    return P


def toeplitz():
    P = theorem("conv-toeplitz")
    F, A, i, j, u, n, p = P.symbols("F A i j u n p")
    P.calc(A[i, j], (S[u:p, i + u - 1 == j](F[u]), "definition A"), (A[i + 1, j + 1], "definition A"))
    return P


def same_toeplitz():
    P = theorem("same-toeplitz")
    F, A, i, j, u, n, h = P.symbols("F A i j u n h")
    x = i + u - 1 - h
    y = x + 1
    P.calc(
        A[i, j],
        (S[u : 2 * h + 1, x >= 1, x <= n, x == j](F[u]), "definition A"),
        (S[u : 2 * h + 1, y >= 1, y <= n, y == j + 1](F[u]), "range"),
        (A[i + 1, j + 1], "definition A"),
    )
    return P


def concatenation():
    P = theorem("concatenation")
    X, F, Y, i, u, k, m, K, M, N, p = P.symbols()
    P.calc(
        Y[k, i],
        (S[m : M + N, u:p](X[m, i + u - 1] * F[m, k, u]), "definition Y"),
        (
            S[m:M, u:p](X[m, i + u - 1] * F[m, k, u])
            + S[m : M + 1 : M + N, u:p](X[m, i + u - 1] * F[m, k, u]),
            split(m <= M),
        ),
        (
            S[m:M, u:p](X[m, i + u - 1] * F[m, k, u]) + S[m:N, u:p](X[M + m, i + u - 1] * F[M + m, k, u]),
            "reindex",
        ),
    )
    return P


REFERENCE = {
    "backward-input": backward_input,
    "backward-kernel": backward_kernel,
    "conv-affine": affine,
    "conv-toeplitz": toeplitz,
    "same-toeplitz": same_toeplitz,
    "concatenation": concatenation,
}
