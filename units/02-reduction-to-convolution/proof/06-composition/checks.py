"""The checks: references, inputs, points."""

from ...shared import proof

# the theorem drawn for the student's name
COMPOSITION = {"answer": "composition_proof", "statement": "own-2"}

CHECKS = [
    proof("proof-chain-witness", points=2, part="witness", **COMPOSITION),
    proof("proof-chain-prefix", points=2, part="prefix", **COMPOSITION),
    proof("proof-chain-suffix", points=2, part="suffix", **COMPOSITION),
    proof("proof-chain-end", points=1, part="end", **COMPOSITION),
]
