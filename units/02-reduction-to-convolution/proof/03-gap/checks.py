"""The checks: references, inputs, points."""

from ...shared import proof

CHECKS = [
    proof("proof-gap", "proof_with_a_gap", "conv-conv-conv", 1),
]
