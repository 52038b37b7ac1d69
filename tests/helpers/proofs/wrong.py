"""Wrong proofs of the composition theorem, each with what the checker must say about its first wrong place.

(name, edit, verdict, with a counterexample?). The first nineteen are the classics of the design; the others
are ours. A verdict "witness" means that the definition of O or o is refused.
"""

from __future__ import annotations

REFUTED, OTHER, ILL, WITNESS = "refuted", "true, but not by this rule", "ill-formed", "witness"
CASES: list[tuple[str, object, str, bool]] = []


def case(name: str, verdict: str, counterexample: bool = False):
    def add(edit):
        CASES.append((name, edit, verdict, counterexample))
        return edit

    return add


def put(chain, n, line=None, reason=None):
    """Replace line n (counted from 1) or its reason."""
    chain[n - 1] = (chain[n - 1][0] if line is None else line, chain[n - 1][1] if reason is None else reason)


def xfg(s, offset):
    return s.X[s.m, s.i + offset] * s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]


# ---------------------------------------------------------------- the nineteen of the design
@case("offset u+w-1 in X", REFUTED, True)
def _(s, c, wt):
    inner = s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + s.u + s.w - 1] * s.F[s.m, s.k, s.u]) + s.b[s.k]
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("t only to p+r-2", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 2, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](
            xfg(s, s.t - 1)
        )
        + s.o[s.l],
    )


@case("u+w == t", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w == s.t](
            xfg(s, s.t - 1)
        )
        + s.o[s.l],
    )


@case("b not multiplied by G", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2))
        + s.S[s.k : s.K](s.b[s.k])
        + s.g[s.l],
    )


@case("o := g", REFUTED, True)
def _(s, c, wt):
    wt["o"] = s.g[s.l]


@case("bias sum over w forgotten", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2))
        + s.S[s.k : s.K](s.b[s.k] * s.G[s.k, s.l, 1])
        + s.g[s.l],
    )


@case("g pulled inside the sum", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2) + s.g[s.l])
        + s.S[s.k : s.K, s.w : s.r](s.b[s.k] * s.G[s.k, s.l, s.w]),
    )


@case("F_u G_{t-u+1} without its conditions", REFUTED, True)
def _(s, c, wt):
    inner = s.S[s.k : s.K, s.u : s.p](s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.t - s.u + 1])
    put(c, 7, s.S[s.m : s.M, s.t : s.p + s.r - 1](s.X[s.m, s.i + s.t - 1] * inner) + s.o[s.l])


@case("triangular w = 1..t", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.w : s.t](
            s.X[s.m, s.i + s.t - 1] * s.F[s.m, s.k, s.t - s.w + 1] * s.G[s.k, s.l, s.w]
        )
        + s.o[s.l],
    )


@case("product of sums = sum of products", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M](
            s.X[s.m, s.i + 2 * s.w - 2] * s.F[s.m, s.k, s.w] * s.G[s.k, s.l, s.w]
        )
        + s.S[s.k : s.K, s.w : s.r](s.b[s.k] * s.G[s.k, s.l, s.w])
        + s.g[s.l],
    )


@case("F^{km} for F^{mk}", REFUTED, True)
def _(s, c, wt):
    inner = s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + s.u + s.w - 2] * s.F[s.k, s.m, s.u]) + s.b[s.k]
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("witness of size p", WITNESS)
def _(s, c, wt):
    wt["O"] = s.S[s.k : s.K, s.w : s.r](s.F[s.m, s.k, s.t] * s.G[s.k, s.l, s.w])


@case("accidental dilation", REFUTED, True)
def _(s, c, wt):
    inner = s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + 2 * s.u + s.w - 3] * s.F[s.m, s.k, s.u]) + s.b[s.k]
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("k reused inside", ILL)
def _(s, c, wt):
    inner = s.S[s.k : s.M, s.u : s.p](s.X[s.k, s.i + s.u + s.w - 2] * s.F[s.k, s.k, s.u]) + s.b[s.k]
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("dependent sums swapped", ILL)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.w : s.t, s.t : s.p + s.r - 1, s.k : s.K](
            s.X[s.m, s.i + s.t - 1] * s.F[s.m, s.k, s.t - s.w + 1] * s.G[s.k, s.l, s.w]
        )
        + s.o[s.l],
    )


@case("index outside its sum", ILL)
def _(s, c, wt):
    inner = s.S[s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](
        s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w]
    )
    put(c, 7, s.S[s.m : s.M, s.t : s.p + s.r - 1](s.X[s.m, s.i + s.u + s.w - 2] * inner) + s.o[s.l])


