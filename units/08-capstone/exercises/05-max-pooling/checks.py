"""The checks: references, inputs, points."""

import random

import torch

from nonconv.authoring import Check, normal, vector, whole


def through_max_pooling(F, b, G, g):
    """Map by map."""
    O, o, s = torch.zeros_like(F), torch.zeros_like(b), torch.ones_like(b)
    for k in range(len(F)):
        if G[k] < 0:
            O[k], o[k], s[k] = F[k] * -G[k], -(G[k] * b[k] + g[k]), -1
        else:
            O[k], o[k] = F[k] * G[k], G[k] * b[k] + g[k]
    return O, o, s


def drawn(seed: int) -> list[dict]:
    """Layers with maps of both signs and with one that is 0."""
    found = []
    for n, (K, M, p, q) in enumerate(((3, 3, 2, 2), (4, 1, 3, 1), (5, 5, 1, 2))):
        G = whole(K, seed=seed + 10 * n) / 2
        order = torch.randperm(K, generator=torch.Generator().manual_seed(seed + n)).tolist()
        G[order[0]], G[order[1]] = -G[order[0]].abs(), G[order[1]].abs()
        G[order[1]] += 0.25  # no 1, with which much looks right
        G[order[0]] -= 0.25
        if n:
            G[order[2]] = 0
        found.append(
            {
                "F": normal(K, M, p, q, seed=seed + 10 * n + 1),
                "b": normal(K, seed=seed + 10 * n + 2),
                "G": G,
                "g": normal(K, seed=seed + 10 * n + 3),
            }
        )
    return found


def as_shown(seed: int) -> list[dict]:
    """Layers of the sizes that students see, with the same signs of G."""
    r = random.Random(seed)
    half, large = r.choice((0.25, 0.5, 0.75)), r.choice((2.0, 3.0, 4.0))
    found = []
    for n, (G, p, q) in enumerate(
        (((-large,), 1, 2), ((large + 1, -half), 2, 1), ((-1 - half, 0.0, large), 1, 1))
    ):
        K = len(G)
        found.append(
            {
                "F": whole(K, K, p, q, seed=seed + 10 * n),
                "b": whole(K, seed=seed + 10 * n + 1),
                "G": vector(*G),
                "g": whole(K, seed=seed + 10 * n + 2),
            }
        )
    return found


merging = {"answer": "through_max_pooling", "reference": through_max_pooling, "returns": ("O", "o", "s")}

CHECKS = [
    Check.of(
        name="maxpool-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {"F": whole(1, 1, 1, 2, seed=1), "b": vector(1.0), "G": vector(-2.0), "g": vector(3.0)},
            {"F": whole(2, 2, 2, 1, seed=2), "b": vector(1.0, -2.0), "G": vector(3.0, -0.5), "g": vector(-1.0, 2.0)},
            {"F": whole(3, 3, 1, 1, seed=3), "b": vector(2.0, 1.0, 3.0), "G": vector(-1.5, 0.0, 2.0), "g": vector(1.0, -2.0, 4.0)},
        ],
        **merging,
    ),
    Check.of(
        name="maxpool-drawn",
        points=2,
        hidden="more maps, and kernels that are not square.",
        inputs=drawn,
        seed=5,
        **merging,
    ),
]  # fmt: skip
