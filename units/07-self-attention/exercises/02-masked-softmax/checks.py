"""The checks: references, inputs, points."""

from typing import Any

import torch
from torch import Tensor

from nonconv.authoring import Check, first_that, normal, quarters

from ...shared import CLOSE


def masked_softmax(e, mask):
    """Row by row, the allowed scores alone, by the framework's own softmax."""
    rows = torch.zeros_like(e)
    for i in range(len(e)):
        if mask[i].any():
            rows[i, mask[i]] = torch.softmax(e[i, mask[i]], 0)
    return rows


def some(n: int, m: int, seed: int) -> Tensor:
    """A mask in which rows and columns differ, each row with a yes and a no."""

    def mixed(mask: Tensor) -> bool:
        # exact: truth values
        return (
            bool(mask.any(1).all()) and not bool(mask.all(1).any()) and not torch.equal(mask, mask[:1] & mask)
        )

    def draw(seed: int) -> dict[str, Any]:
        return {"mask": torch.rand(n, m, generator=torch.Generator().manual_seed(seed)) < 0.6}

    return first_that(mixed, draw, seed)["mask"]


def rows(n: int, m: int, seed: int) -> dict[str, Any]:
    return {"e": 4 * quarters(n, m, seed=seed), "mask": some(n, m, seed + 1)}


def with_an_empty_row(n: int, m: int, seed: int) -> dict[str, Any]:
    drawn = rows(n, m, seed)
    drawn["mask"][seed % n] = False
    return drawn


def square(n: int, seed: int) -> dict[str, Any]:
    """With a mask that is not its own transpose."""

    def turned(mask: Tensor, **_: Any) -> bool:
        return not torch.equal(mask, mask.T)  # exact: truth values

    return first_that(turned, lambda seed: rows(n, n, seed), seed)


def in_float32(n: int, m: int, seed: int) -> dict[str, Any]:
    drawn = with_an_empty_row(n, m, seed)
    return drawn | {"e": drawn["e"].float()}


def far_apart(seed: int) -> dict[str, Any]:
    """Scores around 1000 and −1000; the largest of a row is forbidden. One row is around 0, one all below."""
    e = 1000 * (2 * torch.randint(0, 2, (4, 6), generator=torch.Generator().manual_seed(seed)) - 1)
    e = e.double() + normal(4, 6, seed=seed + 1)
    e[:, 0], e[:, 1:3] = 2000, -1000 + normal(4, 2, seed=seed + 2)
    mask = some(4, 6, seed + 3)
    mask[:, 0], mask[:, 1:3] = False, True
    mask[0, 3:] = False  # what is allowed is far below 0
    e[1, 1:] = normal(5, seed=seed + 4)
    return {"e": e, "mask": mask}


def small(seed: int) -> dict[str, Any]:
    """One row, of which the last score is forbidden."""
    return {"e": 4 * quarters(1, 3, seed=seed), "mask": torch.tensor([[True, True, False]])}


def as_shown(seed: int) -> list[dict[str, Any]]:
    one = {"e": quarters(1, 1, seed=seed + 3), "mask": torch.ones(1, 1).bool()}
    return [small(seed), rows(3, 5, seed + 1), square(4, seed + 2), one]


SMALL = {
    "e": torch.tensor([[0.0, 3, 7]])
    .double()
    .where(torch.tensor([True, False, True]), torch.tensor(3.0).double().log()),
    "mask": torch.tensor([[True, True, False]]),
}
masking = {
    "answer": "masked_softmax",
    "reference": masked_softmax,
    "returns": ("alpha",),
    "may_not_call": ("softmax", "attention"),
    "same_dtype": True,
}

CHECKS = [
    Check.of(
        name="masked-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[SMALL, rows(3, 5, seed=1), rows(4, 4, seed=7), {"e": quarters(1, 1, seed=3), "mask": torch.ones(1, 1).bool()}],
        **masking,
        **CLOSE,
    ),
    Check.of(
        name="masked-edges",
        drawn_anew=lambda seed: [with_an_empty_row(3, 4, seed), far_apart(seed + 1), in_float32(2, 3, seed + 2)],
        points=1,
        inputs=[with_an_empty_row(3, 4, seed=20), far_apart(seed=21), in_float32(2, 3, seed=22)],
        rtol=1e-5,
        atol=1e-7,
        **masking,
    ),
    Check.of(
        name="masked-hidden",
        points=1,
        hidden="other masks, rows that allow nothing, scores in the thousands.",
        inputs=lambda seed: [
            with_an_empty_row(4, 6, seed),
            far_apart(seed + 1),
            square(4, seed + 2),
        ],
        seed=40,
        **masking,
        **CLOSE,
    ),
]  # fmt: skip
