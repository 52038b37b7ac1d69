"""Right proofs in other people's styles: accepted, or told exactly what to change."""

from types import SimpleNamespace

import pytest

from helpers.proofs.chains import right_witness, symbols
from nonconv.proofs import I, S, judge, split, theorem

STYLES = []
TOLD = []


def style(chain):
    STYLES.append(chain)
    return chain


def told(*said: str):
    """What the first line that is not proved is told."""

    def add(chain):
        TOLD.append((chain, said))
        return chain

    return add


def proof(chain):
    P = theorem("conv-conv")
    s = symbols(P)
    for name, head in (("O", s.O[s.m, s.l, s.t]), ("o", s.o[s.l])):
        P.witness(head, right_witness(s)[name])
    chain(P, s)
    return P


def lines(s: SimpleNamespace) -> SimpleNamespace:
    """The lines that many of the proofs pass through."""
    X, F, G, b, g, Y, O, o = s.X, s.F, s.G, s.b, s.g, s.Y, s.O, s.o
    i, t, u, w, k, l, m, K, M, p, r = s.i, s.t, s.u, s.w, s.k, s.l, s.m, s.K, s.M, s.p, s.r
    inner = S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u])
    bias = S[k:K, w:r](b[k] * G[k, l, w])
    flat = S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w])
    kernel = S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w])
    counted = S[m:M, t : p + r - 1, k:K, u:p, w:r, u + w - 1 == t](X[m, i + t - 1] * F[m, k, u] * G[k, l, w])
    return SimpleNamespace(
        start=s.Z[l, i],
        end=s.W[l, i],
        z=S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l],
        y=S[k:K, w:r]((inner + b[k]) * G[k, l, w]) + g[l],
        inner=inner,
        bias=bias,
        flat=flat,
        counted=counted,
        factored=S[m:M, t : p + r - 1](X[m, i + t - 1] * kernel),
        short=S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l],
        o=o[l],
        g=g[l],
    )


@style
def backwards(P, s):
    a = lines(s)
    P.calc(
        a.end,
        (a.short, "definition W"),
        (a.factored + a.o, "definition O"),
        (a.counted + a.o, "multiply out"),
        (a.flat + a.o, "regroup"),
        (a.flat + a.bias + a.g, "definition o"),
        (a.y, "factor out"),
        (a.z, "definition Y"),
        (a.start, "definition Z"),
    )


@style
def substitution_first(P, s):
    """t = u + w - 1 is put in while Y's sum still stands in its bracket."""
    a, (t, w, k, l, m) = lines(s), (s.t, s.w, s.k, s.l, s.m)
    moved = S[m : s.M, t : w : w + s.p - 1](s.X[m, s.i + t - 1] * s.F[m, k, t - w + 1])
    outside = s.X[m, s.i + t - 1] * s.F[m, k, t - w + 1] * s.G[k, l, w]
    kernel = S[k : s.K, w : s.r, w <= t, t <= w + s.p - 1](s.F[m, k, t - w + 1] * s.G[k, l, w])
    P.witness(s.O[m, l, t], kernel)
    P.calc(
        a.start,
        (a.z, "definition Z"),
        (a.y, "definition Y"),
        (S[k : s.K, w : s.r]((moved + s.b[k]) * s.G[k, l, w]) + a.g, "reindex"),
        (S[k : s.K, w : s.r](moved * s.G[k, l, w]) + a.bias + a.g, "distribute"),
        (S[k : s.K, w : s.r](moved * s.G[k, l, w]) + a.o, "definition o"),
        (S[k : s.K, w : s.r, m : s.M, t : w : w + s.p - 1](outside) + a.o, "distribute"),
        (S[m : s.M, t : s.p + s.r - 1, k : s.K, w : s.r, w <= t, t <= w + s.p - 1](outside) + a.o, "swap"),
        (S[m : s.M, t : s.p + s.r - 1](s.X[m, s.i + t - 1] * kernel) + a.o, "factor"),
        (a.short, "definition O"),
        (a.end, "definition W"),
    )


@style
def zero_extended_kernels(P, s):
    """Kernels that are 0 outside, written with brackets; O is a sum over a triangle."""
    a, (t, u, k, l, m) = lines(s), (s.t, s.u, s.k, s.l, s.m)
    f = I[u <= s.p] * s.F[m, k, u]
    g = I[t - u + 1 <= s.r] * s.G[k, l, t - u + 1]
    P.witness(s.O[m, l, t], S[k : s.K, u:t](f * g))
    P.calc(
        a.start,
        (a.z, "definition Z"),
        (a.y, "definition Y"),
        (a.flat + a.bias + a.g, "distribute"),
        (a.flat + a.o, "definition o"),
        (S[m : s.M, t : s.p + s.r - 1, k : s.K, u:t](s.X[m, s.i + t - 1] * f * g) + a.o, "regroup"),
        (S[m : s.M, t : s.p + s.r - 1](s.X[m, s.i + t - 1] * S[k : s.K, u:t](f * g)) + a.o, "factor"),
        (a.short, "definition O"),
        (a.end, "definition W"),
    )


