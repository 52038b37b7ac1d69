"""The checks: references, inputs, points."""

from ...shared import proof

CHECKS = [
    proof("proof-plane", "plane_proof", "conv-conv-2d", 2),
]
