"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def kernel_gradient(X, G, p, q, s):
    """By autograd, through the library's layer."""
    F = torch.zeros(len(G), len(X), p, q, dtype=X.dtype, requires_grad=True)
    b = torch.zeros(len(G), dtype=X.dtype, requires_grad=True)
    return torch.autograd.grad(layers.conv2d(X[None], F, b, stride=s)[0], (F, b), G)


def case(
    M: int, H: int, W: int, K: int, p: int, q: int, s: int, seed: int, dtype=torch.float64
) -> dict[str, Any]:
    G = image(K, (H - p) // s + 1, (W - q) // s + 1, seed=seed + 1, dtype=dtype)
    return {"X": image(M, H, W, seed=seed, dtype=dtype), "G": G, "p": p, "q": q, "s": s}


def images(seed: int) -> list[dict[str, Any]]:
    """A stride that leaves rows over; stride 1; one output number; one map, float32."""
    return [
        case(2, 8, 6, 3, 2, 3, 3, seed),
        case(3, 4, 5, 2, 3, 2, 1, seed + 2),
        case(2, 3, 4, 3, 3, 4, 2, seed + 4),
        case(1, 6, 7, 2, 3, 2, 2, seed + 6, torch.float32),
    ]


learning = {
    "answer": "kernel_gradient",
    "reference": kernel_gradient,
    "returns": ("dF", "db"),
    "may_not_call": ("autograd",),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="kernel-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {
                "X": torch.tensor([1.0, 2, 0, 3, 5]).double().reshape(1, 1, 5),
                "G": torch.tensor([10.0, 1]).double().reshape(1, 1, 2),
                "p": 1,
                "q": 2,
                "s": 2,
            },
            case(2, 4, 6, 3, 3, 2, 1, 10),
            case(3, 6, 7, 2, 2, 3, 2, 12),
        ],
        **learning,
    ),
    Check.of(
        name="kernel-sizes",
        points=1,
        hidden="other strides, rows left over, a single output number, one map, float32.",
        inputs=images,
        seed=20,
        **learning,
    ),
]