@style
def other_letters(P, s):
    v, z, q = P.positions("v z q")
    c, d, e = P.channels("c d e")
    l, i, K, M, p, r = s.l, s.i, s.K, s.M, s.p, s.r
    P.witness(s.O[c, e, q], S[d:K, v:p, z:r, v + z == q + 1](s.F[c, d, v] * s.G[d, e, z]))
    P.witness(s.o[e], S[z:r, d:K](s.G[d, e, z] * s.b[d]) + s.g[e])
    flat = S[d:K, z:r, c:M, v:p](s.F[c, d, v] * s.G[d, l, z] * s.X[c, v + z + i - 2])
    P.calc(
        s.Z[l, i],
        (s.g[l] + S[d:K, z:r](s.G[d, l, z] * s.Y[d, z + i - 1]), "definition Z"),
        (
            s.g[l] + S[d:K, z:r](s.G[d, l, z] * (s.b[d] + S[c:M, v:p](s.F[c, d, v] * s.X[c, v + z + i - 2]))),
            "definition Y",
        ),
        (s.g[l] + S[d:K, z:r](s.G[d, l, z] * s.b[d]) + flat, "distribute"),
        (s.o[l] + flat, "definition o"),
        (
            s.o[l]
            + S[c:M, q : p + r - 1, d:K, v:p, z:r, v + z == q + 1](
                s.X[c, q + i - 1] * s.F[c, d, v] * s.G[d, l, z]
            ),
            "regroup",
        ),
        (
            s.o[l]
            + S[c:M, q : p + r - 1](
                s.X[c, q + i - 1] * S[d:K, v:p, z:r, v + z == q + 1](s.F[c, d, v] * s.G[d, l, z])
            ),
            "factor",
        ),
        (s.o[l] + S[c:M, q : p + r - 1](s.X[c, q + i - 1] * s.O[c, l, q]), "definition O"),
        (s.W[l, i], "definition W"),
    )


@style
def definitions_merged(P, s):
    a = lines(s)
    P.calc(
        a.start,
        (a.y, "definition Z and Y"),
        (a.flat + a.bias + a.g, "expand"),
        (a.counted + a.bias + a.g, "regroup"),
        (a.factored + a.bias + a.g, "factor out"),
        (a.end, "definitions O, o, W"),
    )


@style
def one_sum_at_a_time(P, s):
    """Single sums in one another; each exchange is a line, and so is each factor."""
    a, (t, u, w, k, l, m) = lines(s), (s.t, s.u, s.w, s.k, s.l, s.m)
    product = s.X[m, s.i + u + w - 2] * s.F[m, k, u] * s.G[k, l, w]
    K, R, M, U = S[k : s.K], S[w : s.r], S[m : s.M], S[u : s.p]
    xf = s.X[m, s.i + u + w - 2] * s.F[m, k, u]
    end = S[t : s.p + s.r - 1, u + w - 1 == t](s.X[m, s.i + t - 1] * s.F[m, k, u] * s.G[k, l, w])
    P.calc(
        a.start,
        (K(R(s.Y[k, s.i + w - 1] * s.G[k, l, w])) + a.g, "definition Z"),
        (K(R((M(U(xf)) + s.b[k]) * s.G[k, l, w])) + a.g, "definition Y"),
        (K(R(M(U(xf)) * s.G[k, l, w] + s.b[k] * s.G[k, l, w])) + a.g, "distribute"),
        (K(R(M(U(xf)) * s.G[k, l, w])) + K(R(s.b[k] * s.G[k, l, w])) + a.g, "distribute"),
        (K(R(M(U(xf)) * s.G[k, l, w])) + a.o, "definition o"),
        (K(R(M(U(product)))) + a.o, "distribute"),
        (K(M(R(U(product)))) + a.o, "swap"),
        (M(K(R(U(product)))) + a.o, "swap"),
        (M(K(U(R(product)))) + a.o, "swap"),
        (M(K(U(R(end)))) + a.o, "one point"),
        (a.counted + a.o, "swap"),
        (a.factored + a.o, "factor"),
        (a.short, "definition O"),
        (a.end, "definition W"),
    )


@style
def bias_first(P, s):
    a, (w, k, l) = lines(s), (s.w, s.k, s.l)
    outer = slice(k, s.K), slice(w, s.r)
    P.calc(
        a.start,
        (a.z, "definition Z"),
        (a.y, "definition Y"),
        (S[outer](a.inner * s.G[k, l, w] + s.b[k] * s.G[k, l, w]) + a.g, "distribute"),
        (S[outer](a.inner * s.G[k, l, w]) + (a.g + a.bias), "distribute"),
        (S[outer](a.inner * s.G[k, l, w]) + a.o, "definition o"),
        (a.flat + a.o, "distribute"),
        (a.counted + a.o, "regroup"),
        (a.factored + a.o, "factor"),
        (a.short, "definition O"),
        (a.end, "definition W"),
    )


