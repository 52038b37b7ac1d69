"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import sympy
import torch

from nonconv.authoring import wrong

BOUND = ["gradient-bound"]


@wrong("gradient_bound", says="the weights are missing: each layer multiplies by at most c/4.", loses=BOUND)
def forgets_the_norms(L, c):
    return sympy.Rational(1, 4) ** L


@wrong(
    "gradient_bound",
    says="the weights multiply once in every layer, so c is to the power L as well.",
    loses=BOUND,
)
def takes_the_weights_once(L, c):
    return c * sympy.Rational(1, 4) ** L


@wrong(
    "gradient_bound", says="the ¼ is there once in every layer, so it is to the power L as well.", loses=BOUND
)
def takes_the_quarter_once(L, c):
    return c**L / 4


@wrong(
    "gradient_bound", says="layers multiply, they do not add up: to the power L, not times L.", loses=BOUND
)
def adds_the_layers(L, c):
    return L * c / 4


@wrong("gradient_bound", says="this is one layer too few: there are L of them.", loses=BOUND)
def leaves_out_a_layer(L, c):
    return (c / 4) ** (L - 1)


@wrong("gradient_bound", says="divided the wrong way round: each layer multiplies by c/4.", loses=BOUND)
def divides_by_the_norm(L, c):
    return (4 / c) ** L


LEAST = ("least-depth-float32", "least-depth-others")


@wrong("least_depth", says="this is where the numbers become subnormal; they are not 0 yet.", loses=LEAST)
def stops_at_the_subnormal_ones(factor):
    L = 1
    while factor**L >= torch.finfo(factor.dtype).tiny:
        L += 1
    return L


@wrong(
    "least_depth",
    says="this is the last L at which the power is not 0; the next one is asked for.",
    loses=LEAST,
)
def returns_the_last_one_that_is_not_zero(factor):
    L = 1
    while factor ** (L + 1) > 0:
        L += 1
    return L


@wrong(
    "least_depth",
    says="this is float64: float(factor), or factor.item(), has left the dtype of factor.",
    loses=LEAST,
)
def computes_in_python_numbers(factor):
    L = 1
    while float(factor) ** L > 0:
        L += 1
    return L


@wrong(
    "least_depth",
    says="this is where the power vanishes beside 1 (the machine's ε); asked is where it is 0 itself.",
    loses=LEAST,
)
def adds_it_to_one(factor):
    L = 1
    while 1 + factor**L != 1:
        L += 1
    return L


@wrong("least_depth", shows="L: expected 150, got 75", loses=LEAST)
def knows_the_answer_for_float32(factor):
    return 75


@wrong("least_depth", says="one too many: count the factors, the first one included, once each.", loses=LEAST)
def counts_one_too_many(factor):
    L, product = 1, factor
    while product != 0:
        product = product * factor
        L += 1
    return L + 1


@wrong(
    "least_depth",
    says="a small number is not 0: compare with 0 itself, not with 1e-12 or the like.",
    loses=LEAST,
)
def calls_small_zero(factor):
    L = 1
    while abs(factor**L) > 1e-12:
        L += 1
    return L


@wrong("gradient_bound", says="each layer has the factor c/4; L layers have its L-th power.", loses=BOUND)
def takes_one_layer(L, c):
    return c / 4


@wrong("least_depth", shows="L: expected 75, got", loses=LEAST)
def solves_for_the_smallest_normal_number(factor):
    return round(math.log(torch.finfo(factor.dtype).tiny) / math.log(factor.item()) + 1.5)
