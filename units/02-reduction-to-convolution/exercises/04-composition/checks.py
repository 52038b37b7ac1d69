"""The checks: references, inputs, points."""

import torch

from nonconv import reduction
from nonconv.authoring import (
    Check,
    distinct,
    vector,
    whole,
)


def row(*numbers: float) -> torch.Tensor:
    """A kernel with one map in, one out, and one row."""
    return vector(*numbers).reshape(1, 1, 1, -1)


def compose(F, b, G, g):
    return tuple(reduction.compose(F, b, G, g)[:2])


def two_layers(M: int, K: int, L: int, first: tuple[int, int], second: tuple[int, int], seed: int) -> dict:
    """Kernels and biases of two layers, in small whole numbers."""
    return {
        "F": whole(K, M, *first, seed=seed),
        "b": whole(K, seed=seed + 1),
        "G": whole(L, K, *second, seed=seed + 2),
        "g": whole(L, seed=seed + 3),
    }


def two_single_maps(first: tuple[int, int], second: tuple[int, int], seed: int) -> dict:
    """Likewise, of one map each; no number of G is their sum, else nobody would miss the others in the bias."""
    (p, q), (r, s) = first, second
    F, b, g = distinct(p * q, seed), distinct(1, seed + 1), distinct(1, seed + 2)
    while True:
        seed += 3
        G = distinct(r * s, seed).reshape(r, s)
        if bool(((G - G.sum()).abs() > 0.05).all()):
            return {"F": F.reshape(1, 1, p, q), "b": b, "G": G.reshape(1, 1, r, s), "g": g}


composing = {"answer": "compose", "reference": compose, "returns": ("O", "o")}

CHECKS = [
    Check.of(
        name="compose-values",
        points=2,
        inputs=[
            {"F": row(1, 2), "b": vector(3), "G": row(4, 5), "g": vector(6)},
            two_layers(1, 2, 1, (1, 3), (1, 2), seed=30),
            two_layers(2, 2, 3, (2, 2), (2, 3), seed=40),
        ],
        **composing,
    ),
    Check.of(
        name="compose-sizes",
        points=1,
        hidden="kernels of different sizes, not square.",
        inputs=lambda seed: [two_single_maps((3, 2), (2, 4), seed=seed)],
        **composing,
    ),
    Check.of(
        name="compose-many-maps",
        points=1,
        hidden="more maps in between.",
        inputs=lambda seed: [two_layers(3, 4, 2, (2, 2), (2, 2), seed=seed)],
        seed=60,
        **composing,
    ),
]
