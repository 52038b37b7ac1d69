"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Check, distinct, vector

from ...shared import STEPS

depthwise = {
    "answer": "depthwise_kernel",
    "reference": reduction.depthwise_1x1,
    "returns": ("kernel", "bias"),
    "may_call": STEPS,
}

CHECKS = [
    Check.of(
        name="depthwise-kernel-values",
        drawn_anew=True,
        points=1,
        inputs=[{"G": vector(2, -3), "g": vector(1, 5)}, {"G": vector(0.5, 4, -1), "g": vector(0, 7, 2)}],
        **depthwise,
    ),
    Check.of(
        name="depthwise-kernel-one-map",
        points=1,
        hidden="a single map, and four.",
        inputs=lambda seed: [{"G": distinct(K, seed + K), "g": -distinct(K, seed + 5 * K)} for K in (1, 4)],
        **depthwise,
    ),
]
