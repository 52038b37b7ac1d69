"""The checks: references, inputs, points."""

import sympy

from nonconv.authoring import Case, Check
from nonconv.checks.formula import sigma

CHECKS = [
    Check(
        name="tanh-from-sigma",
        answer="tanh_from_sigma",
        points=1,
        holds="is tanh, written with σ",
        cases=(Case({"sigma": sigma, "x": sympy.Symbol("x", real=True)}),),
    ),
    Check(
        name="tanh-identity",
        answer="tanh_identity",
        points=2,
        holds="leads from 2σ(2x) − 1 to tanh",
        cases=(Case({"x": sympy.Symbol("x", real=True)}),),
    ),
]
