"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Check, distinct, vector

CHECKS = [
    Check.of(
        name="depthwise-kernel-values",
        points=1,
        inputs=[{"G": vector(2, -3), "g": vector(1, 5)}, {"G": vector(0.5, 4, -1), "g": vector(0, 7, 2)}],
        answer="depthwise_kernel",
        reference=reduction.depthwise_1x1,
        returns=("kernel", "bias"),
    ),
    Check.of(
        name="depthwise-kernel-one-map",
        points=1,
        hidden="a single map.",
        inputs=lambda seed: [{"G": distinct(1, seed), "g": -distinct(1, seed + 1)}],
        answer="depthwise_kernel",
        reference=reduction.depthwise_1x1,
        returns=("kernel", "bias"),
    ),
]
