"""Right answers in other costumes."""

import math

import numpy as np
import sympy
import torch

from nonconv.authoring import right


@right("slope_from_value")
def multiplied_out(s):
    return s - s**2


@right("slope_from_value")
def as_a_parabola(s):
    return 0.25 - (s - 0.5) ** 2


@right("slope_from_value")
def by_differentiating_the_inverse(s):
    p = sympy.Symbol("p", positive=True)
    return 1 / sympy.diff(sympy.log(p / (1 - p)), p).subs(p, s)


@right("slope_from_value")
def through_x(s):
    x = sympy.Symbol("x", real=True)
    return sympy.diff(1 / (1 + sympy.exp(-x)), x).subs(x, sympy.log(s / (1 - s)))


@right("slope_from_value")
def with_an_absolute_value(s):
    return abs(s) * (1 - s)


@right("slope_from_value")
def of_both_shares(s):
    return sympy.sqrt(s**2 * (1 - s) ** 2)


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
