"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check
from nonconv.checks.given.layers import Layer


def knows_no_order(f, n, d):
    """By one swap and one turn of the circle, of which all n! permutations are made."""
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    Y = f(X)
    return all(torch.allclose(f(X[p]), Y[p], atol=1e-9) for p in ([1, 0, *range(2, n)], [*range(1, n), 0]))


def asked(id: str, n: int = 4, d: int = 3, **parameters: int) -> dict[str, Any]:
    return {"f": Layer(id, **parameters), "n": n, "d": d}


def as_shown(seed: int) -> list[dict[str, Any]]:
    """The layers that students see; those with numbers have others."""
    seed %= 10**6
    return [
        asked("order-attention", seed=seed),
        asked("order-two-wide", d=2, seed=seed + 1),
        asked("order-mean"),
        asked("order-perceptron", seed=seed + 2),
        asked("order-maximum", d=2),
        asked("order-causal", seed=seed + 3),
        asked("order-encoded", seed=seed + 4),
        asked("order-neighbours", seed=seed + 5),
        asked("order-both-neighbours", seed=seed + 6),
        asked("order-odd", d=2),
        asked("order-reversed"),
        asked("order-sorted"),
        *(asked("order-one-doubled", place=place, d=3 - (place == 0)) for place in (3, 0, 2)),
    ]


deciding = {
    "answer": "knows_no_order",
    "reference": knows_no_order,
    "returns": ("the answer",),
    "may_call": ("conv", "pool", "norm", "softmax", "attention"),
}

CHECKS = [
    Check.of(
        name="order-decides",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            asked("order-attention"),
            asked("order-two-wide", d=2),
            asked("order-mean"),
            asked("order-perceptron"),
            asked("order-maximum", d=2),
            asked("order-causal"),
            asked("order-encoded"),
            asked("order-neighbours"),
            asked("order-both-neighbours"),
            asked("order-odd", d=2),
            asked("order-reversed"),
            asked("order-sorted"),
            asked("order-one-doubled", place=3),
            asked("order-one-doubled", place=0, d=2),
            asked("order-one-doubled", place=2),
        ],
        **deciding,
    ),
    Check.of(
        name="order-hidden",
        points=1,
        hidden="more positions, other numbers, and layers that notice few permutations only.",
        inputs=lambda seed: [
            asked("order-attention", 5, 2, seed=seed % 10**6),
            asked("order-perceptron", 5, 4, seed=seed % 10**6 + 1),
            asked("order-neighbours", 5, 3, seed=seed % 10**6 + 2),
            asked("order-both-neighbours", 5, 2, seed=seed % 10**6 + 4),
            asked("order-encoded", 5, 2, seed=seed % 10**6 + 5),
            asked("order-odd", 5, 2),
            *(asked("order-one-doubled", 5, 2, place=place) for place in range(5)),
            asked("order-turned-off", 5, 3, place=seed % 5, seed=seed % 10**6 + 3),
            asked("order-reversed", 5),
            asked("order-sorted", 5),
        ],
        seed=13,
        **deciding,
    ),
]
