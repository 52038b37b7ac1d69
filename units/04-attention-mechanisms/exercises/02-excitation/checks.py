"""The checks: references, inputs, points."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from nonconv.authoring import (
    Check,
    first_that,
    whole_between,
)

from ...shared import CLOSE, both_signs, perceptron


def excitation(F_agg, W0, W1):
    return torch.sigmoid(W1 @ (W0 @ F_agg).clamp(min=0))


def tells(size: float) -> Callable[..., bool]:
    def both(F_agg: Tensor, W0: Tensor, W1: Tensor) -> bool:
        hidden = W0 @ F_agg
        return both_signs(hidden) and both_signs(W1 @ hidden.relu(), size)

    return both


def excited(seed: int) -> list[dict[str, Any]]:
    """Both ReLU and σ see numbers of both signs; then σ sees very large ones."""

    return [
        first_that(
            tells(0), lambda seed: {"F_agg": whole_between(8, seed=seed), **perceptron(8, 2, seed + 1)}, seed
        ),
        first_that(
            tells(1000),
            lambda seed: {"F_agg": 1000 * whole_between(4, seed=seed, low=1), **perceptron(4, 2, seed + 1)},
            seed + 5,
        ),
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """Two maps; then both ReLU and σ see numbers of both signs, as they are and four times as large."""

    def draw(C: int, size: int) -> Callable[[int], dict[str, Any]]:
        hidden = min(C, 5 - C + 1)
        return lambda seed: {"F_agg": size * whole_between(C, seed=seed), **perceptron(C, hidden, seed + 1)}

    def cut_off_shows(F_agg: Tensor, W0: Tensor, W1: Tensor) -> bool:
        """A hidden number above 6, which matters."""
        cut = torch.sigmoid(W1 @ (W0 @ F_agg).clamp(0, 6)) - excitation(F_agg, W0, W1)
        return tells(0)(F_agg, W0, W1) and bool(cut.abs().max() > 1e-3)

    return [
        {"F_agg": whole_between(2, seed=seed), **perceptron(2, 1, seed + 1)},
        first_that(tells(0), draw(4, 1), seed + 3),
        first_that(cut_off_shows, draw(3, 4), seed + 6),
    ]


# a 1×1 convolution is a matrix product
exciting = {
    "answer": "excitation",
    "reference": excitation,
    "returns": ("A",),
    "may_call": ("conv",),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="excitation-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            {
                "F_agg": torch.tensor([3.0, 1.0]).double(),
                "W0": torch.tensor([[1.0, -1.0]]).double(),
                "W1": torch.tensor([[0.5], [-1.0]]).double(),
            },
            {"F_agg": whole_between(4, seed=6), **perceptron(4, 2, seed=8)},
            {"F_agg": torch.tensor([-8.0, 4, 16]).double(), **perceptron(3, 3, seed=9)},
        ],
        **exciting,
    ),
    Check.of(
        name="excitation-many",
        points=1,
        hidden="more maps, and sums so large that σ is nearly 0 or 1.",
        inputs=excited,
        **exciting,
    ),
]
