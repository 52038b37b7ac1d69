"""The checks: references, inputs, points."""

from ...shared import proof

CHECKS = [
    proof("proof-order", "ordered_proof", "conv-conv-one-channel", 1),
]
