"""The checks: references, inputs, points."""

import sympy

from nonconv.authoring import Case, Check
from nonconv.checks.formula import sigma

CHECKS = [
    Check(
        name="tanh-from-sigma",
        answer="tanh_from_sigma",
        points=1,
        in_kernel=True,
        holds="is_tanh_written_with_sigma",
        cases=(Case({"sigma": sigma, "x": sympy.Symbol("x", real=True)}),),
    ),
    Check(
        name="tanh-identity",
        answer="tanh_identity",
        points=2,
        in_kernel=True,
        holds="leads_from_sigma_to_tanh",
        cases=(Case({"x": sympy.Symbol("x", real=True)}),),
    ),
]
