"""What students answer for slides_counterexample: the wrong ways, what each is told and loses."""

import math

import torch

from nonconv.authoring import wrong

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


@wrong("slides_counterexample", shows="a variance is never negative, but var is -1", loses=COUNTEREXAMPLE)
def with_a_negative_variance():
    return 1.0, 2.0, 0.0, 0.0, -1.0, 1e-5


@wrong("slides_counterexample", shows="var and eps must not both be 0", loses=COUNTEREXAMPLE)
def divides_by_zero():
    return 1.0, 2.0, 0.0, 0.0, 0.0, 0.0


@wrong("slides_counterexample", shows="ε is never negative, but eps is -1e-05", loses=COUNTEREXAMPLE)
def with_a_negative_eps():
    return 2, 3, 0, 0, 1, -1e-5


@wrong(
    "slides_counterexample",
    shows="it returns a whole number of 1,329 bits, and no answer here is so large",
    loses=COUNTEREXAMPLE,
)
def larger_than_any_float():
    return 10**400, 2, 0, 0, 1, 0


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
