"""The checks: references, inputs, points."""

from typing import Any

import torch
from torch import Tensor

from nonconv import layers
from nonconv.authoring import Check, first_that, whole_between

from ...shared import CLOSE, perceptron


def channel_attention(X, W0, W1):
    return layers.channel_attention(X[None], W0, W1)[0]


def tells(X: Tensor, W0: Tensor, W1: Tensor) -> bool:
    """ReLU before the sum is not ReLU of it, a map's maximum is not that of all, σ sees both signs."""
    average, largest = W0 @ X.mean((1, 2)), W0 @ X.amax((1, 2))
    overall, sizes = W0 @ X.amax().expand(len(X)), W0 @ X.abs().amax((1, 2))
    right = W1 @ (average.relu() + largest.relu())
    shortcuts = (
        right.relu(),
        W1 @ average.relu(),
        W1 @ largest.relu(),
        W1 @ (average + largest).relu(),
        W1 @ (average.relu() + largest),
        W1 @ (average.relu() + overall.relu()),
        W1 @ (average.relu() + sizes.relu()),
        *(W1 @ (average.relu() + (W0 @ part.amax(1)).relu()) for part in (X[:, 0], X[:, :, 0])),
    )
    # a gate that is wide open, or closed, does not tell how wide
    return all(bool((right.sigmoid() - other.sigmoid()).abs().max() > 1e-3) for other in shortcuts)


def shows_the_sign(X: Tensor, W0: Tensor, W1: Tensor) -> bool:
    """A maximum that begins at 0, and so is 0 here, gives other weights."""
    average, largest = (W0 @ X.mean((1, 2))).relu(), (W0 @ X.amax((1, 2))).relu()
    return bool(((W1 @ (average + largest)).sigmoid() - (W1 @ average).sigmoid()).abs().max() > 1e-3)


def telling(C: int, hidden: int, H: int, W: int, seed: int) -> dict[str, Any]:
    return first_that(
        tells,
        lambda seed: {"X": whole_between(C, H, W, seed=seed), **perceptron(C, hidden, seed + 1)},
        seed,
    )


def attended(seed: int) -> list[dict[str, Any]]:
    """An image in which each shortcut shows; then negative maps of one column."""
    return [
        telling(6, 3, 4, 5, seed),
        first_that(
            shows_the_sign,
            lambda seed: {
                "X": whole_between(3, 4, 1, seed=seed + 5, low=-5, high=-1),
                **perceptron(3, 3, seed + 6),
            },
            seed,
        ),
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        {"X": whole_between(2, 1, 2, seed=seed), **perceptron(2, 1, seed + 1)},
        telling(4, 2, 3, 5, seed + 3),
    ]


# pooling and 1×1 convolutions are steps of it, and common ways to write them
channels = {
    "answer": "channel_attention",
    "reference": channel_attention,
    "returns": ("A",),
    "may_call": ("conv", "pool"),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="channel-attention-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "X": torch.tensor([[[1.0, 3.0]], [[1.0, 1.0]]]).double(),
                "W0": torch.tensor([[1.0, -1.0]]).double(),
                "W1": torch.tensor([[0.5], [-1.0]]).double(),
            },
            telling(4, 2, 3, 5, seed=20),
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
