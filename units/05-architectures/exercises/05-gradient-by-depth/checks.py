"""The checks: references, inputs, points."""

from itertools import pairwise

import sympy
import torch

from nonconv import layers
from nonconv.authoring import Check, first_that, normal

from ...shared import ANY_LAYER


def gradient_norms(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        after = W_l @ layers.relu(values[-1])
        values.append(after + values[-1] if skip else after)
    return torch.stack([gradient.norm() for gradient in torch.autograd.grad(values[-1], values, g)])


def growth(c):
    return c / 2, 1 + c / 2


def values(W, x, skip):
    """x_0 … x_L."""
    found = [x]
    for W_l in W:
        found.append(W_l @ found[-1].clamp(min=0) + skip * found[-1])
    return found


def tells(W, x, g, skip) -> bool:
    """In each block some gates are open and some closed, none at 0, and behind some block they are others.

    In others a gradient dies, and nothing below tells a mistake.
    """
    before = values(W, x, skip)[:-1]
    mixed = all(bool((value > 1e-6).any()) and bool((value < -1e-6).any()) for value in before)
    off_zero = all(bool((value.abs() > 1e-6).all()) for value in before)
    changing = len(W) < 3 or any(bool(((one > 0) != (other > 0)).any()) for one, other in pairwise(before))
    return mixed and off_zero and changing


def blocks(L: int, n: int, seed: int, skip: bool) -> dict:
    """L blocks of n numbers each, their weights scaled so that thirty of them neither explode nor vanish."""
    scale = 1 if L < 30 else 4 if skip else 2

    def draw(seed: int) -> dict:
        return {
            "W": normal(L, n, n, seed=seed) / scale,
            "x": normal(n, seed=seed + 1),
            "g": normal(n, seed=seed + 2),
            "skip": skip,
        }

    return first_that(tells, draw, seed)


c = sympy.symbols("c", positive=True)

norms = {
    "answer": "gradient_norms",
    "reference": gradient_norms,
    "returns": ("the norms",),
    "may_call": ANY_LAYER,
    "rtol": 1e-9,
    "atol": 1e-11,
}

CHECKS = [
    Check.of(
        name="gradient-norms-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {
                "W": torch.tensor([[[2.0]]]).double(),
                "x": torch.tensor([3.0]).double(),
                "g": torch.tensor([-1.0]).double(),
                "skip": True,
            },
            blocks(2, 3, seed=30, skip=False),
            blocks(3, 4, seed=33, skip=True),
        ],
        **norms,
    ),
    Check.of(
        name="gradient-norms-deep",
        points=1,
        hidden="thirty blocks; one block.",
        inputs=lambda seed: [
            blocks(1, 5, seed, skip=True),
            blocks(30, 6, seed + 3, skip=True),
            blocks(30, 6, seed + 3, skip=False),
        ],
        seed=36,
        **norms,
    ),
    Check.of(
        name="growth-factors",
        points=2,
        inputs=[{"c": c}],
        answer="growth",
        reference=growth,
        returns=("the factor without a skip", "the factor with one"),
    ),
]
