"""What students answer for order_matters: the wrong ways, and what each is told and loses."""

import math

import torch

from nonconv.authoring import wrong

ORDER = ["order-matters"]


@wrong("order_matters", shows="0 times any weight is 0", loses=ORDER)
def tries_zero(channel, spatial):
    return torch.zeros(4, 3, 3)


@wrong("order_matters", shows="36 numbers of X are not 0, but a single one may be", loses=ORDER)
def tries_ones(channel, spatial):
    return torch.ones(4, 3, 3)


@wrong("order_matters", shows="4 numbers of X are not 0, but a single one may be", loses=ORDER)
def tries_one_place(channel, spatial):
    return torch.ones(4, 1, 1)


@wrong("order_matters", shows="Your number is so small that both gates stand near σ(0) = 1/2", loses=ORDER)
def tries_a_small_number(channel, spatial):
    X = torch.zeros(4, 2, 2)
    X[3, 0, 0] = 1e-3
    return X


@wrong("order_matters", shows="a gate that is wide open or shut hardly moves", loses=ORDER)
def tries_a_large_number(channel, spatial):
    X = torch.zeros(4, 3, 3)
    X[0, 1, 1] = 10
    return X


@wrong("order_matters", shows="X must have shape (4, H, W), not (1, 4, 3, 3)", loses=ORDER)
def returns_a_batch(channel, spatial):
    return torch.rand(1, 4, 3, 3)


@wrong("order_matters", shows="X must have shape (4, H, W), not (3, 3)", loses=ORDER)
def returns_one_map(channel, spatial):
    return torch.eye(3) * 5


@wrong("order_matters", shows="X must be a tensor, not a list of 4 values", loses=ORDER)
def returns_a_list(channel, spatial):
    return [[[1.0]], [[0.0]], [[0.0]], [[0.0]]]


@wrong("order_matters", shows="a NumPy array becomes one by torch.from_numpy", loses=ORDER)
def returns_an_array(channel, spatial):
    X = torch.zeros(4, 2, 2).numpy()
    X[3, 0, 0] = 2
    return X


@wrong("order_matters", shows="all numbers of X must be finite", loses=ORDER)
def tries_infinity(channel, spatial):
    X = torch.zeros(4, 2, 2)
    X[0] = math.inf
    return X


@wrong("order_matters", shows="X must be a tensor, not a tuple of 2 values", loses=ORDER)
def returns_both_outputs(channel, spatial):
    X = 5 * torch.eye(4).reshape(4, 2, 2)
    first, second = channel(X) * X, spatial(X) * X
    return spatial(first) * first, channel(second) * second
