"""The checks: references, inputs, points."""

import math
from random import Random
from typing import Any

from nonconv.authoring import Check


def forget_bias(s, T):
    """By halving: σ(b)^T rises with b."""
    low, high = -60.0, 60.0
    for _ in range(200):
        b = (low + high) / 2
        if -T * math.log1p(math.exp(-b)) < math.log(s):
            low = b
        else:
            high = b
    return round((low + high) / 2, 12) + 0.0  # else a 0 reads -1.1e-16


def other(seed: int) -> list[dict[str, Any]]:
    random = Random(seed)
    return [
        {"s": random.randrange(11, 89) / 100, "T": random.randrange(20, 900)},
        {"s": random.randrange(2, 40) / 100, "T": random.choice((2, 3, 4))},
        {"s": 0.001 * random.randrange(1, 9), "T": 1},
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """One step, of which half remains; some; two, of which little remains; many."""
    random = Random(seed)
    return [
        {"s": 0.5, "T": 1},
        {"s": random.randrange(60, 95) / 100, "T": random.randrange(20, 60)},
        {"s": random.randrange(4, 20) / 100, "T": 2},
        {"s": random.randrange(40, 70) / 100, "T": random.randrange(700, 1300)},
    ]


asked = {"answer": "forget_bias", "reference": forget_bias, "returns": ("b_f",), "rtol": 1e-7, "atol": 1e-9}

CHECKS = [
    Check.of(
        name="bias-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[{"s": 0.5, "T": 1}, {"s": 0.8, "T": 30}, {"s": 0.1, "T": 2}, {"s": 0.5, "T": 1000}],
        **asked,
    ),
    Check.of(
        name="bias-other",
        points=1,
        hidden="other shares, some so small that the bias is negative.",
        inputs=other,
        **asked,
    ),
]
