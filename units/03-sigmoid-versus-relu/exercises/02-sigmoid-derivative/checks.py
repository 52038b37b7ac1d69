"""The checks: references, inputs, points."""

import sympy
import torch

from nonconv import layers
from nonconv.authoring import (
    Case,
    Check,
    normal,
    positive,
    vector,
)

from ...shared import NO_SIGMOID, near

# (far out all slopes are tiny: a moderate x in each case keeps known mistakes from being taken for one another)
slope = {"answer": "sigmoid_derivative", "may_not_call": NO_SIGMOID}

CHECKS = [
    Check.of(
        name="slope-from-value",
        answer="slope_from_value",
        points=1,
        inputs=[{"y": sympy.Symbol("y", real=True), **positive("A k")}],
        reference=lambda y, A, k: k * (A**2 - y**2) / A,
        returns=("the slope",),
    ),
    Check.of(
        name="sigmoid-derivative-values",
        drawn_anew=True,
        points=1,
        inputs=[{"x": vector(0, 1)}, {"x": vector(-2, 0.5, 3)}, {"x": normal(2, 3, seed=2)}],
        reference=layers.sigmoid_derivative,
        returns=("σ'(x)",),
        **slope,
    ),
    Check(
        name="sigmoid-derivative-float32",
        points=1,
        holds="keeps_its_digits_as_slope",
        cases=(
            Case({"x": vector(20, 1, dtype=torch.float32)}),
            Case({"x": vector(1, -20, 12, 40, dtype=torch.float32)}),
        ),
        **slope,
    ),
    Check.of(
        name="sigmoid-derivative-large",
        points=1,
        hidden="far out, around ±1000 and ±600.",
        holds="keeps_its_digits_as_slope",
        reference=None,
        inputs=lambda seed: [
            {"x": near(1, 1000, -1000, seed=seed)},
            {"x": near(1, 100, -200, 580, -580, seed=seed + 1)},
        ],
        **slope,
    ),
]
