"""The checks: references, inputs, points."""

import torch

from nonconv.authoring import Case, Check, quarters, whole_between
from nonconv.checks.given.layers import Layer

from ...shared import CLOSE


def side_by_side(X, channel, spatial):
    images = [(1 + spatial(x) * channel(x)) * x for x in X]
    return torch.stack(images)


CHANNEL, SPATIAL = Layer("channel-gate"), Layer("spatial-gate")

both = {"answer": "side_by_side", "reference": side_by_side, "returns": ("Y",), **CLOSE}

CHECKS = [
    Check.of(
        name="side-by-side-values",
        drawn_anew=True,
        points=1,
        inputs=[
            {"X": quarters(1, 4, 1, 2, seed=40), "channel": CHANNEL, "spatial": SPATIAL},
            {"X": whole_between(2, 4, 3, 3, seed=41), "channel": CHANNEL, "spatial": SPATIAL},
        ],
        **both,
    ),
    Check.of(
        name="side-by-side-not-square",
        points=1,
        hidden="larger batches, and images that are not square.",
        inputs=lambda seed: [
            {"X": whole_between(3, 4, 2, 5, seed=seed), "channel": CHANNEL, "spatial": SPATIAL}
        ],
        seed=42,
        **both,
    ),
    Check(
        name="order-matters",
        answer="order_matters",
        points=2,
        holds="shows_that_the_order_matters",
        cases=(Case({"channel": CHANNEL, "spatial": SPATIAL}),),
        may_call=("conv", "pool", "norm"),
    ),
]
