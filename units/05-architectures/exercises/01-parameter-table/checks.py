"""The checks: references, inputs, points."""

import random

import sympy
import torch

from nonconv import layers
from nonconv.authoring import Check
from nonconv.layers.cost import count_parameters

from ...shared import ANY_LAYER


def parameter_table(M, size, rows):
    """Built from the layers, run, and counted."""
    x, counts = torch.zeros(1, M, size, size), []
    for kind, *arguments in rows:
        if kind == "pool":
            x = layers.max_pool2d(x, arguments[0])
            continue
        if kind == "conv":
            layer = layers.Conv2d(x.shape[1], *arguments)
        else:
            x = x.flatten(1)
            layer = layers.Linear(x.shape[1], *arguments)
        x = layer(x)
        counts.append(count_parameters(layer))
    return tuple(counts)


def deck_parameters(n):
    return 25 * n**2 + 827 * n + 560


def tables(seed: int) -> list[dict]:
    """The slides' CNN for images of some size, colour images with poolings that drop a row, no convolution at all."""
    r = random.Random(seed)
    K, L, n, k = r.sample(range(4, 10), 4)
    return [
        {"M": 1, "size": 28 + 4 * r.randint(0, 5), "rows": DECK},
        {"M": 2, "size": r.randint(3, 5), "rows": (("fc", n), ("fc", k))},
        {
            "M": 3,
            "size": 19 + 6 * r.randint(0, 3),  # odd behind the 3×3, then no multiple of 3
            "rows": (("conv", K, 3), ("pool", 2), ("conv", L, 1), ("pool", 3), ("conv", k, 2), ("fc", n)),
        },
    ]


def as_shown(seed: int) -> list[dict]:
    """A convolution, a pooling and a layer; colour images; LeNet-5 for images of some size."""
    r = random.Random(seed)
    K, L, n, k = r.sample(range(2, 10), 4)
    return [
        {"M": 1, "size": 6 + 2 * r.randint(0, 3), "rows": (("conv", K, 3), ("pool", 2), ("fc", n))},
        {"M": 3, "size": r.randint(5, 9), "rows": (("conv", L, 2), ("conv", k, 3), ("fc", K))},
        {"M": 1, "size": 32 + 4 * r.randint(0, 5), "rows": LENET},
    ]


LENET = (("conv", 6, 5), ("pool", 2), ("conv", 16, 5), ("pool", 2), ("fc", 120), ("fc", 84), ("fc", 10))

DECK = (("conv", 6, 5), ("pool", 2), ("conv", 6, 5), ("pool", 2), ("fc", 50), ("fc", 10))

n = sympy.symbols("n", positive=True)

table = {"answer": "parameter_table", "reference": parameter_table, "may_call": ANY_LAYER}

CHECKS = [
    Check.of(
        name="parameter-table-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {"M": 1, "size": 6, "rows": (("conv", 2, 3), ("pool", 2), ("fc", 4))},
            {"M": 3, "size": 5, "rows": (("conv", 4, 2), ("conv", 5, 3), ("fc", 2))},
            {"M": 1, "size": 32, "rows": LENET},
        ],
        **table,
    ),
    Check.of(
        name="parameter-table-more",
        points=1,
        hidden="the slides' CNN, colour images, poolings that drop a row, no convolution at all.",
        inputs=tables,
        **table,
    ),
    Check.of(
        name="deck-parameters",
        points=1,
        inputs=[{"n": n}],
        answer="deck_parameters",
        reference=deck_parameters,
        returns=("the number of parameters",),
    ),
]
