"""The checks: references, inputs, points."""

import torch

from nonconv.authoring import Check, distinct, first_that, whole

from ...shared import SEARCHING

SOBEL = [[1.0, 2, 1], [0, 0, 0], [-1, -2, -1]]
BLUR = [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]]
SHARPEN = [[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]
OUTLINE = [[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]]
ONE_ROW = [[3.0, -1, 2]]
ZEROS = [[0.0, 0], [0, 0]]
LAST_NUMBER = [[0.0, 0], [0, -2]]
CORNERS = [[1.0, 0, 0], [0, 0, 0], [0, 0, 1]]


def behind_zeros(seed: int) -> torch.Tensor:
    """Column times row, the first numbers of both 0, none of the others positive."""
    column, row = whole(2, seed=seed).abs(), whole(3, seed=seed + 1).abs()
    zero = torch.zeros(1, dtype=torch.float64)
    return -torch.outer(torch.cat([zero, column]), torch.cat([zero, row]))


def rounded(column: torch.Tensor, row: torch.Tensor) -> bool:
    """Is the product of any column and row of it, divided by where they meet, F only but for rounding?"""
    F = torch.outer(column, row)
    return not any(
        torch.equal(
            torch.outer(F[:, j] / F[i, j], F[i]), F
        )  # exact: a draw on which comparing exactly fails is what is looked for
        for i in range(len(column))
        for j in range(len(row))
    )


def filters(seed: int) -> list[torch.Tensor]:
    tenths = first_that(
        rounded, lambda seed: {"column": distinct(3, seed) / 10, "row": distinct(4, seed + 1) / 10}, seed + 2
    )
    changed = torch.outer(whole(3, seed=seed + 3), whole(3, seed=seed + 4))
    changed[2, 2] += 1  # all that is seen without the last number is a column times a row
    difference = torch.outer(1 + whole(2, seed=seed + 5).abs(), torch.tensor([1, 0, -1]).double())
    return [behind_zeros(seed), torch.outer(tenths["column"], tenths["row"]), changed, difference]


separating = {
    "answer": "separate",
    "points": 1,
    "holds": "is_column_times_row",
    "reference": None,
    "may_call": SEARCHING,
}

CHECKS = [
    Check.of(
        name="separate-filters",
        inputs=[
            {"F": torch.tensor(F, dtype=torch.float64)}
            for F in (ZEROS, LAST_NUMBER, ONE_ROW, SOBEL, BLUR, SHARPEN, OUTLINE, CORNERS)
        ],
        **separating,
    ),
    Check.of(
        name="separate-more",
        hidden="a first row and column of zeros, fractions, a row whose sum is 0, a kernel in which one number is changed.",
        inputs=lambda seed: [{"F": F} for F in filters(seed)],
        **separating,
    ),
]
