"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check, first_that, normal, whole_between

from ...shared import CLOSE


def aggregate(X, by):
    return layers.aggregate_places(X[None], by)[0][:, None, None]


def aggregated(seed: int) -> list[dict[str, Any]]:
    """Two maps of negative numbers with different maxima; maps that are not square; a single map."""
    return [
        first_that(
            lambda X, by: len(X.amax((1, 2)).unique()) == 2,
            lambda seed: {"X": whole_between(2, 3, 2, seed=seed, low=-9, high=-1), "by": "max"},
            seed,
        ),
        {"X": whole_between(2, 3, 2, seed=seed + 1), "by": "avg"},
        {"X": normal(4, 1, 5, seed=seed + 2), "by": "avg"},
        {"X": normal(1, 3, 4, seed=seed + 3), "by": "max"},
    ]


# pooling is a step of the unit's layers, and no more the answer than mean and amax are
aggregating = {
    "answer": "aggregate",
    "reference": aggregate,
    "returns": ("F",),
    "may_call": ("conv", "pool"),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="aggregate-values",
        drawn_anew=True,
        points=1,
        inputs=[
            {"X": torch.tensor([[[1.0, 2], [3, 6]], [[0, 0], [0, 4]]]).double(), "by": "avg"},
            {"X": torch.tensor([[[1.0, 2], [3, 6]], [[0, 0], [0, 4]]]).double(), "by": "max"},
            {"X": normal(3, 2, 4, seed=1), "by": "avg"},
            {"X": normal(3, 2, 4, seed=2), "by": "max"},
        ],
        **aggregating,
    ),
    Check.of(
        name="aggregate-negative",
        points=1,
        hidden="maps of negative numbers, a map of one row, a single map.",
        inputs=aggregated,
        **aggregating,
    ),
]
