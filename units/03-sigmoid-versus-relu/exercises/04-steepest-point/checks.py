"""The checks: references, inputs, points."""

import sympy

from nonconv.authoring import (
    Check,
    positive,
)

CHECKS = [
    Check.of(
        name="steepest-point",
        answer="steepest_point",
        points=2,
        inputs=[{**positive("a c"), "b": sympy.Symbol("b", real=True)}],
        reference=lambda a, b, c: (-b / a, a * c / 4),
        returns=("the place", "the slope there"),
    ),
]
