"""The checks: references, inputs, points."""

import random

import sympy
import torch
from torch import nn

from nonconv import layers
from nonconv.authoring import Check
from nonconv.layers.cost import count_parameters
from nonconv.networks import Inception
from nonconv.networks.googlenet import TABLE_1, Row

from ...shared import ANY_LAYER


def inception_weights(M, row):
    def plain(in_channels: int, out_channels: int, kernel_size: int) -> nn.Module:
        return layers.Conv2d(in_channels, out_channels, kernel_size, bias=False)

    with torch.device("meta"):  # only shapes count
        with_them, without = (Inception(M, Row(*row), plain, bottlenecks=b) for b in (True, False))
    return (
        count_parameters(with_them),
        count_parameters(without),
        with_them.out_channels,
        without.out_channels,
    )


def bottleneck_share(M, K, p, r):
    return r / (p**2 * K) + r / M


def table_rows(seed: int) -> list[dict]:
    """One of the last rows of the table, and one with other numbers of maps."""
    r = random.Random(seed)
    other = tuple(8 * n for n in r.sample(range(2, 41), 6))
    place = r.choice(("4e", "5a", "5b"))
    return [
        {"M": {"4e": 528, "5a": 832, "5b": 832}[place], "row": tuple(TABLE_1[place])},
        {"M": 16 * r.randint(10, 50), "row": other},
    ]


def as_shown(seed: int) -> list[dict]:
    """Few maps; a row of the table, for another number of maps than there."""
    r = random.Random(seed)
    return [
        {"M": r.randint(10, 20), "row": tuple(r.sample(range(1, 10), 6))},
        {"M": 16 * r.randint(10, 40), "row": tuple(TABLE_1[r.choice(("3a", "3b", "4a"))])},
    ]


M, K, p, r = sympy.symbols("M K p r", integer=True, positive=True)

inception = {
    "answer": "inception_weights",
    "reference": inception_weights,
    "returns": ("weights with bottlenecks", "weights without", "maps with bottlenecks", "maps without"),
    "may_call": ANY_LAYER,
}

CHECKS = [
    Check.of(
        name="inception-weights-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[{"M": 10, "row": (1, 2, 3, 4, 5, 6)}, {"M": 192, "row": tuple(TABLE_1["3a"])}],
        **inception,
    ),
    Check.of(
        name="inception-weights-table",
        points=1,
        hidden="other rows of table 1.",
        inputs=table_rows,
        **inception,
    ),
    Check.of(
        name="bottleneck-share",
        points=1,
        inputs=[{"M": M, "K": K, "p": p, "r": r}],
        answer="bottleneck_share",
        reference=bottleneck_share,
        returns=("the share",),
    ),
]