@style
def counted_from_zero(P, s):
    a, (u, w, k, l, m) = lines(s), (s.u, s.w, s.k, s.l, s.m)
    zero = S[k : s.K, w : 0 : s.r - 1, m : s.M, u : 0 : s.p - 1](
        s.X[m, s.i + u + w] * s.F[m, k, u + 1] * s.G[k, l, w + 1]
    )
    P.calc(
        a.start,
        (a.z, "definition Z"),
        (S[k : s.K, w : 0 : s.r - 1](s.Y[k, s.i + w] * s.G[k, l, w + 1]) + a.g, "reindex"),
        (a.z, "reindex"),
        (a.y, "definition Y"),
        (a.flat + a.bias + a.g, "distribute"),
        (a.flat + a.o, "definition o"),
        (zero + a.o, "reindex"),
        (a.counted + a.o, "regroup"),
        (a.factored + a.o, "factor"),
        (a.short, "definition O"),
        (a.end, "definition W"),
    )


@style
def first_tap_apart(P, s):
    """One tap of G is split off and put back."""
    a, (w, k, l) = lines(s), (s.w, s.k, s.l)
    y = s.Y[k, s.i + w - 1] * s.G[k, l, w]
    P.calc(
        a.start,
        (a.z, "definition Z"),
        (S[k : s.K](s.Y[k, s.i] * s.G[k, l, 1]) + S[k : s.K, w : 2 : s.r](y) + a.g, split(w <= 1)),
        (a.z, split(w <= 1)),
        (a.y, "definition Y"),
        (a.flat + a.bias + a.g, "distribute"),
        (a.flat + a.o, "definition o"),
        (a.counted + a.o, "regroup"),
        (a.factored + a.o, "factor"),
        (a.short, "definition O"),
        (a.end, "definition W"),
    )


@style
def one_as_a_sum_of_brackets(P, s):
    """1 = sum over t of [t = u + w - 1] is put in."""
    a, (t, u, w, k, l, m) = lines(s), (s.t, s.u, s.w, s.k, s.l, s.m)
    at, fg = I[t == u + w - 1], s.F[m, k, u] * s.G[k, l, w]
    outer = slice(k, s.K), slice(w, s.r), slice(m, s.M), slice(u, s.p)
    T = slice(t, s.p + s.r - 1)
    P.calc(
        a.start,
        (a.z, "definition Z"),
        (a.y, "definition Y"),
        (a.flat + a.bias + a.g, "distribute"),
        (a.flat + a.o, "definition o"),
        (S[outer](S[T](at) * s.X[m, s.i + u + w - 2] * fg) + a.o, "one point"),
        (S[(*outer, T)](at * s.X[m, s.i + u + w - 2] * fg) + a.o, "distribute"),
        (S[(*outer, T)](at * s.X[m, s.i + t - 1] * fg) + a.o, "one point"),
        (S[m : s.M, T, k : s.K, w : s.r, u : s.p](s.X[m, s.i + t - 1] * at * fg) + a.o, "swap"),
        (S[m : s.M, T](s.X[m, s.i + t - 1] * S[k : s.K, w : s.r, u : s.p](at * fg)) + a.o, "factor"),
        (a.factored + a.o, "swap"),
        (a.short, "definition O"),
        (a.end, "definition W"),
    )


@told("names two rules", "write a line for each")
def two_rules_in_a_reason(P, s):
    a = lines(s)
    P.calc(a.start, (a.z, "definition Z"), (a.flat + a.bias + a.g, "definition Y and distribute"))


@told("it needs distribute + one point", "write a line for each")
def multiplied_out_and_counted_in_one_line(P, s):
    a = lines(s)
    P.calc(a.start, (a.y, "definition Z, Y"), (a.counted + a.bias + a.g, "distribute"))


@told("it needs distribute + one point", "write a line for each")
def counted_and_factored_in_one_line(P, s):
    a = lines(s)
    P.calc(a.start, (a.y, "definition Z, Y"), (a.flat + a.o, "..."), (a.factored + a.o, "regroup"))


@told("it needs definition Z + regroup", "write a line for each")
def counted_from_zero_at_once(P, s):
    a, (w, k, l) = lines(s), (s.w, s.k, s.l)
    P.calc(a.start, (S[k : s.K, w : 0 : s.r - 1](s.Y[k, s.i + w] * s.G[k, l, w + 1]) + a.g, "definition Z"))


@pytest.mark.parametrize("chain", STYLES, ids=lambda chain: chain.__name__)
def test_a_right_proof_in_another_style_is_accepted(chain):
    P = proof(chain)
    result = judge(P.certificate(), "conv-conv")
    assert result["proved"], result["reason"]


@pytest.mark.parametrize(("chain", "said"), TOLD, ids=lambda x: getattr(x, "__name__", ""))
def test_what_is_not_accepted_is_told_what_to_change(chain, said):
    result = judge(proof(chain).certificate(), "conv-conv")
    wrong = [line for line in result["lines"] if line["verdict"] not in ("proved", "still to be written")]
    for text in said:
        assert text in wrong[0]["message"], wrong[0]
    assert wrong[0]["verdict"] != "refuted"


def test_there_are_ten_styles_and_more():
    assert len(STYLES) >= 10
    assert len({chain.__name__ for chain, *_ in [*[(x,) for x in STYLES], *TOLD]}) == len(STYLES) + len(TOLD)
