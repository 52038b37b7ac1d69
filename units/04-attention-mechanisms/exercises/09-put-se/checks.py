"""The checks: references, inputs, points."""

import random
from typing import Any

from torch import nn

from nonconv.authoring import Case, Check
from nonconv.checks.given.networks import network

from ...shared import BLOCKS, CLOSE


def se_cost(model, r):
    maps = [layer.out_channels for layer in model if isinstance(layer, nn.Conv2d)]
    extra = sum(2 * C * C // r + C // r + C for C in maps)
    return extra, extra / sum(parameter.numel() for parameter in model.parameters())


def as_shown(seed: int) -> list[dict[str, Any]]:
    """The networks that students see, in another order, with other ratios; and one of them with another."""
    r = random.Random(seed)
    first = r.choice((1, 2))
    found = [
        ("two-convolutions-with-bias", first),
        ("two-convolutions-without-bias", 3 - first),
        ("convolution-at-the-end", r.choice((1, 2, 4))),
    ]
    found.append((r.choice(found)[0], r.choice((1, 2))))  # 1 and 2 divide all numbers of maps
    return [{"model": network(id), "r": ratio} for id, ratio in r.sample(found, 4)]


costing = {
    "answer": "se_cost",
    "reference": se_cost,
    "returns": ("the extra parameters", "their share"),
    "may_call": ("nonconv.layers.gates",),  # to build a block, and to count what it holds
    **CLOSE,
}

CHECKS = [
    *(
        Check(
            name=f"put-se-{name}",
            answer="put_se",
            points=1,
            hidden=hidden,
            same_for_all="networks that the course hands over by their ids",
            holds="has_squeeze_and_excitation_behind_each_convolution",
            cases=tuple(Case({"model": network(id), "se": BLOCKS}) for id in ids),
            may_call=("conv", "norm"),
        )
        for name, ids, hidden in (
            ("with-biases", ("two-convolutions-with-bias", "convolution-at-the-end"), ""),
            (
                "grouped",
                ("grouped-convolutions", "batch-norm-at-the-end", "convolution-at-the-end"),
                "grouped convolutions, one without batch norm; networks that end with a batch norm, or with a convolution.",
            ),
        )
    ),
    Check.of(
        name="se-cost-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            {"model": network("two-convolutions-with-bias"), "r": 2},
            {"model": network("two-convolutions-without-bias"), "r": 1},
            {"model": network("convolution-at-the-end"), "r": 4},
        ],
        **costing,
    ),
    Check.of(
        name="se-cost-grouped",
        points=1,
        same_for_all="a network that the course hands over by its id",
        hidden="grouped convolutions, other ratios.",
        inputs=[
            {"model": network("grouped-convolutions"), "r": 4},
            {"model": network("batch-norm-at-the-end"), "r": 3},
            {"model": network("convolution-at-the-end"), "r": 2},
        ],
        **costing,
    ),
]
