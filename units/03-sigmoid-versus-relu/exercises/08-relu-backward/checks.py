"""The checks: references, inputs, points."""

import random as randomness
from typing import Any

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

FACTORS = (0.5, 0.75, 1.25, 1.5)  # by which no number loses a digit


def activities(seed: int) -> list[dict[str, torch.Tensor]]:
    """Units of which some are dead, hardly any, and units that are at 0 for all examples."""
    r = randomness.Random(seed)
    return [
        {"z": normal(6, r.randint(8, 16), seed=seed) - 1.2, "c": 6.0},
        {"z": 3 * normal(4, r.randint(20, 30), seed=seed + 1) + 1, "c": 1.5},
        {"z": normal(5, r.randint(4, 7), seed=seed + 2) + 1, "c": 3.0},
        {"z": vector(0.0, 2.0).repeat(3, r.randint(2, 4)), "c": 2.0},
    ]


def clipped_gradients(seed: int) -> dict:
    """A batch with each sign of x and of the gradient, numbers above c, and an x that is exactly 0 or c.

    One is always between them: else the right answer would be 0 everywhere.
    """
    found = gradients(seed)
    x, c = found["x"], 0.75
    x[(seed + 1) % 3, (seed + 2) % 4] = c
    x[(seed + 2) % 3, (seed + 3) % 4] = c + 1
    free = (x != 0) & (x != c) & (x != c + 1)
    x.view(-1)[int((free.int() + (free & (x > 0)).int()).argmax())] = 0.25
    return {"x": x, "grad": found["grad"] + 0.005, "c": c}


def relu_backward(x, grad, c):
    """By the library's ReLU: min(max(0, x), c) = ReLU(x) − ReLU(x − c), with the slope 0 at both kinks."""
    x = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(c - layers.relu(c - layers.relu(x)), x, torch.ones_like(x))
    return slope * grad


def count_dead(z, c):
    alive = (z > 0).logical_and(z < c).any(0)
    return len(alive) - int(alive.sum())


def as_shown(seed: int) -> list[dict[str, Any]]:
    """What students see, in another order and of another size: what is exactly 0 or c stays so."""
    generator, r = torch.Generator().manual_seed(seed), randomness.Random(seed)
    found = []
    for one in SHOWN:
        order, size = torch.randperm(len(one["x"]), generator=generator), r.choice(FACTORS)
        found.append(
            {
                "x": size * one["x"][order],
                "grad": r.choice((0.7, 0.9, 1.1, 1.3)) * one["grad"][order],
                "c": size * one["c"],
            }
        )
    return found


def units_as_shown(seed: int) -> list[dict[str, Any]]:
    """The units that students see, each up to three times, in another order and of another size."""
    generator, r = torch.Generator().manual_seed(seed), randomness.Random(seed)
    found = []
    for one in UNITS:
        units = [k for k in range(one["z"].shape[1]) for _ in range(r.randint(1, 3))]
        r.shuffle(units)
        examples, size = torch.randperm(len(one["z"]), generator=generator), r.choice(FACTORS)
        found.append({"z": size * one["z"][examples][:, units], "c": size * one["c"]})
    return found


backward = {
    "answer": "relu_backward",
    "reference": relu_backward,
    "returns": ("the gradient",),
    "may_not_call": ("relu", "threshold", "hardtanh", "backward", "autograd"),
    "rtol": 1e-9,
    "atol": 1e-12,
}

dead = {"answer": "count_dead", "reference": count_dead, "returns": ("the number of dead units",)}

SHOWN: list[dict[str, Any]] = [
    {"x": vector(2, -3, 8), "grad": vector(5, 7, 4), "c": 6.0},
    {"x": vector(-1, 0, 0.5, 4, 1.5, 1), "grad": vector(2, 3, -4, 0.1, -2, 5), "c": 1.5},
    {"x": vector(0.5, 1.75, 3, -2), "grad": vector(-4.1, 0.3, 2, -1), "c": 2.0},
]
UNITS: list[dict[str, Any]] = [
    {"z": torch.tensor([[-1.0, 2.0, 9.0], [-3.0, -1.0, -1.0], [0.0, -2.0, 6.0]]), "c": 6.0},
    {"z": torch.tensor([[-1.0, -2.0, 0.0], [-3.0, -1.0, -2.0], [0.0, -2.0, -5.0]]), "c": 2.0},
    {"z": torch.tensor([[1.0, -2.0, 3.0, -1.0], [-3.0, -1.0, 2.5, -4.0], [4, -3, 7, 0.1]]), "c": 2.5},
    {"z": torch.tensor([[1.0, 5.0, 3.0, -1.0, 3.0], [3.5, 4.0, 1.0, -4.0, 8.0]]), "c": 3.0},
]

CHECKS = [
    Check.of(
        name="relu-backward-values",
        points=1,
        inputs=SHOWN,
        drawn_anew=as_shown,
        **backward,
    ),
    Check.of(
        name="relu-backward-batch",
        points=1,
        hidden="a batch, with gradients of both signs, and with inputs that are exactly 0 or c.",
        inputs=lambda seed: [clipped_gradients(seed)],
        seed=3,
        **backward,
    ),
    Check.of(
        name="count-dead-values",
        points=1,
        inputs=UNITS,
        drawn_anew=units_as_shown,
        **dead,
    ),
    Check.of(
        name="count-dead-others",
        points=1,
        hidden="larger batches, and inputs that are exactly 0 or c.",
        inputs=activities,
        **dead,
    ),
    Check.of(
        name="weight-deviation",
        answer="weight_deviation",
        points=2,
        inputs=[{"n": sympy.Symbol("n", integer=True, positive=True), **positive("a,")}],
        reference=lambda n, a: sympy.sqrt(2 / ((1 + a**2) * n)),
        returns=("the deviation",),
    ),
]
