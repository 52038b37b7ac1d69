"""The checks: references, inputs, points."""

import random as randomness

import sympy
import torch

from nonconv import layers
from nonconv.authoring import (
    Check,
    normal,
    positive,
    vector,
)

from ...shared import gradients


def activities(seed: int) -> list[dict[str, torch.Tensor]]:
    """Units of which some are dead, hardly any, and units that are at 0 for all examples."""
    r = randomness.Random(seed)
    return [
        {"Z": normal(6, r.randint(8, 16), seed=seed) - 1.2},
        {"Z": normal(5, r.randint(4, 7), seed=seed + 1) + 1},
        {"Z": torch.zeros(3, r.randint(4, 9))},
    ]


def relu_backward(x, grad):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(layers.relu(x), x, grad)[0]


def count_dead(Z):
    return int((Z <= 0).all(0).sum())


backward = {
    "answer": "relu_backward",
    "reference": relu_backward,
    "returns": ("the gradient",),
    "may_not_call": ("relu", "threshold", "backward", "autograd"),
    "rtol": 1e-9,
    "atol": 1e-12,
}

dead = {"answer": "count_dead", "reference": count_dead, "returns": ("the number of dead units",)}

CHECKS = [
    Check.of(
        name="relu-backward-values",
        points=1,
        inputs=[
            {"x": vector(2, -3), "grad": vector(5, 7)},
            {"x": vector(-1, 0, 0.5, 4), "grad": vector(2, 3, -4, 0.1)},
        ],
        **backward,
    ),
    Check.of(
        name="relu-backward-batch",
        points=1,
        hidden="a batch, with gradients of both signs, and with inputs that are exactly 0.",
        inputs=lambda seed: [gradients(seed)],
        seed=3,
        **backward,
    ),
    Check.of(
        name="count-dead-values",
        points=1,
        inputs=[
            {"Z": torch.tensor([[-1.0, 2.0], [-3.0, -1.0], [0.0, -2.0]])},
            {"Z": torch.tensor([[-1.0, -2.0, 0.0], [-3.0, -1.0, -2.0], [0.0, -2.0, -5.0]])},
            {"Z": torch.tensor([[1.0, -2.0, 3.0, -1.0], [-3.0, -1.0, 2.0, -4.0], [-1.0, -3.0, -2.0, 0.1]])},
        ],
        **dead,
    ),
    Check.of(
        name="count-dead-others",
        points=1,
        hidden="larger batches, and inputs that are exactly 0.",
        inputs=activities,
        **dead,
    ),
    Check.of(
        name="weight-deviation",
        answer="weight_deviation",
        points=2,
        in_kernel=True,
        inputs=[{"n": sympy.Symbol("n", integer=True, positive=True), **positive("a,")}],
        reference=lambda n, a: sympy.sqrt(2 / ((1 + a**2) * n)),
        returns=("the deviation",),
    ),
]
