"""The checks: references, inputs, points."""

from typing import Any

import torch
from torch.nn import functional

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def pad_same(X, p, q, s, mode):
    top, bottom = layers.same_padding(X.shape[1], p, s)
    left, right = layers.same_padding(X.shape[2], q, s)
    frame = (left, right, top, bottom)
    return functional.pad(X, frame, mode="constant" if mode == "zeros" else "reflect")


def case(
    M: int, H: int, W: int, p: int, q: int, s: int, mode: str, seed: int, dtype=torch.float64
) -> dict[str, Any]:
    return {"X": image(M, H, W, seed=seed, dtype=dtype), "p": p, "q": q, "s": s, "mode": mode}


def images(seed: int) -> list[dict[str, Any]]:
    """Odd and even kernels, strides that fit and others, both modes, no frame at all, float32."""
    return [
        case(2, 8, 5, 4, 3, 3, "mirror", seed),
        case(1, 7, 6, 2, 6, 2, "zeros", seed + 1),
        case(2, 6, 9, 1, 2, 4, "mirror", seed + 2),
        case(1, 5, 4, 5, 4, 1, "zeros", seed + 3, torch.float32),
        case(3, 9, 7, 6, 5, 2, "mirror", seed + 4),
    ]


padding = {"answer": "pad_same", "reference": pad_same, "returns": ("the image with its frame",), **CLOSE}

CHECKS = [
    Check.of(
        name="same-values",
        drawn_anew=True,
        points=2,
        inputs=[
            case(1, 7, 5, 4, 3, 2, "zeros", 1),
            case(2, 6, 8, 3, 6, 1, "mirror", 2),
            case(1, 6, 4, 1, 2, 2, "zeros", 3),
            case(1, 9, 7, 6, 4, 3, "mirror", 4),
            case(1, 5, 6, 3, 1, 2, "mirror", 5),
        ],
        **padding,
    ),
    Check.of(
        name="same-sizes",
        points=1,
        hidden="other sizes, kernels and strides, both modes, no frame at all, float32.",
        inputs=images,
        seed=7,
        **padding,
    ),
]
