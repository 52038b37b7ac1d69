"""Answers that are right in many ways: each property looks at one and says what is missing, or None.

A counterexample is right if it is one; nobody's own numbers are expected.
"""

from collections.abc import Callable
from typing import Any

import torch

from nonconv.reduction import affine_form, merge


def breaks_the_slides_bias(answer: Any) -> str | None:
    """Numbers (b, γ, β, μ, σ², ε) of one map for which b + β − Gμ is not the merged bias."""
    names = ("b", "gamma", "beta", "mu", "var", "eps")
    if not isinstance(answer, tuple | list) or len(answer) != len(names):
        return f"return six numbers, in this order: {', '.join(names)}"
    try:
        b, gamma, beta, mu, var, eps = (float(value) for value in answer)
    except (TypeError, ValueError, RuntimeError):
        return f"each of {', '.join(names)} must be one number"
    one = {name: torch.tensor([value], dtype=torch.float64)
           for name, value in zip(names, (b, gamma, beta, mu, var, eps), strict=True)}  # fmt: skip
    try:
        G, g = affine_form(one["gamma"], one["beta"], one["mu"], one["var"], eps)
    except ValueError as error:
        return f"these are no statistics of a batch norm: {error}"
    _, o = merge(torch.ones(1, 1, dtype=torch.float64), one["b"], G, g)
    right, slides, scale = o.item(), b + g.item(), G.item()
    if not all(map(torch.isfinite, (o, G, g))):
        return "all numbers must be finite"
    if abs(right - slides) > 1e-6 * max(1.0, abs(right)):
        return None
    both = f"With your numbers both biases are {right:.6g}, so this is no counterexample. "
    if b == 0:
        return both + "Your convolution has b = 0: nothing is there for batch norm to scale."
    if abs(scale - 1) < 1e-6:
        return (
            both
            + f"Your G is {scale:.6g}: batch norm leaves b as it is. How do γ, σ² and ε make G differ from 1?"
        )
    return (
        both
        + f"They differ by (1 − G) b = {(1 - scale) * b:.2g}, which rounding could explain; make it larger."
    )


PROPERTIES: dict[str, Callable[[Any], str | None]] = {"breaks the slides' bias": breaks_the_slides_bias}
