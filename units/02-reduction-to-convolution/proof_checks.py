"""The checks of unit 2's proofs: which statement a cell is about, and which part of its proof earns the points.

The reference is for the judge, who credits the first lines of a proof even where its witnesses are wrong; only its
witnesses are used. It stays in solutions/.
"""

from nonconv.checks import Case, Check
from nonconv.proofs import S, theorem


def witnesses(statement: str) -> str:
    """A certificate that names O and o rightly and proves nothing."""
    P = theorem(statement)
    F, G, b, g, Z, O, o, i, t, u, w, k, l, m, K, p, r = P.symbols("F G b g Z O o i t u w k l m K p r")
    P.witness(O[m, l, t], S[k:K, u:p, w:r, u + w - 1 == t](F[m, k, u] * G[k, l, w]))
    P.witness(o[l], g[l] + S[k:K, w:r](b[k] * G[k, l, w]))
    P.calc(Z[l, i])
    return P.certificate()


def proof(name: str, answer: str, statement: str, points: int, part: str = "all", **rest) -> Check:
    inputs = {"statement": statement} if answer == "refutation" else {}
    return Check(name, answer, points, (Case(inputs),), proves=statement, part=part, **rest)


COMPOSITION = {"answer": "composition_proof", "statement": "conv-conv", "reference": witnesses("conv-conv")}

CHECKS = [
    proof("proof-order", "ordered_proof", "conv-conv-one-channel", 1),
    proof("proof-reasons", "reasoned_proof", "conv-batch-norm", 1),
    proof("proof-gap", "proof_with_a_gap", "conv-conv-one-channel", 1),
    proof("proof-chain-witness", points=2, part="witness", **COMPOSITION),
    proof("proof-chain-prefix", points=2, part="prefix", **COMPOSITION),
    proof("proof-chain-suffix", points=2, part="suffix", **COMPOSITION),
    proof("proof-chain-end", points=1, part="end", **COMPOSITION),
    proof("proof-plane", "plane_proof", "conv-conv-2d", 2),
    proof("refute-max-pooling", "refutation", "max-pool-not-affine", 1),
    proof("refute-relu", "refutation", "relu-between-not-affine", 1),
    proof("refute-same", "refutation", "same-same-not-conv", 1),
    proof("refute-training", "refutation", "batch-norm-training", 1),
]
