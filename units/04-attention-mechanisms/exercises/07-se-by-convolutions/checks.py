"""The checks: references, inputs, points."""

from typing import Any

from nonconv import layers
from nonconv.authoring import Check, first_that, whole_between

from ...shared import CLOSE, both_signs, perceptron


def se_by_convolutions(X, W0, W1):
    return layers.squeeze_excitation(X[None], W0, W1)[0]


def squeezed(seed: int) -> dict[str, Any]:
    """ReLU sees both signs."""
    return first_that(
        lambda X, W0, W1: both_signs(W0 @ X.mean((1, 2))),
        lambda seed: {"X": whole_between(6, 2, 5, seed=seed), **perceptron(6, 3, seed + 1)},
        seed,
    )


convolving = {
    "answer": "se_by_convolutions",
    "reference": se_by_convolutions,
    "returns": ("Y",),
    "may_call": ("conv",),
    "may_not_call": ("mean", "sum", "mm", "mv", "dot", "linear"),
    "must_call": {"conv": 3},
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="se-by-convolutions-values",
        points=2,
        inputs=[
            {"X": whole_between(2, 1, 2, seed=50), **perceptron(2, 1, seed=4)},
            {"X": whole_between(4, 3, 3, seed=53), **perceptron(4, 2, seed=35)},
        ],
        **convolving,
    ),
    Check.of(
        name="se-by-convolutions-not-square",
        points=1,
        hidden="images that are not square.",
        inputs=lambda seed: [squeezed(seed)],
        **convolving,
    ),
]
