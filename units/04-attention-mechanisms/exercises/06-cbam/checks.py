"""The checks: references, inputs, points."""

from nonconv.authoring import Case, Check, quarters, whole_between
from nonconv.checks.given.layers import Layer

from ...shared import CLOSE


def cbam(X, channel, spatial):
    refined = channel(X) * X
    return spatial(refined) * refined


CHANNEL, SPATIAL = Layer("channel-gate"), Layer("spatial-gate")

both = {"answer": "cbam", "reference": cbam, "returns": ("Y",), **CLOSE}

CHECKS = [
    Check.of(
        name="cbam-values",
        points=1,
        inputs=[
            {"X": quarters(4, 1, 2, seed=40), "channel": CHANNEL, "spatial": SPATIAL},
            {"X": whole_between(4, 3, 3, seed=41), "channel": CHANNEL, "spatial": SPATIAL},
        ],
        **both,
    ),
    Check.of(
        name="cbam-not-square",
        points=1,
        hidden="images that are not square.",
        inputs=lambda seed: [
            {"X": whole_between(4, 2, 5, seed=seed), "channel": CHANNEL, "spatial": SPATIAL}
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