@case("o depends on X", WITNESS)
def _(s, c, wt):
    wt["o"] = s.S[s.k : s.K](s.X[s.k, 1])


@case("right line, wrong rule", OTHER)
def _(s, c, wt):
    put(c, 6, reason="distribute")


@case("whole theorem by regroup", OTHER)
def _(s, c, wt):
    c[:] = [(s.W[s.l, s.i], "regroup")]


CLASSICS = len(CASES)


# ---------------------------------------------------------------- our own: the lines
@case("Z without its bias", REFUTED, True)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.K, s.w : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]))


@case("Y at i+w instead of i+w-1", REFUTED, True)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.K, s.w : s.r](s.Y[s.k, s.i + s.w] * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("window w of the second kernel runs to p", REFUTED, True)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.K, s.w : s.p](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("window w starts from 2", REFUTED, True)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.K, s.w : 2 : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("k runs to M", REFUTED, True)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.M, s.w : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("G^{lk} for G^{kl}", REFUTED, True)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.K, s.w : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.l, s.k, s.w]) + s.g[s.l])


@case("bias of the wrong layer: b for g", REFUTED, True)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.K, s.w : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.l, s.w]) + s.b[s.l])


@case("bias b of the output channel", REFUTED, True)
def _(s, c, wt):
    inner = s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + s.u + s.w - 2] * s.F[s.m, s.k, s.u]) + s.b[s.l]
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("unfolding forgets that i became i+w-1", REFUTED, True)
def _(s, c, wt):
    inner = s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + s.u - 1] * s.F[s.m, s.k, s.u]) + s.b[s.k]
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("b left out when unfolding Y", REFUTED, True)
def _(s, c, wt):
    inner = s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + s.u + s.w - 2] * s.F[s.m, s.k, s.u])
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]) + s.g[s.l])


@case("G also multiplied into g", REFUTED, True)
def _(s, c, wt):
    inner = (
        s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + s.u + s.w - 2] * s.F[s.m, s.k, s.u]) + s.b[s.k] + s.g[s.l]
    )
    put(c, 2, s.S[s.k : s.K, s.w : s.r](inner * s.G[s.k, s.l, s.w]))


@case("minus instead of plus", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2))
        - s.S[s.k : s.K, s.w : s.r](s.b[s.k] * s.G[s.k, s.l, s.w])
        + s.g[s.l],
    )


@case("bias counted M times", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2) + s.b[s.k] * s.G[s.k, s.l, s.w])
        + s.g[s.l],
    )


@case("bias counted twice", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2))
        + 2 * s.S[s.k : s.K, s.w : s.r](s.b[s.k] * s.G[s.k, s.l, s.w])
        + s.g[s.l],
    )


@case("sum of b times sum of G", REFUTED, True)
def _(s, c, wt):
    x = s.P.channels("a")
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2))
        + s.S[s.k : s.K](s.b[s.k]) * s.S[x : s.K, s.w : s.r](s.G[x, s.l, s.w])
        + s.g[s.l],
    )


@case("sum over m forgotten", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        3,
        s.S[s.k : s.K, s.w : s.r, s.u : s.p](
            s.X[1, s.i + s.u + s.w - 2] * s.F[1, s.k, s.u] * s.G[s.k, s.l, s.w]
        )
        + s.S[s.k : s.K, s.w : s.r](s.b[s.k] * s.G[s.k, s.l, s.w])
        + s.g[s.l],
    )


@case("o replaced, but g kept as well", REFUTED, True)
def _(s, c, wt):
    put(c, 4, s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2)) + s.o[s.l] + s.g[s.l])


@case("o taken at the wrong channel", REFUTED, True)
def _(s, c, wt):
    put(c, 4, s.S[s.k : s.K, s.w : s.r, s.m : s.M, s.u : s.p](xfg(s, s.u + s.w - 2)) + s.o[1])


@case("range lost while swapping: u to r, w to p", REFUTED, True)
def _(s, c, wt):
    put(c, 5, s.S[s.m : s.M, s.k : s.K, s.u : s.r, s.w : s.p](xfg(s, s.u + s.w - 2)) + s.o[s.l])


@case("t starts from 2", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : 2 : s.p + s.r - 1, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](
            xfg(s, s.t - 1)
        )
        + s.o[s.l],
    )


@case("t free of u and w: condition forgotten", REFUTED, True)
def _(s, c, wt):
    put(
        c, 6, s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.u : s.p, s.w : s.r](xfg(s, s.t - 1)) + s.o[s.l]
    )


@case("<= instead of == in the condition", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 <= s.t](
            xfg(s, s.t - 1)
        )
        + s.o[s.l],
    )


