"""The checks: references, inputs, points."""

import sympy

from nonconv.authoring import Case, Check

CHECKS = [
    Check(
        name="sigma-from-tanh",
        answer="sigma_from_tanh",
        points=1,
        holds="is_sigma_written_with_tanh",
        cases=(Case({"tanh": sympy.tanh, "x": sympy.Symbol("x", real=True)}),),
    ),
    Check(
        name="tanh-identity",
        answer="tanh_identity",
        points=2,
        holds="leads_from_sigma_to_tanh",
        cases=(Case({"x": sympy.Symbol("x", real=True)}),),
    ),
]
