"""The checks: references, inputs, points."""

import sympy

from nonconv.authoring import Check


def excitation_parameters(C, r):
    return 2 * C**2 / r


def share_of_a_convolution(C, r, p):
    return (2 * C**2 / r) / (C * p**2 + C**2)


C, r, p = sympy.symbols("C r p", integer=True, positive=True)

CHECKS = [
    Check.of(
        name="excitation-parameters",
        points=1,
        inputs=[{"C": C, "r": r}],
        answer="excitation_parameters",
        reference=excitation_parameters,
        returns=("the number of weights",),
    ),
    Check.of(
        name="share-of-a-convolution",
        points=1,
        inputs=[{"C": C, "r": r, "p": p}],
        answer="share_of_a_convolution",
        reference=share_of_a_convolution,
        returns=("the share",),
    ),
]
