"""Other right proofs, by other people's habits."""

from nonconv.authoring import given, right

GIVEN = given(__file__)

I, S, theorem = GIVEN["I"], GIVEN["S"], GIVEN["theorem"]


@right("plane_proof")
def from_the_right_side():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    kernel = S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w])
    terms = S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w])
    P.calc(
        W[l, i],
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition W"),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * kernel) + o[l], "definition O"),
        (
            S[m:M, t : p + r - 1, k:K, u:p, w:r, u + w - 1 == t](X[m, i + t - 1] * F[m, k, u] * G[k, l, w])
            + o[l],
            "multiply out",
        ),
        (terms + o[l], "one point"),
        (terms + S[k:K, w:r](b[k] * G[k, l, w]) + g[l], "definition o"),
        (S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l], "factor"),
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Y"),
        (Z[l, i], "definition Z"),
    )
    return P


@right("plane_proof")
def with_kernels_of_zeros_outside():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()

    def zero_F(index):
        return I[index >= 1, index <= p] * F[m, k, index]

    def zero_G(index):
        return I[index >= 1, index <= r] * G[k, l, index]

    kernel = S[k:K, u:t](zero_F(u) * zero_G(t - u + 1))
    P.witness(O[m, l, t], kernel)
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    terms = S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w])
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "by definition of Z"),
        (S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l], "Def. Y"),
        (terms + S[k:K, w:r](b[k] * G[k, l, w]) + g[l], "distribute"),
        (terms + o[l], "definition o"),
        (
            S[m:M, t : p + r - 1, k:K, u:t](X[m, i + t - 1] * zero_F(u) * zero_G(t - u + 1)) + o[l],
            "regroup",
        ),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * kernel) + o[l], "factor"),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@right("plane_proof")
def with_the_bias_apart():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    inner = S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u])
    summed = S[m:M, t : p + r - 1](
        S[k:K, u:p, w:r, u + w - 1 == t](X[m, i + t - 1] * F[m, k, u] * G[k, l, w])
    )
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
        (S[k:K, w:r]((inner + b[k]) * G[k, l, w]) + g[l], "definition Y"),
        (S[k:K, w:r](inner * G[k, l, w] + b[k] * G[k, l, w]) + g[l], "distribute"),
        (S[k:K, w:r](inner * G[k, l, w]) + (g[l] + S[k:K, w:r](b[k] * G[k, l, w])), "linearity"),
        (S[k:K, w:r](inner * G[k, l, w]) + o[l], "definition o"),
        (S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + o[l], "expand"),
        (summed + o[l], "regroup"),
        (
            S[m:M, t : p + r - 1](X[m, i + t - 1] * S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
            + o[l],
            "factor out",
        ),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@right("plane_proof")
def in_other_letters():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    x, y = P.positions("x y")
    c, e = P.channels("c e")
    P.witness(O[c, e, t], S[k:K, x:p, y:r, x + y == t + 1](G[k, e, y] * F[c, k, x]))
    P.witness(o[e], S[y:r, k:K](b[k] * G[k, e, y]) + g[e])
    terms = S[e:K, y:r, c:M, x:p](X[c, i + x + y - 2] * F[c, e, x] * G[e, l, y])
    sorted_terms = S[c:M, t : p + r - 1, e:K, y:r, x:p, x + y - t == 1]
    P.calc(
        Z[l, i],
        (g[l] + S[e:K, y:r](G[e, l, y] * Y[e, i + y - 1]), "definition Z"),
        (
            g[l] + S[e:K, y:r](G[e, l, y] * (b[e] + S[c:M, x:p](X[c, i + x + y - 2] * F[c, e, x]))),
            "definition Y",
        ),
        (terms + S[e:K, y:r](b[e] * G[e, l, y]) + g[l], "distribute"),
        (o[l] + terms, "definition o"),
        (o[l] + sorted_terms(X[c, i + t - 1] * F[c, e, x] * G[e, l, y]), "reindex"),
        (
            o[l]
            + S[t : p + r - 1, c:M](
                X[c, t + i - 1] * S[x:p, y:r, e:K, x + y == t + 1](F[c, e, x] * G[e, l, y])
            ),
            "factor",
        ),
        (o[l] + S[t : p + r - 1, c:M](O[c, l, t] * X[c, t + i - 1]), "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@right("plane_proof")
def with_the_substitution_first():
    P = theorem("conv-conv-2d")
    X, F, G, b, g, Y, Z, O, o, W, i, t, u, w, k, l, m, K, L, M, p, r = P.symbols()
    inside = [t - w + 1 >= 1, t - w + 1 <= p]
    P.witness(O[m, l, t], S[k:K, w:r, inside[0], inside[1]](F[m, k, t - w + 1] * G[k, l, w]))
    P.witness(o[l], g[l] + S[k:K](S[w:r](b[k] * G[k, l, w])))
    shifted = S[m:M, t : w : w + p - 1](X[m, i + t - 1] * F[m, k, t - w + 1])
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
        (
            S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l],
            "definition Y",
        ),
        (S[k:K, w:r]((shifted + b[k]) * G[k, l, w]) + g[l], "reindex"),
        (S[k:K, w:r](shifted * G[k, l, w]) + S[k:K, w:r](b[k] * G[k, l, w]) + g[l], "distribute"),
        (S[k:K, w:r](shifted * G[k, l, w]) + o[l], "definition o"),
        (
            S[k:K, w:r, m:M, t : w : w + p - 1](X[m, i + t - 1] * F[m, k, t - w + 1] * G[k, l, w]) + o[l],
            "expand",
        ),
        (
            S[m:M, t : p + r - 1, k:K, w:r, w <= t, t <= w + p - 1](
                X[m, i + t - 1] * F[m, k, t - w + 1] * G[k, l, w]
            )
            + o[l],
            "swap",
        ),
        (
            S[m:M, t : p + r - 1](
                X[m, i + t - 1] * S[k:K, w:r, w <= t, t <= w + p - 1](F[m, k, t - w + 1] * G[k, l, w])
            )
            + o[l],
            "factor",
        ),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P
