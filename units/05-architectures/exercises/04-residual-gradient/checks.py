"""The checks: references, inputs, points."""

import random

import torch

from nonconv import layers
from nonconv.authoring import Case, Check, first_that, normal, vector

from ...shared import ANY_LAYER


def residual_backward(x, W1, W2, g):
    def gradient(skip: bool) -> torch.Tensor:
        start = x.clone().requires_grad_()
        y = W2 @ layers.relu(W1 @ start) + (start if skip else 0 * start)
        return torch.autograd.grad(y, start, g)[0]

    return gradient(True), gradient(False)


def tells(x, W1, W2, g) -> bool:
    """A closed unit and an open one, both less than 1 from the edge, at which gradients of the wrong signs arrive."""
    at, arrives = W1 @ x, W2.T @ g
    closed, opened = (at < -0.1) & (at > -0.9), (at > 0.1) & (at < 0.9)
    return bool((closed & (arrives > 0.1)).any()) and bool((opened & (arrives < -0.1)).any())


def block(n: int, h: int, seed: int) -> dict[str, torch.Tensor]:
    """n inputs and h hidden units: numbers that float32 does not hold, so that another dtype shows."""

    def draw(seed: int) -> dict[str, torch.Tensor]:
        shapes = {"x": (n,), "W1": (h, n), "W2": (n, h), "g": (n,)}
        return {
            name: normal(*shape, seed=seed + k, digits=1) for k, (name, shape) in enumerate(shapes.items())
        }

    return first_that(tells, draw, seed)


def way_back(seed: int) -> list[dict]:
    """More hidden units than inputs, and fewer; a unit that is closed; one that is exactly at 0, beside an open one."""
    r = random.Random(seed)
    a, b = r.sample((0.3, 0.7, 1.1, 1.9, 2.3), 2)
    return [
        block(2, 5, seed),
        block(4, 2, seed),
        {
            "x": vector(a, b),
            "W1": torch.tensor([[-1.0, 0.0]]).double(),
            "W2": torch.tensor([[1.0], [1.0]]).double(),
            "g": vector(b + 1, a + 2),
        },
        {
            "x": vector(a, a),
            "W1": torch.tensor([[1.0, -1.0], [2.0, 1.0]]).double(),
            "W2": torch.tensor([[a, 1.0], [b, -1.0]]).double(),
            "g": vector(b, a),
        },
    ]


def as_shown(seed: int) -> list[dict]:
    """One number, whose unit is open; blocks of the sizes that students see."""
    r = random.Random(seed)
    x, w, g = r.sample((1.5, 2.0, 2.5, 3.0, 4.0, 5.0), 3)
    one = {
        "x": vector(x),
        "W1": torch.tensor([[w]]).double(),
        "W2": torch.tensor([[-1.0]]).double(),
        "g": vector(g),
    }
    return [one, block(2, 2, seed), block(3, 4, seed + 4)]


residual = {
    "answer": "residual_backward",
    "reference": residual_backward,
    "returns": ("the gradient with the skip", "the gradient without"),
    "may_call": ANY_LAYER,
    "may_not_call": ("autograd",),
    "rtol": 1e-9,
    "atol": 1e-11,
}

CHECKS = [
    Check.of(
        name="residual-backward-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "x": vector(2),
                "W1": torch.tensor([[3.0]]).double(),
                "W2": torch.tensor([[-1.0]]).double(),
                "g": vector(5),
            },
            block(2, 2, seed=10),
            block(3, 4, seed=14),
        ],
        **residual,
    ),
    Check.of(
        name="residual-backward-sizes",
        points=1,
        hidden="more hidden units than inputs, and fewer; units that are closed, or exactly at 0.",
        inputs=way_back,
        **residual,
    ),
    Check(
        name="lost-in-spite-of-the-skip",
        answer="lost_in_spite_of_the_skip",
        points=2,
        holds="loses_the_gradient_in_spite_of_the_skip",
        may_call=ANY_LAYER,
        cases=(Case({}),),
    ),
]
