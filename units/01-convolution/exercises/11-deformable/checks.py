"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check, normal

from ...shared import CLOSE, image


def bilinear(X, r, c):
    place = torch.tensor([[[r, c]]], dtype=torch.float64)
    return layers.bilinear_sample(X.double()[None, None], place[..., 0], place[..., 1]).item()


def deformable(X, F, offset):
    two = offset.permute(1, 2, 0, 3, 4).flatten(0, 2)  # row and column of each tap, one after the other
    return layers.deform_conv2d(X[None, None], two[None], F[None, None])[0, 0]


def eighths(*shape: int, seed: int, most: float = 1.5) -> torch.Tensor:
    """Odd eighths from −most to most: between pixels, exact, and different for rows and columns."""
    generator = torch.Generator().manual_seed(seed)
    odd = 2 * torch.randint(-int(4 * most), int(4 * most), shape, generator=generator) + 1
    return odd.double() / 8


def places(seed: int) -> list[dict[str, Any]]:
    """Inside; on a pixel; across each of the four edges; far outside; the last pixel."""
    X = image(3, 4, seed=seed)
    inside, across = (eighths(2, seed=seed + n, most=0.5).abs().tolist() for n in (1, 2))
    found = [
        (1 + inside[0], 1 + inside[1] / 3),
        (1.0, 2.0),
        (2.0, 3.0),
        (-across[0], 1 + inside[1]),
        (2 + across[0], inside[1]),
        (inside[0], -across[1]),
        (inside[0], 3 + across[1]),
        (-2.25, 1.5),
        (1.5, 40.25),
        (-1.0 - across[0] / 2, 1.25),
    ]
    return [{"X": X, "r": r, "c": c} for r, c in found]


def case(
    H: int, W: int, p: int, q: int, seed: int, dtype: torch.dtype = torch.float64, most: float = 1.5
) -> dict[str, Any]:
    offset = eighths(2, p, q, H - p + 1, W - q + 1, seed=seed + 2, most=most).to(dtype)
    return {
        "X": image(H, W, seed=seed, dtype=dtype),
        "F": image(p, q, seed=seed + 1, dtype=dtype),
        "offset": offset,
    }


def images(seed: int) -> list[dict[str, Any]]:
    """Large offsets that leave the image, no offset at all, one output, float32."""
    plain = case(4, 3, 2, 2, seed + 1)
    return [
        case(4, 5, 2, 3, seed, most=2.5),
        {**plain, "offset": torch.zeros_like(plain["offset"])},
        case(3, 2, 3, 2, seed + 2),
        case(3, 4, 2, 1, seed + 3, torch.float32),
        {**case(4, 5, 3, 2, seed + 4), "offset": normal(2, 3, 2, 2, 4, seed=seed + 5)},
    ]


reading = {"answer": "bilinear", "reference": bilinear, "returns": ("the number",), **CLOSE}
deforming = {"answer": "deformable", "reference": deformable, "returns": ("Y",), **CLOSE}
SQUARE = torch.tensor([[0.0, 8], [4, 16]]).double()

CHECKS = [
    Check.of(
        name="bilinear-values",
        drawn_anew=True,
        points=1,
        inputs=[
            {"X": SQUARE, "r": 0.5, "c": 0.25},
            {"X": SQUARE, "r": 0.0, "c": 1.0},
            {"X": image(3, 4, seed=1), "r": 1.25, "c": 0.625},
            {"X": image(3, 4, seed=1), "r": 2.5, "c": 1.25},
            {"X": image(3, 4, seed=1), "r": 0.75, "c": -0.25},
            {"X": image(3, 4, seed=1), "r": -1.25, "c": 1.5},  # none of the four is in the image
        ],
        **reading,
    ),
    Check.of(
        name="bilinear-edges",
        points=1,
        hidden="on a pixel, across each edge, far outside.",
        inputs=places,
        seed=5,
        **reading,
    ),
    Check.of(
        name="deformable-values",
        drawn_anew=True,
        points=1,
        inputs=[case(3, 4, 2, 2, 21, most=0.5), case(4, 5, 3, 2, 24)],
        **deforming,
    ),
    Check.of(
        name="deformable-offsets",
        points=1,
        hidden="offsets that leave the image, none at all, a single output, float32.",
        inputs=images,
        seed=30,
        **deforming,
    ),
]
