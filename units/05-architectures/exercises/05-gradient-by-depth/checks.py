"""The checks: references, inputs, points."""

from itertools import pairwise

import sympy
import torch

from nonconv import layers
from nonconv.authoring import Check, normal


def gradient_norms(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        after = W_l @ layers.relu(values[-1])
        values.append(after + values[-1] if skip else after)
    return torch.stack([gradient.norm() for gradient in torch.autograd.grad(values[-1], values, g)])


def growth(c):
    return c / 2, 1 + c / 2


def blocks(n: int, size: int, seed: int, skip: bool) -> dict:
    """n blocks of `size` numbers each, their weights scaled so that thirty of them neither explode nor vanish."""
    scale = {1: 1, 30: 4 if skip else 2}[n]
    return {
        "W": normal(n, size, size, seed=seed) / scale,
        "x": normal(size, seed=seed + 1),
        "g": normal(size, seed=seed + 2),
        "skip": skip,
    }


def thirty(seed: int) -> dict:
    """Thirty blocks with skips, in which some gate is open behind one that was closed, or the other way round."""
    while True:
        drawn = blocks(30, 6, seed, skip=True)
        value, signs = drawn["x"], []
        for W_l in drawn["W"]:
            signs.append(value > 0)
            value = value + W_l @ value.clamp(min=0)
        if any(bool((one != other).any()) for one, other in pairwise(signs)):
            return drawn
        seed += 10


c = sympy.symbols("c", positive=True)

norms = {"answer": "gradient_norms", "reference": gradient_norms, "returns": ("the norms",)}

CHECKS = [
    Check.of(
        name="gradient-norms-values",
        points=2,
        inputs=[
            {
                "W": torch.tensor([[[2.0]]]).double(),
                "x": torch.tensor([3.0]).double(),
                "g": torch.tensor([-1.0]).double(),
                "skip": True,
            },
            {"W": normal(2, 3, 3, seed=30), "x": normal(3, seed=31), "g": normal(3, seed=32), "skip": False},
            {"W": normal(3, 4, 4, seed=33), "x": normal(4, seed=34), "g": normal(4, seed=35), "skip": True},
        ],
        **norms,
    ),
    Check.of(
        name="gradient-norms-deep",
        points=1,
        hidden="thirty blocks; one block.",
        inputs=lambda seed: [
            blocks(1, 5, seed, skip=True),
            thirty(seed + 3),
            blocks(30, 6, seed + 3, skip=False),
        ],
        seed=36,
        **norms,
    ),
    Check.of(
        name="growth-factors",
        points=2,
        in_kernel=True,
        inputs=[{"c": c}],
        answer="growth",
        reference=growth,
        returns=("the factor without a skip", "the factor with one"),
    ),
]
