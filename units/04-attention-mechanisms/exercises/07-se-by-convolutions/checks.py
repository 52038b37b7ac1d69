"""The checks: references, inputs, points."""

from typing import Any

from torch import Tensor

from nonconv import layers
from nonconv.authoring import Check, first_that, whole_between

from ...shared import CLOSE, both_signs, perceptron


def se_by_convolutions(X, W0, W1):
    return layers.squeeze_excitation(X[None], W0, W1)[0]


def squeezed(C: int, hidden: int, H: int, W: int, seed: int) -> dict[str, Any]:
    """Both ReLU and σ see numbers of both signs."""

    def tells(X: Tensor, W0: Tensor, W1: Tensor) -> bool:
        inner = W0 @ X.mean((1, 2))
        return both_signs(inner) and both_signs(W1 @ inner.relu())

    return first_that(
        tells,
        lambda seed: {"X": whole_between(C, H, W, seed=seed), **perceptron(C, hidden, seed + 1)},
        seed,
    )


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        {"X": whole_between(2, 1, 2, seed=seed), **perceptron(2, 1, seed + 1)},
        squeezed(4, 2, 3, 3, seed + 3),
    ]


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
        drawn_anew=as_shown,
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
        inputs=lambda seed: [squeezed(6, 3, 2, 5, seed)],
        **convolving,
    ),
]
