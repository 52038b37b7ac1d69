"""The checks: references, inputs, points."""

import random
from typing import Any

import torch

from nonconv.authoring import Check

from ...shared import CLOSE


def shift_matrix(k, d):
    """A turn e^{ikω} of the complex number cos + i sin, as a matrix on (sin, cos)."""
    turns = torch.exp(1j * k * 10000.0 ** (-torch.arange(0, d, 2).double() / d))
    blocks = [torch.tensor([[z.real, z.imag], [-z.imag, z.real]]).double() for z in turns]
    return torch.block_diag(*blocks)


def moved(seed: int) -> list[dict[str, Any]]:
    r = random.Random(seed)
    signs = r.sample((1, -1, r.choice((1, -1))), 3)  # forwards at least once, and backwards
    return [{"k": sign * r.randrange(2, 90), "d": d} for sign, d in zip(signs, (4, 8, 10), strict=True)]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """One wave; forwards, backwards, and not at all."""
    r = random.Random(seed)
    ways = r.sample(range(1, 40), 3)
    return [{"k": k, "d": d} for k, d in zip((*ways[:2], -ways[2], 0), (2, 4, 6, 4), strict=True)]


moving = {"answer": "shift_matrix", "reference": shift_matrix, "returns": ("M",), **CLOSE}

CHECKS = [
    Check.of(
        name="shift-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[{"k": 1, "d": 2}, {"k": 3, "d": 4}, {"k": -2, "d": 6}, {"k": 0, "d": 4}],
        **moving,
    ),
    Check.of(
        name="shift-hidden",
        points=1,
        hidden="longer ways, forwards and backwards, more waves.",
        inputs=moved,
        seed=4,
        **moving,
    ),
]
