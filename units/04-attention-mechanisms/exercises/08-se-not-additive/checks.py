"""The checks: references, inputs, points."""

from nonconv.authoring import Case, Check
from nonconv.checks.given.layers import Layer

CHECKS = [
    Check(
        name="se-not-additive",
        answer="breaks_additivity",
        points=2,
        holds="breaks_additivity_of_squeeze_and_excitation",
        cases=(Case({"se": Layer("squeeze-excitation-four-channels")}),),
        may_call=("conv", "pool", "norm"),  # what finds a counterexample is no matter
    ),
]
