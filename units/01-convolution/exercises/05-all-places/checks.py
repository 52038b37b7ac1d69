"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def convolve_all(X, F):
    return layers.conv2d(X, F)


def drawn(
    M: int, H: int, W: int, K: int, p: int, q: int, seed: int, dtype: torch.dtype = torch.float64
) -> dict[str, Any]:
    return {"X": image(M, H, W, seed=seed, dtype=dtype), "F": image(K, M, p, q, seed=seed + 1, dtype=dtype)}


def images(seed: int) -> list[dict[str, Any]]:
    """A large one; a kernel as large as the image; float32 and one map; more maps in than out."""
    return [
        drawn(2, 24, 24, 1, 3, 2, seed),
        drawn(3, 3, 2, 2, 3, 2, seed + 2),
        drawn(1, 4, 6, 3, 2, 3, seed + 4, torch.float32),
        drawn(4, 5, 4, 2, 1, 3, seed + 6),
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        drawn(1, 1, 4, 1, 1, 2, seed),
        drawn(2, 4, 6, 3, 3, 2, seed + 2),
        drawn(2, 24, 24, 1, 2, 3, seed + 4),
    ]


# a loop over taps and maps takes some 200 steps, one over the places of the large image more than 500
convolving = {
    "answer": "convolve_all",
    "reference": convolve_all,
    "returns": ("Y",),
    "steps_at_most": 500,
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="places-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "X": torch.tensor([1.0, 2, 3, 4]).double().reshape(1, 1, 4),
                "F": torch.tensor([10.0, 1]).double().reshape(1, 1, 1, 2),
            },
            drawn(2, 4, 6, 3, 3, 2, 10),
            drawn(2, 24, 24, 1, 2, 3, 12),
        ],
        **convolving,
    ),
    Check.of(
        name="places-sizes",
        points=1,
        hidden="another large image, a kernel as large as the image, one map, float32.",
        inputs=images,
        seed=20,
        **convolving,
    ),
]
