"""The checks: references, inputs, points."""

import torch

from nonconv import layers
from nonconv.authoring import (
    Case,
    Check,
    normal,
    vector,
)

from ...shared import NO_SIGMOID, near

# (far out all slopes are tiny: a moderate x in each case keeps known mistakes from being taken for one another)
# what autograd calls for softplus and for the soft margin is σ itself; softplus is a logarithm of numbers
GRADIENTS = ("softplus_backward", "soft_margin_loss")
sigmoid = {"answer": "sigmoid", "may_not_call": (*NO_SIGMOID, *GRADIENTS)}

CHECKS = [
    Check.of(
        name="sigmoid-values",
        drawn_anew=True,
        points=1,
        inputs=[{"x": vector(0, 1)}, {"x": vector(-2, 0.5, 3)}, {"x": normal(2, 3, seed=1)}],
        reference=layers.sigmoid,
        returns=("σ(x)",),
        **sigmoid,
    ),
    Check(
        name="sigmoid-extreme",
        points=1,
        holds="keeps_its_digits_as_sigmoid",
        cases=(Case({"x": vector(1, 1000, -1000)}), Case({"x": vector(30, -5, -40, -200)})),
        **sigmoid,
    ),
    Check.of(
        name="sigmoid-float32",
        points=1,
        hidden="float32, where numbers overflow beyond 88 already.",
        holds="keeps_its_digits_as_sigmoid",
        reference=None,
        inputs=lambda seed: [{"x": near(1, -20, -70, 20, 120, -1000, 1000, seed=seed, dtype=torch.float32)}],
        **sigmoid,
    ),
    Check(
        name="nan-gradient",
        answer="nan_gradient",
        points=1,
        holds="breaks_the_gradient_of_the_sigmoid",
        cases=(Case({}),),
    ),
]
