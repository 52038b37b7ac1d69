"""The composition theorem as an editable chain, for tables of right and wrong proofs."""

from __future__ import annotations

from types import SimpleNamespace

from nonconv.proofs import theorem
from nonconv.proofs.notation import S
from nonconv.proofs.session import Work

NAMES = "X F G b g Y Z O o W i t u w k l m K L M p r"


def symbols(P: Work) -> SimpleNamespace:
    """The symbols of the theorem by name."""
    return SimpleNamespace(**dict(zip(NAMES.split(), P.symbols(NAMES), strict=True)), S=S, P=P)


def right_chain(s: SimpleNamespace) -> list:
    """Lines and reasons of a right proof; entry n leads to line n+1."""
    S, X, F, G, b, g, Y, O, o, W = s.S, s.X, s.F, s.G, s.b, s.g, s.Y, s.O, s.o, s.W
    i, t, u, w, k, l, m, K, M, p, r = s.i, s.t, s.u, s.w, s.k, s.l, s.m, s.K, s.M, s.p, s.r
    return [
        (S[k:K, w:r](Y[k, i + w - 1] * G[k, l, w]) + g[l], "definition Z"),
        (
            S[k:K, w:r]((S[m:M, u:p](X[m, i + u + w - 2] * F[m, k, u]) + b[k]) * G[k, l, w]) + g[l],
            "definition Y",
        ),
        (
            S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w])
            + S[k:K, w:r](b[k] * G[k, l, w])
            + g[l],
            "distribute",
        ),
        (S[k:K, w:r, m:M, u:p](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + o[l], "definition o"),
        (S[m:M, k:K, u:p, w:r](X[m, i + u + w - 2] * F[m, k, u] * G[k, l, w]) + o[l], "swap"),
        (
            S[m:M, t : p + r - 1, k:K, u:p, w:r, u + w - 1 == t](X[m, i + t - 1] * F[m, k, u] * G[k, l, w])
            + o[l],
            "regroup",
        ),
        (
            S[m:M, t : p + r - 1](X[m, i + t - 1] * S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
            + o[l],
            "distribute",
        ),
        (S[m:M, t : p + r - 1](X[m, i + t - 1] * O[m, l, t]) + o[l], "definition O"),
        (W[l, i], "definition W"),
    ]


def right_witness(s: SimpleNamespace) -> dict:
    """O and o."""
    S, k, u, w, t, l, m = s.S, s.k, s.u, s.w, s.t, s.l, s.m
    return {
        "O": S[k : s.K, u : s.p, w : s.r, u + w - 1 == t](s.F[m, k, u] * s.G[k, l, w]),
        "o": s.g[l] + S[k : s.K, w : s.r](s.b[k] * s.G[k, l, w]),
    }


def build(statement: str, edit=None) -> Work:
    """The right proof, after `edit(symbols, chain, witness)` has changed it in place."""
    P = theorem(statement)
    s = symbols(P)
    chain, witness = right_chain(s), right_witness(s)
    if edit:
        edit(s, chain, witness)
    if "O" in witness:
        P.witness(s.O[s.m, s.l, s.t], witness["O"])
    if "o" in witness:
        P.witness(s.o[s.l], witness["o"])
    P.calc(s.Z[s.l, s.i], *chain)
    return P
