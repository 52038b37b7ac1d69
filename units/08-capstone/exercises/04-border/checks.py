"""The checks: references, inputs, points."""

import torch
from torch.nn import functional as F_

from nonconv.authoring import Check, normal, vector, whole


def across_the_border(G, g, F, b):
    """From what the merged layer must do: on a constant, and on an impulse for each tap."""
    M, p, q = F.shape[1:]
    zeros = torch.zeros(1, M, p, q, dtype=F.dtype)

    def layer(X):  # inside, where no border is seen
        return F_.conv2d(X * G[:, None, None] + g[:, None, None], F, b)[0, :, 0, 0]

    o = layer(zeros)
    taps = []
    for n in range(M * p * q):
        impulse = zeros.clone()
        impulse.view(-1)[n] = 1
        taps.append(layer(impulse) - o)
    return torch.linalg.solve(torch.diag(G), -g), torch.stack(taps, 1).reshape(F.shape), o


def drawn(seed: int) -> list[dict]:
    """Layers with several maps, and kernels that are not square."""
    sizes = ((2, 3, 3, 3), (4, 2, 1, 3), (3, 3, 2, 1), (1, 4, 5, 2))
    return [
        {
            "G": whole(M, seed=seed + 10 * n, most=4) / 2,
            "g": whole(M, seed=seed + 10 * n + 1),
            "F": normal(K, M, p, q, seed=seed + 10 * n + 2),
            "b": whole(K, seed=seed + 10 * n + 3),
        }
        for n, (K, M, p, q) in enumerate(sizes)
    ]


def as_shown(seed: int) -> list[dict]:
    """Layers of the sizes that students see."""
    sizes = ((1, 1, 1, 3), (2, 2, 2, 2), (3, 2, 3, 2))
    return [
        {
            "G": 2 * whole(M, seed=seed + 10 * n, most=3),
            "g": whole(M, seed=seed + 10 * n + 1),
            "F": whole(K, M, p, q, seed=seed + 10 * n + 2),
            "b": whole(K, seed=seed + 10 * n + 3) / 2,
        }
        for n, (K, M, p, q) in enumerate(sizes)
    ]


merging = {"answer": "across_the_border", "reference": across_the_border, "returns": ("v", "O", "o")}

CHECKS = [
    Check.of(
        name="border-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "G": vector(2.0),
                "g": vector(6.0),
                "F": torch.ones(1, 1, 1, 3, dtype=torch.float64),
                "b": vector(0.5),
            },
            {"G": vector(2.0, -0.5), "g": vector(1.0, 3.0), "F": whole(2, 2, 2, 2, seed=4), "b": vector(3.0, -1.0)},
            {"G": vector(-2.0, 4.0), "g": vector(2.0, 1.0), "F": whole(3, 2, 3, 2, seed=6), "b": vector(1.0, 2.0, -3.0)},
        ],
        **merging,
    ),
    Check.of(
        name="border-drawn",
        points=2,
        hidden="other numbers of maps, and kernels that are not square.",
        inputs=drawn,
        seed=3,
        **merging,
    ),
]  # fmt: skip
