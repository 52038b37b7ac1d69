"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, normal
from nonconv.checks.given.layers import Layer

from ...shared import CLOSE


def both_ways(there, back, x):
    T = len(x)
    rows = [back(torch.stack([x[k] for k in range(T - 1, t - 1, -1)]))[-1] for t in range(T)]
    return torch.cat([there(x), torch.stack(rows)], 1)


def given(T: int, seed: int) -> dict[str, Any]:
    return {
        "there": Layer("recurrent", seed=seed),
        "back": Layer("recurrent", seed=seed + 2),
        "x": normal(T, 3, seed=seed + 4),
    }


def other(seed: int) -> list[dict[str, Any]]:
    seed %= 100_000
    return [given(1, seed), given(8, seed + 10)]


def as_shown(seed: int) -> list[dict[str, Any]]:
    seed %= 100_000
    return [given(2, seed), given(5, seed + 6)]


asked = {"answer": "both_ways", "reference": both_ways, "returns": ("h",), **CLOSE}

CHECKS = [
    Check.of(
        name="ways-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[given(2, seed=1), given(5, seed=7)],
        **asked,
    ),
    Check.of(
        name="ways-other",
        points=1,
        hidden="a longer sequence, and one of a single step.",
        inputs=other,
        **asked,
    ),
]
