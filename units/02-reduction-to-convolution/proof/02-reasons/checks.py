"""The checks: references, inputs, points."""

from ...shared import proof

CHECKS = [
    proof("proof-reasons", "reasoned_proof", "column-row", 1),
]
