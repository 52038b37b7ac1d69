"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def as_ordinary(Y, F, size, s, P):
    K, _, p, q = F.shape
    spread = layers.insert_zeros(Y, s)
    missing = [n - (m - 2 * P + k - 1) for n, m, k in zip(size, spread.shape[1:], (p, q), strict=True)]
    frame = (q - 1 - P, q - 1 - P + missing[1], p - 1 - P, p - 1 - P + missing[0])
    return torch.nn.functional.pad(spread, frame), F.flip(2, 3).transpose(0, 1).contiguous()


def case(
    M: int, K: int, H: int, W: int, p: int, q: int, s: int, P: int, seed: int, dtype=torch.float64
) -> dict[str, Any]:
    out = [(n + 2 * P - k) // s + 1 for n, k in ((H, p), (W, q))]
    Y, F = image(K, *out, seed=seed, dtype=dtype), image(K, M, p, q, seed=seed + 1, dtype=dtype)
    return {"Y": Y, "F": F, "size": (H, W), "s": s, "P": P}


def images(seed: int) -> list[dict[str, Any]]:
    """Larger strides with rows left over, stride 1, the largest frame, a single output number, float32."""
    return [
        case(2, 3, 6, 9, 3, 4, 3, 1, seed),  # two rows left over, one column
        case(3, 2, 5, 6, 4, 2, 1, 0, seed + 2),
        case(2, 1, 4, 6, 2, 4, 1, 0, seed + 10),
        case(1, 2, 6, 5, 3, 3, 2, 2, seed + 4),
        case(2, 1, 4, 4, 4, 3, 4, 0, seed + 6),
        case(2, 3, 6, 8, 2, 3, 2, 1, seed + 8, torch.float32),
    ]


ordinary = {"answer": "as_ordinary", "reference": as_ordinary, "returns": ("Z", "O"), **CLOSE}

CHECKS = [
    Check.of(
        name="transposed-values",
        drawn_anew=True,
        points=3,
        inputs=[
            {
                "Y": torch.tensor([1.0, 2, 3]).double().reshape(1, 1, 3),
                "F": torch.tensor([[0.0, 0, 0], [1, 10, 100], [0, 0, 0]]).double().reshape(1, 1, 3, 3),
                "size": (1, 6),
                "s": 2,
                "P": 1,
            },
            case(3, 2, 6, 7, 3, 2, 2, 1, 10),
            case(2, 3, 8, 6, 2, 4, 3, 0, 12),
        ],
        **ordinary,
    ),
    Check.of(
        name="transposed-sizes",
        points=1,
        hidden="other strides and frames, rows left over, a single output number, float32.",
        inputs=images,
        seed=20,
        **ordinary,
    ),
]
