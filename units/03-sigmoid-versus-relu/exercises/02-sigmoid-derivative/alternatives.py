"""Right answers in other costumes."""

import math

import numpy as np
import sympy
import torch

from nonconv.authoring import right


@right("slope_from_value")
def over_one_denominator(y, A, k):
    return k * (A**2 - y**2) / A


@right("slope_from_value")
def as_two_factors(y, A, k):
    return k * (A - y) * (A + y) / A


@right("slope_from_value")
def by_the_chain_rule(y, A, k):
    t = y / A
    return A * k * (1 - t**2)


@right("slope_from_value")
def by_differentiating_the_inverse(y, A, k):
    v = sympy.Symbol("v")
    return 1 / sympy.diff(sympy.log((A + v) / (A - v)) / (2 * k), v).subs(v, y)


@right("slope_from_value")
def through_sigma(y, A, k):
    s = (y / A + 1) / 2  # tanh = 2σ − 1
    return A * k * 4 * s * (1 - s)


@right("slope_from_value")
def multiplied_out(y, A, k):
    return A * k - k * y * y / A


@right("sigmoid_derivative")
def both_sides(x):
    return 1 / (1 + torch.exp(-x)) / (1 + torch.exp(x))


@right("sigmoid_derivative")
def by_the_hyperbolic_cosine(x):
    return 1 / (torch.exp(x / 2) + torch.exp(-x / 2)) ** 2


@right("sigmoid_derivative")
def by_autograd(x):
    x = x.clone().requires_grad_()
    value = torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))
    return torch.autograd.grad(value.sum(), x)[0]


@right("sigmoid_derivative")
def in_numpy(x):
    small = np.exp(-np.abs(x.numpy()))
    return torch.from_numpy(small / np.square(1 + small))


@right("sigmoid_derivative")
def number_by_number(x):
    powers = [math.exp(-abs(number)) for number in x.flatten().tolist()]
    return torch.tensor([p / (1 + p) ** 2 for p in powers], dtype=x.dtype).reshape(x.shape)


@right("sigmoid_derivative")
def by_logarithms(x):
    return torch.exp(-x - 2 * torch.nn.functional.softplus(-x))
