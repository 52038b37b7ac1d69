"""Right answers in other costumes."""

import math

import numpy as np
import torch

from nonconv.authoring import right


@right("sigmoid")
def the_reciprocal(x):
    return 1 / (1 + torch.exp(-x))


@right("sigmoid")
def with_one_power_that_never_overflows(x):
    return torch.exp(x.clamp(max=0)) / (1 + torch.exp(-x.abs()))


@right("sigmoid")
def through_its_logarithm(x):
    return torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))


@right("sigmoid")
def in_numpy(x):
    with np.errstate(over="ignore"):
        return torch.from_numpy(1 / (1 + np.exp(-x.numpy())))


@right("sigmoid")
def number_by_number(x):
    values = []
    for number in x.flatten().tolist():
        power = math.exp(-abs(number))
        values.append((1 if number >= 0 else power) / (1 + power))
    return torch.tensor(values, dtype=x.dtype).reshape(x.shape)


@right("sigmoid")
def with_a_mask(x):
    y = torch.empty_like(x)
    right = x >= 0
    y[right] = 1 / (1 + torch.exp(-x[right]))
    left = torch.exp(x[~right])
    y[~right] = left / (1 + left)
    return y


@right("sigmoid")
def by_softplus(x):
    return torch.exp(-torch.nn.functional.softplus(-x))


@right("sigmoid")
def as_the_slope_of_a_logarithm(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.logaddexp(x, torch.zeros_like(x)).sum(), x)[0]


@right("nan_gradient")
def a_number_of_numpy():
    return -2 * np.log(np.finfo(np.float32).max)


@right("nan_gradient")
def a_thousand():
    return -1000


@right("nan_gradient")
def just_beyond_the_largest_float():
    return torch.tensor(-math.log(torch.finfo(torch.float32).max) - 1)


@right("nan_gradient")
def the_largest_float_itself():
    return -np.finfo(np.float32).max


@right("nan_gradient")
def a_whole_number_of_numpy():
    return np.int64(-89)


@right("nan_gradient")
def a_tensor_with_an_axis():
    return torch.tensor([-500], dtype=torch.int32)


@right("nan_gradient")
def by_looking_for_it():
    x = torch.zeros((), requires_grad=True)
    while not torch.isnan(torch.autograd.grad(1 / (1 + torch.exp(-x)), x)[0]):
        x = (x.detach() - 1).requires_grad_()
    return x
