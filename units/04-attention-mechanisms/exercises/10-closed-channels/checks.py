"""The checks: references, inputs, points."""

from typing import Any

import torch
from torch import Tensor

from nonconv.authoring import Check, first_that
from nonconv.checks.given.digits import digits
from nonconv.checks.given.layers import Layer

from ...shared import GATE


def closed_channels(gate, images, threshold):
    return (gate(images) < threshold).all(0)


def tells(gate: Layer, images: Tensor, threshold: float) -> bool:
    weights = gate(images)
    closed = (weights < threshold).all(0)  # exact: truth values
    means = weights.mean(0) < threshold, gate(images.mean(0, keepdim=True))[0] < threshold
    shortcuts = (
        *means,
        (weights < threshold).any(0),
        weights[0] < threshold,
        weights[-1] < threshold,
        (weights < 0.1).all(0),
    )
    return not any(torch.equal(closed, other) for other in shortcuts) and not torch.equal(*means)


def some(n: int, threshold: float, seed: int) -> dict[str, Any]:
    chosen = torch.randint(len(digits()), (n,), generator=torch.Generator().manual_seed(seed))
    return {"gate": GATE, "images": digits()[chosen], "threshold": threshold}


def is_saturated(gate: Layer, images: Tensor, threshold: float) -> bool:
    weights = gate(images)
    return bool(((weights == 1) | (weights < 0.99)).all()) and bool((weights == 1).any())  # exact: σ(40)


def bright(seed: int) -> dict[str, Any]:
    drawn = some(2, 1.0, seed)
    return drawn | {"images": 1000 * drawn["images"]}


def threshold_for(seed: int, low: float, high: float) -> float:
    """From `low` to `high`, in hundredths: which channels are closed depends on it."""
    generator = torch.Generator().manual_seed(seed)
    return (100 * low + int(torch.randint(round(100 * (high - low)) + 1, (), generator=generator))) / 100


def some_at(n: int, low: float, high: float, seed: int) -> dict[str, Any]:
    return some(n, threshold_for(seed, low, high), seed)


def shut(seed: int) -> list[dict[str, Any]]:
    """Three digits, for which each shortcut (any, the mean, the first, the last, a tenth) closes other channels; two with another threshold; two so bright that weights are 1."""
    return [
        first_that(tells, lambda seed: some_at(3, 0.3, 0.5, seed), seed),
        some_at(2, 0.02, 0.3, seed + 1),
        first_that(is_saturated, bright, seed + 2),
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """Three digits, three negatives, four in which each shortcut shows, three so bright that weights are 1."""

    def each_counts(gate: Layer, images: Tensor, threshold: float) -> bool:
        closed = gate(images) < threshold
        most = closed.double().mean(0) > 0.5  # exact: quarters
        return tells(gate, images, threshold) and not torch.equal(closed.all(0), most)

    negatives = some(3, 0.1, seed + 1)
    return [
        some(3, 0.1, seed),
        negatives | {"images": 1 - negatives["images"]},
        first_that(each_counts, lambda seed: some_at(4, 0.3, 0.5, seed), seed + 2),
        first_that(is_saturated, bright, seed + 3),
    ]


POSITIVES = digits()[:3]

closing = {"answer": "closed_channels", "reference": closed_channels, "returns": ("closed",)}

CHECKS = [
    Check.of(
        name="closed-channels-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            {"gate": GATE, "images": POSITIVES, "threshold": 0.1},
            {"gate": GATE, "images": 1 - POSITIVES, "threshold": 0.1},
            # here each shortcut (any, the mean, the first image, a threshold of one's own) closes other channels
            {"gate": GATE, "images": digits()[11:15], "threshold": 0.3},
            # so bright that each weight is 0 or 1, as exactly as a float can say it: 1 is not below 1
            {"gate": GATE, "images": 1000 * POSITIVES, "threshold": 1.0},
        ],
        **closing,
    ),
    Check.of(
        name="closed-channels-thresholds",
        points=1,
        hidden="other digits, other thresholds, images so bright that weights are equal to the threshold.",
        inputs=shut,
        seed=10,
        **closing,
    ),
]
