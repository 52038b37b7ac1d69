"""The checks: references, inputs, points."""

import random as randomness

import sympy
import torch

from nonconv.authoring import (
    Check,
    positive,
)


def factors(seed: int) -> list[dict[str, torch.Tensor]]:
    """Powers of 1/2, whose powers no rounding changes; that of float32 is not one that students see.

    None takes so many steps that a recursion ends before.
    """
    r = randomness.Random(seed)
    powers = {torch.float64: range(2, 9), torch.float32: (3, 4, 5, 6), torch.float16: range(1, 7)}
    return [{"factor": torch.tensor(2.0 ** -r.choice(those), dtype=dtype)} for dtype, those in powers.items()]


def least_depth(factor):
    L = 1
    while factor**L != 0:
        L += 1
    return L


def as_shown(seed: int) -> list[dict[str, torch.Tensor]]:
    """1/2, which takes more than a hundred steps, and two of its powers, in float32."""
    powers = [1, *randomness.Random(seed).sample(range(2, 15), 2)]
    return [{"factor": torch.tensor(2.0**-r)} for r in powers]


depth = {"answer": "least_depth", "reference": least_depth, "returns": ("L",)}

CHECKS = [
    Check.of(
        name="gradient-bound",
        answer="gradient_bound",
        points=1,
        inputs=[{"L": sympy.Symbol("L", integer=True, positive=True), **positive("c,")}],
        reference=lambda L, c: (c / 4) ** L,
        returns=("the bound",),
    ),
    Check.of(
        name="least-depth-float32",
        drawn_anew=as_shown,
        points=1,
        inputs=[{"factor": torch.tensor(0.25)}, {"factor": torch.tensor(0.5)}],
        **depth,
    ),
    Check.of(
        name="least-depth-others",
        points=1,
        hidden="another factor, float64 and float16.",
        inputs=factors,
        **depth,
    ),
]
