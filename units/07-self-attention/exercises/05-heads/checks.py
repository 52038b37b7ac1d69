"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, quarters, whole_between

from ...shared import CLOSE


def multi_head(X, WQ, WK, WV, WO, h):
    """By the framework's own layer, whose matrices act from the left."""
    Y, _ = torch.nn.functional.multi_head_attention_forward(
        X[:, None], X[:, None], X[:, None], X.shape[1], h, torch.cat([WQ.T, WK.T, WV.T]), None, None, None, False,
        0.0, WO.T.contiguous(), None, need_weights=False,
    )  # fmt: skip
    return Y[:, 0]


def heads(n: int, d: int, h: int, seed: int) -> dict[str, Any]:
    names = ("WQ", "WK", "WV", "WO")
    matrices = {name: quarters(d, d, seed=seed + k) for k, name in enumerate(names, 1)}
    return {"X": whole_between(n, d, seed=seed, low=-3, high=3) / 2, **matrices, "h": h}


cutting = {
    "answer": "multi_head",
    "reference": multi_head,
    "returns": ("Y",),
    "may_not_call": ("safe_softmax", "attention"),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="heads-one",
        drawn_anew=lambda seed: [heads(3, 2, 1, seed), heads(2, 4, 1, seed + 5)],
        points=1,
        inputs=[heads(3, 2, 1, seed=5), heads(2, 4, 1, seed=9)],
        **cutting,
    ),
    Check.of(
        name="heads-values",
        drawn_anew=lambda seed: [heads(3, 4, 2, seed), heads(5, 6, 3, seed + 5), heads(4, 6, 2, seed + 10)],
        points=2,
        inputs=[heads(3, 4, 2, seed=20), heads(5, 6, 3, seed=30), heads(4, 6, 2, seed=40)],
        **cutting,
    ),
    Check.of(
        name="heads-hidden",
        points=1,
        hidden="other sizes, and as many heads as columns.",
        inputs=lambda seed: [heads(5, 8, 4, seed), heads(3, 6, 2, seed + 7), heads(4, 3, 3, seed + 14)],
        seed=60,
        **cutting,
    ),
]
