"""The checks: references, inputs, points."""

from typing import Any

import torch
from torch import Tensor

from nonconv import layers
from nonconv.authoring import Check, first_that, whole_between

from ...shared import perceptron


def channel_attention(X, W0, W1):
    return layers.channel_attention(X[None], W0, W1)[0]


def attended(seed: int) -> list[dict[str, Any]]:
    """ReLU before the sum is not ReLU of it, a map's maximum is not that of all, σ sees both signs; then negative maps."""

    def tells(X: Tensor, W0: Tensor, W1: Tensor) -> bool:
        average, largest = W0 @ X.mean((1, 2)), W0 @ X.amax((1, 2))
        overall = W0 @ X.amax().expand(len(X))
        right = W1 @ (average.relu() + largest.relu())
        shortcuts = (right.relu(), W1 @ average.relu(), W1 @ largest.relu(), W1 @ (average + largest).relu(),
                     W1 @ (average.relu() + overall.relu()))  # fmt: skip
        # a gate that is wide open, or closed, does not tell how wide
        return all(bool((right.sigmoid() - other.sigmoid()).abs().max() > 1e-3) for other in shortcuts)

    return [
        first_that(
            tells, lambda seed: {"X": whole_between(6, 3, 3, seed=seed), **perceptron(6, 3, seed + 1)}, seed
        ),
        {"X": whole_between(3, 4, 1, seed=seed + 5, low=-5, high=-1), **perceptron(3, 3, seed + 6)},
    ]


# pooling and 1×1 convolutions are steps of it, and common ways to write them
channels = {
    "answer": "channel_attention",
    "reference": channel_attention,
    "returns": ("A",),
    "may_call": ("conv", "pool"),
}

CHECKS = [
    Check.of(
        name="channel-attention-values",
        points=2,
        inputs=[
            {
                "X": torch.tensor([[[1.0, 3.0]], [[1.0, 1.0]]]).double(),
                "W0": torch.tensor([[1.0, -1.0]]).double(),
                "W1": torch.tensor([[0.5], [-1.0]]).double(),
            },
            {"X": whole_between(4, 2, 3, seed=20), **perceptron(4, 2, seed=34)},
        ],
        **channels,
    ),
    Check.of(
        name="channel-attention-sizes",
        points=1,
        hidden="other numbers of maps, maps of one column, negative numbers.",
        inputs=attended,
        **channels,
    ),
]
