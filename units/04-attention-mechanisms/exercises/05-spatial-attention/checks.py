"""The checks: references, inputs, points."""

from typing import Any

import torch
from torch import Tensor

from nonconv import layers
from nonconv.authoring import Check, first_that, quarters, whole_between

from ...shared import CLOSE


def spatial_attention(X, W):
    return layers.spatial_attention(X[None], W)[0]


def spatially(seed: int) -> list[dict[str, Any]]:
    """The gate is below 1/2 somewhere: there σ sees a negative number."""

    def tells(X: Tensor, W: Tensor) -> bool:
        return bool(spatial_attention(X, W).min() < 0.4)

    return [
        first_that(tells, lambda seed: {"X": whole_between(3, 4, 3, seed=seed), "W": quarters(1, 2, 5, 5, seed=seed + 1)}, seed),
        {"X": whole_between(5, 2, 4, seed=seed + 2), "W": quarters(1, 2, 7, 7, seed=seed + 3)},
    ]  # fmt: skip


def as_shown(seed: int) -> list[dict[str, Any]]:
    def draw(seed: int) -> dict[str, Any]:
        return {"X": whole_between(4, 5, 6, seed=seed), "W": quarters(1, 2, 3, 3, seed=seed + 1)}

    return [
        {"X": whole_between(2, 1, 3, seed=seed), "W": quarters(1, 2, 1, 1, seed=seed + 1)},
        first_that(lambda X, W: bool(spatial_attention(X, W).min() < 0.4), draw, seed + 2),
    ]


places = {
    "answer": "spatial_attention",
    "reference": spatial_attention,
    "returns": ("A",),
    "may_call": ("conv", "pool", "scipy.signal", "scipy.ndimage"),  # steps of it
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="spatial-attention-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "X": torch.tensor([[[1.0, 0.0, 3.0]], [[-1.0, 2.0, 1.0]]]).double(),
                "W": torch.tensor([0.5, -0.25]).double().reshape(1, 2, 1, 1),
            },
            {"X": whole_between(4, 5, 6, seed=30), "W": quarters(1, 2, 3, 3, seed=31)},
        ],
        **places,
    ),
    Check.of(
        name="spatial-attention-kernel",
        points=1,
        hidden="larger kernels, more maps, maps smaller than the kernel.",
        inputs=spatially,
        seed=33,
        **places,
    ),
]
