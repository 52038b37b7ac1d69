"""The checks: references, inputs, points."""

from ...shared import proof

CHECKS = [
    proof("refute-max-pooling", "refutation", "max-pool-not-affine", 1),
    proof("refute-relu", "refutation", "relu-between-not-affine", 1),
    proof("refute-same", "refutation", "same-same-not-conv", 1),
    proof("refute-training", "refutation", "batch-norm-training", 1),
]
