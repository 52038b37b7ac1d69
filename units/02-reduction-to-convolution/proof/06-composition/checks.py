"""The checks: references, inputs, points."""

from ...shared import proof

# the theorem drawn for the student's name; what P.hint() costs stands in the exercise's third hint, too
COMPOSITION = {"answer": "composition_proof", "statement": "own-2", "hint_price": 0.1}

CHECKS = [
    proof("proof-chain-witness", points=2, part="witness", **COMPOSITION),
    proof("proof-chain-prefix", points=2, part="prefix", **COMPOSITION),
    proof("proof-chain-suffix", points=2, part="suffix", **COMPOSITION),
    proof("proof-chain-end", points=1, part="end", **COMPOSITION),
]
