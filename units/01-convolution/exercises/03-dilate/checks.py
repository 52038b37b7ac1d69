"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def dilate(F, d):
    return layers.insert_zeros(F, tuple(d))


def kernels(seed: int) -> list[dict[str, Any]]:
    """In float32; a kernel of one tap, of one row; nothing to do; gaps of two sizes."""
    return [
        {"F": image(1, 2, 1, 1, seed=seed), "d": (3, 2)},
        {"F": image(2, 1, 1, 3, seed=seed + 1, dtype=torch.float32), "d": (2, 4)},
        {"F": image(2, 3, 3, 2, seed=seed + 2), "d": (1, 1)},
        {"F": image(3, 2, 2, 4, seed=seed + 3), "d": (4, 2)},
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        {"F": image(1, 1, 1, 3, seed=seed), "d": (1, 3)},
        {"F": image(2, 1, 3, 2, seed=seed + 1), "d": (2, 3)},
        {"F": image(1, 2, 2, 2, seed=seed + 2, dtype=torch.float32), "d": (3, 2)},
    ]


dilating = {"answer": "dilate", "reference": dilate, "returns": ("the kernel",), **CLOSE}

CHECKS = [
    Check.of(
        name="dilate-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            {"F": torch.tensor([1.0, 2, 3]).double().reshape(1, 1, 1, 3), "d": (1, 3)},
            {"F": image(2, 1, 3, 2, seed=1), "d": (2, 3)},
            {"F": image(1, 2, 2, 2, seed=2, dtype=torch.float32), "d": (3, 2)},
        ],
        **dilating,
    ),
    Check.of(
        name="dilate-edges",
        points=1,
        hidden="one tap, one row, no gap, other gaps, float32.",
        inputs=kernels,
        seed=3,
        **dilating,
    ),
]
