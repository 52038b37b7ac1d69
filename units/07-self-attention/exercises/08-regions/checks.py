"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, first_that, quarters, whole_between

from ...shared import CLOSE


def look(states, a, W, U, v):
    """Word by word and cell by cell; the penalty as squares about its mean."""
    C, H, width = a.shape
    z, alpha = [], []
    for s in states:
        e = torch.stack(
            [v @ torch.tanh(W @ s + U @ a[:, i, j]) for i in range(H) for j in range(width)]
        ).reshape(H, width)
        weights = torch.exp(e - torch.logsumexp(e.flatten(), 0))
        alpha.append(weights)
        z.append(torch.einsum("ij,cij->c", weights, a))
    alpha = torch.stack(alpha)
    return torch.stack(z), alpha, (alpha.sum(0) - len(states) / (H * width)).square().sum()


def scene(T: int, C: int, H: int, W: int, D: int, E: int, seed: int) -> dict[str, Any]:
    """Each word looks elsewhere, and none at one cell alone."""

    def tells(**drawn: Any) -> bool:
        _, alpha, penalty = look(**drawn)
        apart = T == 1 or bool((alpha[0] - alpha[-1]).abs().max() > 0.02)
        return apart and bool(alpha.max() < 0.9) and bool(penalty > 0.01)

    def draw(seed: int) -> dict[str, Any]:
        return {
            "states": whole_between(T, D, seed=seed) / 2,
            "a": quarters(C, H, W, seed=seed + 1) * 2,
            "W": quarters(E, D, seed=seed + 2),
            "U": quarters(E, C, seed=seed + 3),
            "v": whole_between(E, seed=seed + 4, low=-3, high=3),
        }

    return first_that(tells, draw, seed)


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        scene(1, 1, 1, 2, 1, 1, seed),
        scene(2, 3, 2, 4, 2, 5, seed + 1),
        scene(3, 2, 3, 3, 4, 2, seed + 2),
        scene(5, 2, 1, 3, 2, 2, seed + 3),
    ]


looking = {
    "answer": "look",
    "reference": look,
    "returns": ("z", "alpha", "penalty"),
    "may_call": ("conv",),
    "may_not_call": ("safe_softmax", "attention"),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="regions-values",
        drawn_anew=as_shown,
        points=3,
        inputs=[
            scene(1, 1, 1, 2, 1, 1, seed=3),
            scene(2, 3, 2, 4, 2, 5, seed=10),
            scene(3, 2, 3, 3, 4, 2, seed=20),
            scene(5, 2, 1, 3, 2, 2, seed=30),
        ],
        **looking,
    ),
    Check.of(
        name="regions-hidden",
        points=1,
        hidden="other maps, captions longer than the map.",
        inputs=lambda seed: [scene(3, 4, 2, 5, 3, 2, seed), scene(7, 2, 2, 3, 4, 3, seed + 5)],
        seed=40,
        **looking,
    ),
]