@case("difference instead of sum: u-w+1 == t", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.u : s.p, s.w : s.r, s.u - s.w + 1 == s.t](
            xfg(s, s.t - 1)
        )
        + s.o[s.l],
    )


@case("X at i+t after regrouping", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](
            xfg(s, s.t)
        )
        + s.o[s.l],
    )


@case("triangular with one condition missing", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.w : s.r, s.t - s.w + 1 >= 1](
            s.X[s.m, s.i + s.t - 1] * s.F[s.m, s.k, s.t - s.w + 1] * s.G[s.k, s.l, s.w]
        )
        + s.o[s.l],
    )


@case("kernel flipped once more", REFUTED, True)
def _(s, c, wt):
    put(
        c,
        6,
        s.S[s.m : s.M, s.t : s.p + s.r - 1, s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](
            s.X[s.m, s.i + s.t - 1] * s.F[s.m, s.k, s.p - s.u + 1] * s.G[s.k, s.l, s.w]
        )
        + s.o[s.l],
    )


@case("X pulled out of the sum over t", ILL)
def _(s, c, wt):
    put(c, 7, s.X[s.m, s.i + s.t - 1] * s.S[s.m : s.M, s.t : s.p + s.r - 1](s.O[s.m, s.l, s.t]) + s.o[s.l])


@case("X factored out although it depends on m", REFUTED, True)
def _(s, c, wt):
    a = s.P.channels("a")
    put(
        c,
        8,
        s.S[s.t : s.p + s.r - 1](s.S[s.m : s.M](s.X[s.m, s.i + s.t - 1]) * s.S[a : s.M](s.O[a, s.l, s.t]))
        + s.o[s.l],
    )


@case("O^{lm} for O^{ml}", REFUTED, True)
def _(s, c, wt):
    put(c, 8, s.S[s.m : s.M, s.t : s.p + s.r - 1](s.X[s.m, s.i + s.t - 1] * s.O[s.l, s.m, s.t]) + s.o[s.l])


@case("ends with Z instead of W, one line early, wrong channel", REFUTED, True)
def _(s, c, wt):
    put(c, 9, s.W[1, s.i])


@case("F with two indices", ILL)
def _(s, c, wt):
    put(c, 3, s.S[s.m : s.M, s.u : s.p](s.X[s.m, s.i + s.u - 1] * s.F[s.m, s.u]) + s.g[s.l])


@case("channel in the place of a position", ILL)
def _(s, c, wt):
    put(c, 1, s.S[s.k : s.K, s.w : s.r](s.Y[s.k, s.i + s.w - 1] * s.G[s.k, s.w, s.l]) + s.g[s.l])


# ---------------------------------------------------------------- our own: the witnesses
@case("O without its condition", REFUTED, True)
def _(s, c, wt):
    wt["O"] = s.S[s.k : s.K, s.u : s.p, s.w : s.r](s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w])


@case("O with u+w == t", REFUTED, True)
def _(s, c, wt):
    wt["O"] = s.S[s.k : s.K, s.u : s.p, s.w : s.r, s.u + s.w == s.t](s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w])


@case("o without the sum over w", REFUTED, True)
def _(s, c, wt):
    wt["o"] = s.g[s.l] + s.S[s.k : s.K](s.b[s.k] * s.G[s.k, s.l, 1])


@case("the slide's bias: o = b + g", WITNESS)
def _(s, c, wt):
    wt["o"] = s.b[s.l] + s.g[s.l]


@case("o := the answer", WITNESS)
def _(s, c, wt):
    wt["o"] = s.Z[s.l, 1]


@case("O not defined at all", WITNESS)
def _(s, c, wt):
    del wt["O"]


@case("O mentions an index that it does not have", WITNESS)
def _(s, c, wt):
    wt["O"] = s.S[s.u : s.p, s.w : s.r, s.u + s.w - 1 == s.t](s.F[s.m, s.k, s.u] * s.G[s.k, s.l, s.w])


# ---------------------------------------------------------------- our own: the reasons
@case("regroup called swap", OTHER)
def _(s, c, wt):
    put(c, 6, reason="swap")


@case("definition Y called distribute", OTHER)
def _(s, c, wt):
    put(c, 2, reason="distribute")


@case("definition of the wrong name", OTHER)
def _(s, c, wt):
    put(c, 2, reason="definition Z")


@case("distribute called arithmetic", OTHER)
def _(s, c, wt):
    put(c, 3, reason="arithmetic")


@case("two steps in one line", OTHER)
def _(s, c, wt):
    del c[1]


@case("definition of a given tensor", ILL)
def _(s, c, wt):
    put(c, 2, reason="definition F")
