"""Further wrong ways: those of a reader who had not seen the others."""

import sympy
import torch

from nonconv.authoring import wrong

BOUND = ["gradient-bound"]
LEAST = ("least-depth-float32", "least-depth-others")


@wrong("gradient_bound", says="σ' is at most ¼, so it divides by 4 in each layer.", loses=BOUND)
def multiplies_by_four(L, c):
    return (4 * c) ** L


@wrong("gradient_bound", says="c multiplies in each layer, as ¼ does: it is no exponent.", loses=BOUND)
def puts_the_norm_into_the_exponent(L, c):
    return sympy.Rational(1, 4) ** (L * c)


@wrong(
    "least_depth",
    says="the product is squared each time, so it has 2, 4, 8 … factors: multiply by factor itself.",
    loses=LEAST,
)
def squares_the_product(factor):
    L, product = 1, factor
    while product != 0:
        L, product = L + 1, product * product
    return L


@wrong(
    "least_depth", says="this computes in float32 always; it is to be the dtype of factor.", loses=LEAST[1:]
)
def computes_in_float32_always(factor):
    L, narrow = 1, factor.float()
    product = narrow
    while product != 0:
        L, product = L + 1, product * narrow
    return L


@wrong(
    "least_depth",
    says="the loop ends after 100 factors, and some need more: go on until the product is 0.",
    loses=LEAST,
)
def stops_at_a_hundred(factor):
    product = torch.ones_like(factor)
    for L in range(1, 100):
        product = product * factor
        if product == 0:
            return L
