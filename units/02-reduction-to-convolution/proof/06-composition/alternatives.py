"""Other right proofs, by other people's habits."""

from nonconv.authoring import given, right

GIVEN = given(__file__, "chain-name")

I, S, me = GIVEN["I"], GIVEN["S"], GIVEN["me"]
theorem, own_theorem = GIVEN["theorem"], GIVEN["own_theorem"]


@right("composition_proof")
def from_the_right_side():
    P = theorem(own_theorem(me))
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w]))
    P.witness(o[l], h[l] + S[k:K, w:r](a[k] * H[k, l, w]))
    kernel = S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w])
    terms = S[k:K, w:r, m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u] * H[k, l, w])
    P.calc(
        W[l, i],
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * O[m, l, t]) + o[l], "definition W"),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * kernel) + o[l], "definition O"),
        (
            S[m:M, t : p + 2 * (r - 1), k:K, u:p, w:r, u + 2 * (w - 1) == t](
                X[m, 2 * s * (i - 1) + t] * A[m, k, u] * H[k, l, w]
            )
            + o[l],
            "multiply out",
        ),
        (terms + o[l], "one point"),
        (terms + S[k:K, w:r](a[k] * H[k, l, w]) + h[l], "definition o"),
        (
            S[k:K, w:r](
                (S[m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u]) + a[k]) * H[k, l, w]
            )
            + h[l],
            "factor",
        ),
        (S[k:K, w:r](Y[k, s * (i - 1) + w] * H[k, l, w]) + h[l], "definition Y"),
        (Z[l, i], "definition Z"),
    )
    return P


@right("composition_proof")
def with_a_kernel_of_zeros_outside():
    P = theorem(own_theorem(me))
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()

    def zero_A(index):
        return I[index >= 1, index <= p] * A[m, k, index]

    kernel = S[k:K, w:r](zero_A(t - 2 * (w - 1)) * H[k, l, w])
    P.witness(O[m, l, t], kernel)
    P.witness(o[l], h[l] + S[k:K, w:r](a[k] * H[k, l, w]))
    terms = S[k:K, w:r, m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u] * H[k, l, w])
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, s * (i - 1) + w] * H[k, l, w]) + h[l], "by definition of Z"),
        (
            S[k:K, w:r](
                (S[m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u]) + a[k]) * H[k, l, w]
            )
            + h[l],
            "Def. Y",
        ),
        (terms + S[k:K, w:r](a[k] * H[k, l, w]) + h[l], "distribute"),
        (terms + o[l], "definition o"),
        (
            S[m:M, t : p + 2 * (r - 1), k:K, w:r](
                X[m, 2 * s * (i - 1) + t] * zero_A(t - 2 * (w - 1)) * H[k, l, w]
            )
            + o[l],
            "regroup",
        ),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * kernel) + o[l], "factor"),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@right("composition_proof")
def with_the_bias_apart():
    P = theorem(own_theorem(me))
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w]))
    P.witness(o[l], h[l] + S[k:K, w:r](a[k] * H[k, l, w]))
    inner = S[m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u])
    summed = S[m:M, t : p + 2 * (r - 1)](
        S[k:K, u:p, w:r, u + 2 * (w - 1) == t](X[m, 2 * s * (i - 1) + t] * A[m, k, u] * H[k, l, w])
    )
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, s * (i - 1) + w] * H[k, l, w]) + h[l], "definition Z"),
        (S[k:K, w:r]((inner + a[k]) * H[k, l, w]) + h[l], "definition Y"),
        (S[k:K, w:r](inner * H[k, l, w] + a[k] * H[k, l, w]) + h[l], "distribute"),
        (S[k:K, w:r](inner * H[k, l, w]) + (h[l] + S[k:K, w:r](a[k] * H[k, l, w])), "linearity"),
        (S[k:K, w:r](inner * H[k, l, w]) + o[l], "definition o"),
        (
            S[k:K, w:r, m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u] * H[k, l, w]) + o[l],
            "expand",
        ),
        (summed + o[l], "regroup"),
        (
            S[m:M, t : p + 2 * (r - 1)](
                X[m, 2 * s * (i - 1) + t] * S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w])
            )
            + o[l],
            "factor out",
        ),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@right("composition_proof")
