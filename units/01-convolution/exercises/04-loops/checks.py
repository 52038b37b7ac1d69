"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def convolve(X, F, b, s):
    return layers.conv2d(X, F, b, stride=s)


def drawn(
    M: int, H: int, W: int, K: int, p: int, q: int, s: int, seed: int, dtype: torch.dtype = torch.float64
) -> dict[str, Any]:
    return {
        "X": image(M, H, W, seed=seed, dtype=dtype),
        "F": image(K, M, p, q, seed=seed + 1, dtype=dtype),
        "b": 10 * image(K, seed=seed + 2, dtype=dtype),
        "s": s,
    }


def images(seed: int) -> list[dict[str, Any]]:
    """A stride that leaves rows over; stride 1; one map, float32; a kernel as large as the image."""
    return [
        drawn(3, 8, 6, 2, 2, 3, 3, seed),
        drawn(2, 4, 5, 3, 3, 2, 1, seed + 3),
        drawn(1, 5, 7, 2, 3, 2, 2, seed + 6, torch.float32),
        drawn(2, 3, 4, 3, 3, 4, 1, seed + 9),
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        drawn(1, 3, 3, 1, 2, 2, 2, seed),
        drawn(2, 4, 5, 3, 3, 2, 1, seed + 3),
        drawn(3, 8, 6, 2, 2, 3, 2, seed + 6),
    ]


convolving = {"answer": "convolve", "reference": convolve, "returns": ("Y",), **CLOSE}

CHECKS = [
    Check.of(
        name="loops-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "X": torch.tensor([[[1.0, 2, 3], [3, 4, 5], [1, 0, 2]]]).double(),
                "F": torch.tensor([[[[0.0, 1], [1, -1]]]]).double(),
                "b": torch.tensor([10.0]).double(),
                "s": 2,
            },
            drawn(2, 4, 5, 3, 3, 2, 1, 10),
            drawn(3, 8, 6, 2, 2, 3, 2, 20),  # rows fit without a rest, columns leave one
        ],
        **convolving,
    ),
    Check.of(
        name="loops-sizes",
        points=1,
        hidden="larger strides, rows that are left over, one map, a kernel as large as the image, float32.",
        inputs=images,
        seed=40,
        **convolving,
    ),
]
