"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check

from ...shared import CLOSE, image


def ungroup(F, g):
    """By what it does: the response to a single 1 in each map, at the last place that every tap reaches."""
    _, few, p, q = F.shape
    M = few * g
    impulses = torch.zeros(M, M, 2 * p - 1, 2 * q - 1, dtype=F.dtype)
    impulses[torch.arange(M), torch.arange(M), p - 1, q - 1] = 1
    return layers.conv2d(impulses, F, groups=g).flip(2, 3).transpose(0, 1).contiguous()


def kernels(seed: int) -> list[dict[str, Any]]:
    """Depthwise; depthwise with two kernels a map; three groups; one group; float32."""
    return [
        {"F": image(3, 1, 2, 3, seed=seed), "g": 3},
        {"F": image(6, 1, 1, 2, seed=seed + 1), "g": 3},
        {"F": image(6, 3, 2, 1, seed=seed + 2), "g": 3},
        {"F": image(2, 3, 1, 2, seed=seed + 3), "g": 1},
        {"F": image(4, 3, 2, 2, seed=seed + 4, dtype=torch.float32), "g": 2},
    ]


ungrouping = {"answer": "ungroup", "reference": ungroup, "returns": ("the kernel",), **CLOSE}

CHECKS = [
    Check.of(
        name="groups-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {"F": torch.tensor([[1.0, 2], [3, 4]]).double()[:, :, None, None], "g": 2},
            {"F": image(6, 2, 2, 3, seed=1), "g": 2},
            {"F": image(4, 1, 1, 2, seed=2), "g": 4},
            {"F": image(6, 3, 1, 1, seed=3), "g": 3},
        ],
        **ungrouping,
    ),
    Check.of(
        name="groups-kinds",
        points=1,
        hidden="depthwise, several kernels for each map, one group, float32.",
        inputs=kernels,
        seed=4,
        **ungrouping,
    ),
]
