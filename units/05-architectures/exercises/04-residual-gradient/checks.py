"""The checks: references, inputs, points."""

import random

import torch

from nonconv import layers
from nonconv.authoring import Case, Check, whole


def residual_backward(x, W1, W2, g):
    def gradient(skip: bool) -> torch.Tensor:
        start = x.clone().requires_grad_()
        y = W2 @ layers.relu(W1 @ start) + (start if skip else 0 * start)
        return torch.autograd.grad(y, start, g)[0]

    return gradient(True), gradient(False)


def way_back(seed: int) -> list[dict]:
    """More hidden units than inputs, and fewer; a unit that is closed; one that is exactly at 0, beside one that is open."""
    r = random.Random(seed)
    a, b = r.sample(range(1, 6), 2)
    arriving, W2 = whole(2, most=3, seed=seed + 10), whole(2, 2, most=3, seed=seed + 11)
    while not (W2.T @ arriving).all():  # nothing would come through an open gate
        seed += 20
        arriving, W2 = whole(2, most=3, seed=seed + 10), whole(2, 2, most=3, seed=seed + 11)
    return [
        first_open({"x": (2,), "W1": (5, 2), "W2": (2, 5), "g": (2,)}, seed),
        first_open({"x": (4,), "W1": (2, 4), "W2": (4, 2), "g": (4,)}, seed),
        {
            "x": torch.tensor([a, b]).double(),
            "W1": torch.tensor([[-1.0, 0.0]]).double(),
            "W2": torch.tensor([[1.0], [1.0]]).double(),
            "g": torch.tensor([b + 1, a + 2]).double(),
        },
        {
            "x": torch.tensor([a, a]).double(),
            "W1": torch.tensor([[1.0, -1.0], [2.0, 1.0]]).double(),
            "W2": W2,
            "g": arriving,
        },
    ]


def first_open(shapes: dict[str, tuple[int, ...]], seed: int) -> dict[str, torch.Tensor]:
    """The first draw in which ReLU closes a unit through which something would come, and opens another one."""
    while True:
        drawn = {name: whole(*shape, most=3, seed=seed + n) for n, (name, shape) in enumerate(shapes.items())}
        at, arrives = drawn["W1"] @ drawn["x"], drawn["W2"].T @ drawn["g"]
        if bool(((at < 0) & (arrives > 0)).any()) and bool(((at > 1) & (arrives < 0)).any()):
            return drawn
        seed += 20


residual = {
    "answer": "residual_backward",
    "reference": residual_backward,
    "returns": ("the gradient with the skip", "the gradient without"),
    "may_not_call": ("threshold_backward",),  # by which autograd would go through ReLU
}

CHECKS = [
    Check.of(
        name="residual-backward-values",
        points=2,
        inputs=[
            {
                "x": torch.tensor([2.0]).double(),
                "W1": torch.tensor([[3.0]]).double(),
                "W2": torch.tensor([[-1.0]]).double(),
                "g": torch.tensor([5.0]).double(),
            },
            {
                "x": whole(2, most=3, seed=10),
                "W1": whole(2, 2, most=3, seed=11),
                "W2": whole(2, 2, most=3, seed=12),
                "g": whole(2, most=3, seed=13),
            },
            {
                "x": whole(3, most=3, seed=14),
                "W1": whole(3, 3, most=3, seed=15),
                "W2": whole(3, 3, most=3, seed=16),
                "g": whole(3, most=3, seed=17),
            },
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
        cases=(Case({}),),
    ),
]
