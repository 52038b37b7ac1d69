"""The checks: references, inputs, points."""

import torch

from nonconv.authoring import (
    Case,
    Check,
    whole,
)


def filters(seed: int) -> tuple[torch.Tensor, ...]:
    """Column times row with a first row of zeros, column times row that is not square, and the identity."""
    zero = torch.zeros(1, dtype=torch.float64)
    return (
        torch.outer(torch.cat([zero, whole(2, seed=seed)]), whole(3, seed=seed + 1)),
        torch.outer(whole(3, seed=seed + 2), whole(2, seed=seed + 3)),
        torch.eye(3, dtype=torch.float64),
    )


BLUR = torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]], dtype=torch.float64) / 16

SHARPEN = torch.tensor([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=torch.float64)

TOP_SOBEL = torch.tensor([[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]], dtype=torch.float64)

OUTLINE = torch.tensor([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]], dtype=torch.float64)

CUSTOM = torch.tensor([[1.0, -1, 1], [-1, 0, -1], [1, -1, 1]], dtype=torch.float64)

CHECKS = [
    Check(
        name="separate-filters",
        answer="separate",
        points=1,
        holds="is_column_times_row",
        cases=tuple(Case({"F": F}) for F in (TOP_SOBEL, TOP_SOBEL.T, BLUR, SHARPEN, OUTLINE, CUSTOM)),
        may_call=("norm",),
    ),
    Check.of(
        name="separate-more",
        answer="separate",
        points=1,
        hidden="a first row of zeros, a kernel that is not square, the identity.",
        holds="is_column_times_row",
        reference=None,
        inputs=lambda seed: [{"F": F} for F in filters(seed)],
    ),
]
