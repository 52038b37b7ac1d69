"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, first_that, quarters, whole_between

from ...shared import CLOSE


def attention(Q, K, V, mask):
    """Query by query, over the allowed keys alone."""
    rows = []
    for q, allowed in zip(Q, mask, strict=True):
        powers = torch.exp(K[allowed] @ q / Q.shape[1] ** 0.5)
        rows.append((powers[:, None] * V[allowed]).sum(0) / max(powers.sum().item(), 1e-300))
    return torch.stack(rows)


def looked(n: int, m: int, dk: int, dv: int, seed: int, *, empty: bool = False) -> dict[str, Any]:
    """Each query sees some keys and not others; no key is forbidden to all, none allowed to all."""

    def mixed(mask: torch.Tensor, **_: Any) -> bool:
        rows, columns = mask.any(1) & ~mask.all(1), mask.any(0) & ~mask.all(0)
        return bool(rows.all()) and bool(columns.all())

    def draw(seed: int) -> dict[str, Any]:
        return {
            "Q": whole_between(n, dk, seed=seed) / 2,
            "K": quarters(m, dk, seed=seed + 1) * 2,
            "V": whole_between(m, dv, seed=seed + 2),
            "mask": torch.rand(n, m, generator=torch.Generator().manual_seed(seed + 3)) < 0.6,
        }

    drawn = first_that(mixed, draw, seed)
    if empty:
        drawn["mask"][n - 1] = False
    return drawn


def as_shown(seed: int) -> list[dict[str, Any]]:
    hand = {
        "Q": whole_between(1, 1, seed=seed) / 2,
        "K": quarters(2, 1, seed=seed + 1) * 2,
        "V": whole_between(2, 1, seed=seed + 2),
        "mask": torch.ones(1, 2).bool(),
    }
    return [hand, looked(3, 4, 2, 5, seed + 3), looked(5, 3, 4, 2, seed + 4)]


def nothing_as_shown(seed: int) -> list[dict[str, Any]]:
    """A query that sees nothing, beside one at least that has a choice."""

    def choice(mask: torch.Tensor, **_: Any) -> bool:
        return bool((mask.sum(1) >= 2).any())

    return [first_that(choice, lambda seed: looked(3, 4, 2, 3, seed, empty=True), seed)]


HAND = {
    "Q": torch.ones(1, 1).double(),
    "K": torch.tensor([[1.0], [3]]).double().log(),
    "V": torch.tensor([[4.0], [8]]).double(),
    "mask": torch.ones(1, 2).bool(),
}
attending = {
    "answer": "attention",
    "reference": attention,
    "returns": ("Y",),
    "may_not_call": ("safe_softmax", "attention"),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="attention-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[HAND, looked(3, 4, 2, 5, seed=10), looked(5, 3, 4, 2, seed=20)],
        **attending,
    ),
    Check.of(
        name="attention-nothing",
        drawn_anew=nothing_as_shown,
        points=1,
        inputs=[looked(3, 4, 2, 3, seed=30, empty=True)],
        **attending,
    ),
    Check.of(
        name="attention-hidden",
        points=1,
        hidden="other sizes and masks, a query that may look at nothing.",
        inputs=lambda seed: [looked(4, 6, 3, 2, seed), looked(3, 5, 6, 4, seed + 4, empty=True)],
        seed=40,
        **attending,
    ),
]
