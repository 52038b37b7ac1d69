"""The checks: references, inputs, points."""

import math
from random import Random
from typing import Any

import torch

from nonconv.authoring import Check, vector

from ...shared import CLOSE, probabilities, symbols


def bits(first, table, x):
    total = -math.log2(first[x[0]]) if first[x[0]] > 0 else math.inf
    for last, now in zip(x[:-1].tolist(), x[1:].tolist(), strict=True):
        p = float(table[last, now])
        total += -math.log2(p) if p > 0 else math.inf
    return total / len(x)  # a float, so that a tensor of one number is right in any shape


def model(V: int, T: int, seed: int) -> dict[str, Any]:
    return {
        "first": probabilities(V, seed=seed),
        "table": probabilities(V, V, seed=seed + 1),
        "x": symbols(T, V, seed + 2),
    }


def long(seed: int) -> list[dict[str, Any]]:
    """So long that the product is 0; and one symbol."""
    return [model(4, 2000, seed), model(5, 1, seed + 3), model(3, 7, seed + 6)]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """Two symbols, one of which the other never follows; six; one; 32 whose product is 0 in any float."""
    r = Random(seed)
    p, q = r.sample((0.25, 0.375, 0.5, 0.625, 0.75), 2)
    tiny = r.randrange(10, 90) * 1e-13
    hand = {
        "first": vector(p, 1 - p),
        "table": torch.tensor([[q, 1 - q], [1.0, 0.0]]).double(),
        "x": torch.tensor([0, 0, 1]),
    }
    rare = {
        "first": vector(tiny, 1 - tiny),
        "table": torch.tensor([[1 - tiny, tiny], [tiny, 1 - tiny]], dtype=torch.float64),
        "x": torch.tensor([0, 1] * 16),
    }
    return [hand, model(3, 6, seed), model(2, 1, seed + 3), rare]


asked = {"answer": "bits", "reference": bits, "returns": ("bits",), **CLOSE}

CHECKS = [
    Check.of(
        name="surprise-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            {
                "first": vector(0.5, 0.5),
                "table": torch.tensor([[0.25, 0.75], [1.0, 0.0]]).double(),
                "x": torch.tensor([0, 0, 1]),
            },
            model(3, 6, seed=1),
            model(2, 1, seed=2),
            {  # the product of these 32 probabilities is 0 in any float
                "first": vector(1e-11, 1 - 1e-11),
                "table": torch.tensor([[1 - 1e-11, 1e-11], [1e-11, 1 - 1e-11]], dtype=torch.float64),
                "x": torch.tensor([0, 1] * 16),
            },
        ],
        **asked,
    ),
    Check.of(
        name="surprise-long",
        points=1,
        hidden="2000 symbols, whose product is 0 in any float; a single symbol.",
        inputs=long,
        **asked,
    ),
]
