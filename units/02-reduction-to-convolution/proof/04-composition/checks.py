"""The checks: references, inputs, points."""

from nonconv.proofs import S, theorem

from ...shared import proof


def witnesses(statement: str) -> str:
    """A certificate that names O and o rightly and proves nothing."""
    P = theorem(statement)
    F, G, b, g, Z, O, o, i, t, u, w, k, l, m, K, p, r = P.symbols("F G b g Z O o i t u w k l m K p r")
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    P.calc(Z[l, i])
    return P.certificate()


COMPOSITION = {"answer": "composition_proof", "statement": "conv-conv", "reference": witnesses("conv-conv")}

CHECKS = [
    proof("proof-chain-witness", points=2, part="witness", **COMPOSITION),
    proof("proof-chain-prefix", points=2, part="prefix", **COMPOSITION),
    proof("proof-chain-suffix", points=2, part="suffix", **COMPOSITION),
    proof("proof-chain-end", points=1, part="end", **COMPOSITION),
]
