"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def matrix_of(F, H, W):
    return layers.convolution_matrix(F, (H, W))


def kernels(seed: int) -> list[dict[str, Any]]:
    """Many maps; a kernel as large as the image; 1×1; float32."""
    return [
        {"F": image(2, 3, 2, 1, seed=seed), "H": 3, "W": 2},
        {"F": image(2, 1, 2, 3, seed=seed + 1), "H": 2, "W": 3},
        {"F": image(3, 2, 1, 1, seed=seed + 2), "H": 2, "W": 1},
        {"F": image(1, 2, 2, 2, seed=seed + 3, dtype=torch.float32), "H": 3, "W": 4},
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        {"F": image(1, 1, 1, 2, seed=seed), "H": 2, "W": 3},
        {"F": image(2, 3, 2, 2, seed=seed + 1), "H": 3, "W": 4},
    ]


matrices = {"answer": "matrix_of", "reference": matrix_of, "returns": ("A",), **CLOSE}

CHECKS = [
    Check.of(
        name="matrix-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {"F": torch.tensor([1.0, 2]).double().reshape(1, 1, 1, 2), "H": 2, "W": 3},
            {"F": image(2, 3, 2, 2, seed=1), "H": 3, "W": 4},
        ],
        **matrices,
    ),
    Check.of(
        name="matrix-maps",
        points=1,
        hidden="more maps, a kernel as large as the image, 1×1, float32.",
        inputs=kernels,
        seed=2,
        **matrices,
    ),
]
