"""The checks: references, inputs, points."""

import sympy

from nonconv.authoring import (
    Check,
    positive,
)

CHECKS = [
    Check.of(
        name="variance-recursion",
        answer="mean_square_after",
        points=2,
        inputs=[{**positive("v c"), "L": sympy.Symbol("L", integer=True, positive=True)}],
        reference=lambda v, c, L: v * (c / 2) ** L,
        returns=("the mean square",),
    ),
]