def in_other_letters():
    P = theorem(own_theorem(me))
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()
    x, y = P.positions("x y")
    c, e = P.channels("c e")
    P.witness(O[c, e, t], S[k:K, x:p, y:r, x + 2 * y == t + 2](H[k, e, y] * A[c, k, x]))
    P.witness(o[e], S[y:r, k:K](a[k] * H[k, e, y]) + h[e])
    terms = S[e:K, y:r, c:M, x:p](X[c, 2 * s * (i - 1) + 2 * (y - 1) + x] * A[c, e, x] * H[e, l, y])
    sorted_terms = S[c:M, t : p + 2 * (r - 1), e:K, y:r, x:p, x + 2 * y - t == 2]
    P.calc(
        Z[l, i],
        (h[l] + S[e:K, y:r](H[e, l, y] * Y[e, s * (i - 1) + y]), "definition Z"),
        (
            h[l]
            + S[e:K, y:r](
                H[e, l, y] * (a[e] + S[c:M, x:p](X[c, 2 * s * (i - 1) + 2 * (y - 1) + x] * A[c, e, x]))
            ),
            "definition Y",
        ),
        (terms + S[e:K, y:r](a[e] * H[e, l, y]) + h[l], "distribute"),
        (o[l] + terms, "definition o"),
        (o[l] + sorted_terms(X[c, 2 * s * (i - 1) + t] * A[c, e, x] * H[e, l, y]), "reindex"),
        (
            o[l]
            + S[t : p + 2 * (r - 1), c:M](
                X[c, t + 2 * s * (i - 1)] * S[x:p, y:r, e:K, x + 2 * y == t + 2](A[c, e, x] * H[e, l, y])
            ),
            "factor",
        ),
        (o[l] + S[t : p + 2 * (r - 1), c:M](O[c, l, t] * X[c, t + 2 * s * (i - 1)]), "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@right("composition_proof")
def with_one_written_as_a_sum():
    P = theorem(own_theorem(me))
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w]))
    P.witness(o[l], h[l] + S[k:K, w:r](a[k] * H[k, l, w]))
    terms = X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u] * H[k, l, w]
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, s * (i - 1) + w] * H[k, l, w]) + h[l], "definition Z"),
        (
            S[k:K, w:r](
                (S[m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u]) + a[k]) * H[k, l, w]
            )
            + h[l],
            "definition Y",
        ),
        (S[k:K, w:r, m:M, u:p](terms) + S[k:K, w:r](a[k] * H[k, l, w]) + h[l], "distribute"),
        (S[k:K, w:r, m:M, u:p](terms) + o[l], "definition o"),
        (S[k:K, w:r, m:M, u:p](S[t : p + 2 * (r - 1)](I[t == u + 2 * (w - 1)]) * terms) + o[l], "one point"),
        (S[k:K, w:r, m:M, u:p, t : p + 2 * (r - 1)](I[t == u + 2 * (w - 1)] * terms) + o[l], "distribute"),
        (
            S[m:M, t : p + 2 * (r - 1), k:K, u:p, w:r](
                X[m, 2 * s * (i - 1) + t] * I[t == u + 2 * (w - 1)] * A[m, k, u] * H[k, l, w]
            )
            + o[l],
            "one point",
        ),
        (
            S[m:M, t : p + 2 * (r - 1)](
                X[m, 2 * s * (i - 1) + t] * S[k:K, u:p, w:r, u + 2 * (w - 1) == t](A[m, k, u] * H[k, l, w])
            )
            + o[l],
            "factor",
        ),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P


@right("composition_proof")
def with_the_substitution_first():
    P = theorem(own_theorem(me))
    X, A, a, H, h, Y, Z, O, o, W, i, t, u, w, k, l, m, M, K, p, L, r, s, n, ny, nz = P.symbols()
    inside = [t - 2 * (w - 1) >= 1, t - 2 * (w - 1) <= p]
    P.witness(O[m, l, t], S[k:K, w:r, inside[0], inside[1]](A[m, k, t - 2 * (w - 1)] * H[k, l, w]))
    P.witness(o[l], h[l] + S[k:K](S[w:r](a[k] * H[k, l, w])))
    shifted = S[m:M, t : 2 * w - 1 : 2 * w + p - 2](X[m, 2 * s * (i - 1) + t] * A[m, k, t - 2 * (w - 1)])
    P.calc(
        Z[l, i],
        (S[k:K, w:r](Y[k, s * (i - 1) + w] * H[k, l, w]) + h[l], "definition Z"),
        (
            S[k:K, w:r](
                (S[m:M, u:p](X[m, 2 * s * (i - 1) + 2 * (w - 1) + u] * A[m, k, u]) + a[k]) * H[k, l, w]
            )
            + h[l],
            "definition Y",
        ),
        (S[k:K, w:r]((shifted + a[k]) * H[k, l, w]) + h[l], "reindex"),
        (S[k:K, w:r](shifted * H[k, l, w]) + S[k:K, w:r](a[k] * H[k, l, w]) + h[l], "distribute"),
        (S[k:K, w:r](shifted * H[k, l, w]) + o[l], "definition o"),
        (
            S[k:K, w:r, m:M, t : 2 * w - 1 : 2 * w + p - 2](
                X[m, 2 * s * (i - 1) + t] * A[m, k, t - 2 * (w - 1)] * H[k, l, w]
            )
            + o[l],
            "expand",
        ),
        (
            S[m:M, t : p + 2 * (r - 1), k:K, w:r, 2 * w - 1 <= t, t <= 2 * w + p - 2](
                X[m, 2 * s * (i - 1) + t] * A[m, k, t - 2 * (w - 1)] * H[k, l, w]
            )
            + o[l],
            "swap",
        ),
        (
            S[m:M, t : p + 2 * (r - 1)](
                X[m, 2 * s * (i - 1) + t]
                * S[k:K, w:r, 2 * w - 1 <= t, t <= 2 * w + p - 2](A[m, k, t - 2 * (w - 1)] * H[k, l, w])
            )
            + o[l],
            "factor",
        ),
        (S[m:M, t : p + 2 * (r - 1)](X[m, 2 * s * (i - 1) + t] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    )
    return P
