"""The checks: references, inputs, points."""

import torch

from nonconv.authoring import Check, distinct, whole_between

OUTLINE_LIKE = torch.tensor([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]).double()[None, None]
ANYTHING = ("conv", "pool", "norm", "softmax", "attention", "nonconv.layers")

heads = {"answer": "heads_of", "reference": None, "holds": "performs_the_convolution", "may_call": ANYTHING}

CHECKS = [
    Check.of(name="nine-one-map", points=2, inputs=[{"F": OUTLINE_LIKE}], **heads),
    Check.of(
        name="nine-several-maps",
        points=2,
        inputs=[{"F": whole_between(3, 2, 3, 3, seed=5)}, {"F": whole_between(2, 3, 1, 5, seed=6)}],
        **heads,
    ),
    Check.of(
        name="nine-hidden",
        points=2,
        hidden="kernels of other sizes, 5×3 among them.",
        inputs=lambda seed: [
            {"F": whole_between(2, 3, 5, 3, seed=seed)},
            {"F": distinct(6, seed).reshape(2, 1, 3, 1)},
        ],
        seed=8,
        **heads,
    ),
]
