"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, normal

from ...shared import image

PRODUCT = {"answer": "separate", "holds": "is_a_separable_kernel", "reference": None}


def product(M: int, K: int, p: int, q: int, seed: int) -> torch.Tensor:
    return image(M, p, q, seed=seed) * image(K, M, seed=seed + 1)[:, :, None, None]


def changed(F: torch.Tensor) -> torch.Tensor:
    """The same but for its very last number."""
    other = F.clone()
    other[-1, -1, -1, -1] += 1
    return other


def scaled(F: torch.Tensor) -> torch.Tensor:
    """Its first input map is a billion times smaller than the others, so a tolerance for all is too wide."""
    return F * torch.tensor([1e-9] + [1.0] * (F.shape[1] - 1)).double()[:, None, None]


def balanced(F: torch.Tensor) -> torch.Tensor:
    """Each sheet once more, with the other sign: their mean is 0."""
    return torch.cat((F, -F))


def zeroed(F: torch.Tensor) -> torch.Tensor:
    """Zeros where one would like to divide: the first output, the first tap, a whole input map."""
    other = F.clone()
    other[0], other[:, :, 0, 0], other[:, -1] = 0, 0, 0
    return other


def kernels(seed: int) -> list[dict[str, Any]]:
    whole = [
        zeroed(product(3, 4, 2, 3, seed)),
        changed(product(2, 3, 3, 2, seed + 2)),
        scaled(product(2, 3, 2, 2, seed + 4)),
        scaled(changed(product(2, 3, 2, 2, seed + 4).flip(1)).flip(1)),
        product(2, 3, 2, 3, seed + 6).float(),
        balanced(
            normal(2, 3, 4, seed=seed + 10) * normal(5, 2, 1, 1, seed=seed + 11)
        ),  # all of it is rounded
        image(1, 3, 2, 2, seed=seed + 8),
        image(3, 2, 1, 1, seed=seed + 9),
    ]
    return [{"F": F} for F in whole]


CHECKS = [
    Check.of(
        name="separable-kernels",
        points=2,
        inputs=[
            {"F": torch.tensor([[2.0, 4], [3, 6]]).double().reshape(2, 1, 1, 2)},
            {"F": torch.tensor([[2.0, 4], [3, 5]]).double().reshape(2, 1, 1, 2)},
            {"F": torch.tensor([[2.0, 0], [0, 1]]).double().reshape(2, 1, 1, 2)},
            {"F": torch.tensor([[2.0, 0], [0, -1]]).double().reshape(2, 1, 2, 1)},
            {"F": torch.tensor([[2.0, 4], [-2, -4]]).double().reshape(2, 1, 1, 2)},
            {"F": product(2, 3, 2, 3, 1)},
            {"F": changed(product(3, 2, 2, 2, 3))},
            {"F": zeroed(product(2, 3, 3, 2, 5))},
            {"F": image(1, 2, 2, 2, seed=7)},
            {"F": scaled(changed(product(2, 3, 3, 3, 11).flip(1)).flip(1))},
        ],
        **PRODUCT,
    ),
    Check.of(
        name="separable-edges",
        points=1,
        hidden="zeros in all places, one number changed, maps of very different sizes, float32, 1×1.",
        inputs=kernels,
        seed=9,
        **PRODUCT,
    ),
]
