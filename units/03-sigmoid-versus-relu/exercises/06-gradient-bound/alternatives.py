"""Right answers in other costumes."""

import math
from itertools import count

import numpy as np
import sympy
import torch

from nonconv.authoring import right


@right("gradient_bound")
def apart(L, c):
    return c**L * 4 ** (-L)


@right("gradient_bound")
def in_decimal_numbers(L, c):
    return (0.25 * c) ** L


@right("least_depth")
def in_numpy(factor):
    number = factor.numpy()
    return np.flatnonzero(np.cumprod(np.full(2000, number, dtype=number.dtype)) == 0)[0] + 1


@right("least_depth")
def by_powers(factor):
    L = 1
    while factor**L != 0:
        L += 1
    return L


@right("least_depth")
def by_a_table_of_products(factor):
    powers = torch.full((2000,), factor.item(), dtype=factor.dtype).cumprod(0)
    return int((powers != 0).sum()) + 1


@right("gradient_bound")
def as_an_exponential(L, c):
    return sympy.exp(L * sympy.log(c / 4))


@right("gradient_bound")
def as_a_product_over_the_layers(L, c):
    layer = sympy.Symbol("l", integer=True)
    return sympy.Product(c / 4, (layer, 1, L))


@right("gradient_bound")
def by_the_reciprocal(L, c):
    return (4 / c) ** (-L)


@right("gradient_bound")
def with_one_layer_apart(L, c):
    return c * (c * sympy.Rational(1, 4)) ** (L - 1) / 4


@right("least_depth")
def by_recursion(factor):
    def depth(product):
        return 1 if product == 0 else 1 + depth(product * factor)

    return depth(factor)


@right("least_depth")
def by_the_exponents(factor):
    kind = torch.finfo(factor.dtype)
    smallest = round(math.log2(kind.tiny * kind.eps))  # 2 to this power is the smallest number above 0
    return smallest // round(math.log2(factor.item())) + 1


@right("least_depth")
def by_halving_an_interval(factor):
    low, high = 0, 2000  # the power is above 0 at low, and 0 at high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if factor**middle > 0 else (low, middle)
    return torch.tensor(high)


@right("least_depth")
def by_counting(factor):
    product = factor.clone()
    for L in count(1):
        if not product:
            return L
        product *= factor
    return None
