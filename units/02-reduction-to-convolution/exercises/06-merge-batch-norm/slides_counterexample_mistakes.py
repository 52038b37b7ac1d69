"""What students answer for slides_counterexample: the wrong ways, what each is told and loses, and other right ways."""

import fractions
import math

import torch

from nonconv.authoring import right, wrong

COUNTEREXAMPLE = ["slides-counterexample"]


@wrong("slides_counterexample", shows="Your convolution has b = 0", loses=COUNTEREXAMPLE)
def without_a_bias():
    b = 0.0
    return b, 2.0, 1.0, 3.0, 4.0, 1e-5


@wrong("slides_counterexample", shows="Your G is 1", loses=COUNTEREXAMPLE)
def with_G_equal_to_one():
    var, eps = 4.0, 1e-5
    return 5.0, math.sqrt(var + eps), 1.0, 3.0, var, eps


@wrong("slides_counterexample", shows="return six numbers, in this order", loses=COUNTEREXAMPLE)
def gives_G_and_g_instead():
    b, G, g = 1.0, 2.0, 3.0
    return b, G, g


@wrong("slides_counterexample", shows="a variance is never negative", loses=COUNTEREXAMPLE)
def with_a_negative_variance():
    return 1.0, 2.0, 0.0, 0.0, -1.0, 1e-5


@wrong("slides_counterexample", shows="rounding could explain", loses=COUNTEREXAMPLE)
def too_close_to_call():
    fresh = dict(gamma=1.0, beta=0.0, mu=0.0, var=1.0, eps=1e-5)
    return 1e-3, *fresh.values()


@wrong(
    "slides_counterexample",
    shows="b must be one number, not a tensor of shape (2,)",
    loses=COUNTEREXAMPLE,
)
def with_vectors():
    two = torch.tensor([1.0, 2.0])
    return two, two, two, two, two, 1e-5


@wrong("slides_counterexample", shows="all numbers must be finite", loses=COUNTEREXAMPLE)
def with_an_infinite_bias():
    return float("inf"), 2.0, 0.0, 0.0, 1.0, 1e-5


@right("slides_counterexample")
def with_a_negative_gamma():
    return 7, -1, 0, 0, 1, 0.5


@right("slides_counterexample")
def as_fractions():
    b, gamma = fractions.Fraction(1, 3), fractions.Fraction(2)
    return [b, gamma, 0, 0, 0, fractions.Fraction(1, 100)]


@right("slides_counterexample")
def as_a_tensor_of_six():
    return tuple(torch.tensor([3.0, 0.5, 1.0, -2.0, 0.25, 1e-5], dtype=torch.float64))
