"""The checks: references, inputs, points."""

import torch

from nonconv import reduction
from nonconv.authoring import Check, vector, whole

from ...shared import STEPS


def row(*numbers: float) -> torch.Tensor:
    """A kernel with one map in, one out, and one row."""
    return vector(*numbers).reshape(1, 1, 1, -1)


def compose(F, b, G, g):
    return tuple(reduction.compose(F, b, G, g)[:2])


def two_layers(
    M: int,
    K: int,
    L: int,
    first: tuple[int, int],
    second: tuple[int, int],
    seed: int,
    most: int = 4,
    unit: float = 1,
) -> dict:
    """Kernels and biases of two layers, in multiples of `unit` so small that float32 holds their sums exactly."""
    shapes = {"F": (K, M, *first), "b": (K,), "G": (L, K, *second), "g": (L,)}
    return {
        name: unit * whole(*shape, seed=seed + n, most=most) for n, (name, shape) in enumerate(shapes.items())
    }


composing = composing = {"answer": "compose", "reference": compose, "returns": ("O", "o"), "may_call": STEPS}

CHECKS = [
    Check.of(
        name="compose-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {"F": row(1, 2), "b": vector(3), "G": row(4, 5), "g": vector(6)},
            two_layers(1, 2, 1, (1, 3), (1, 2), seed=30),
            two_layers(3, 2, 4, (3, 1), (2, 3), seed=40, unit=1 / 2),
        ],
        **composing,
    ),
    Check.of(
        name="compose-sizes",
        points=1,
        hidden="kernels of different sizes, not square.",
        inputs=lambda seed: [two_layers(2, 3, 4, (1, 3), (3, 2), seed=seed, most=99, unit=1 / 16)],
        **composing,
    ),
    Check.of(
        name="compose-many-maps",
        points=1,
        hidden="more maps in between.",
        inputs=lambda seed: [two_layers(3, 5, 2, (2, 1), (2, 2), seed=seed, most=99, unit=1 / 16)],
        seed=60,
        **composing,
    ),
]
