"""Right answers that go other ways."""

import math

import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("cbam")
def weights_by_name(X, channel, spatial):
    A_channel = channel(X.clone())
    A_spatial = spatial(A_channel * X)
    return A_channel * A_spatial * X


@right("cbam")
def one_gate_after_the_other(X, channel, spatial):
    Y = X
    for gate in (channel, spatial):
        Y = Y.mul(gate(Y))
    return Y


@right("cbam")
def by_einsum_over_the_axes(X, channel, spatial):
    refined = torch.einsum("c,chw->chw", channel(X)[:, 0, 0], X)
    return torch.einsum("hw,chw->chw", spatial(refined)[0], refined)


@right("cbam")
def by_way_of_numpy(X, channel, spatial):
    refined = channel(X).numpy() * X.numpy()
    return torch.from_numpy(spatial(torch.from_numpy(refined)).numpy() * refined)


@right("cbam")
def map_by_map_then_place_by_place(X, channel, spatial):
    weights = channel(X)
    refined = torch.stack([weights[k] * one for k, one in enumerate(X)])
    weights, Y = spatial(refined), torch.empty_like(X)
    for i in range(X.shape[1]):
        for j in range(X.shape[2]):
            Y[:, i, j] = weights[0, i, j] * refined[:, i, j]
    return Y


@right("order_matters")
def one_number_in_the_last_map(channel, spatial):
    return torch.tensor([0, 0, 0, 5]).reshape(4, 1, 1)


@right("order_matters")
def a_negative_number(channel, spatial):
    X = torch.zeros(4, 7, 2)
    X[1, -1, 0] = -3.5
    return X


@right("order_matters")
def in_half_precision(channel, spatial):
    X = torch.zeros(4, 2, 3, dtype=torch.float16)
    X[2, 0, 2] = 2
    return X


@right("order_matters")
def a_large_map(channel, spatial):
    return torch.nn.functional.pad(torch.tensor([[[-5.0]]]), (30, 19, 20, 19, 0, 3))


@right("order_matters")
def looks_for_one(channel, spatial):
    for k in range(4):
        for size in range(1, 50):
            X = torch.zeros(4, 2, 2, dtype=torch.float64)
            X[k, 0, 0] = size
            a, b = channel(X) * X, spatial(X) * X
            a, b = spatial(a) * a, channel(b) * b
            if (a - b).norm() > 0.5 * a.norm():
                return X
    return None


@right("order_matters")
def climbs_by_its_gradient(channel, spatial):
    size = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    for _ in range(20):
        X = torch.zeros(4, 1, 1, dtype=torch.float64).index_fill(0, torch.tensor([3]), 1) * size
        a, b = channel(X) * X, spatial(X) * X
        gap = (spatial(a) * a - channel(b) * b).norm() / (spatial(a) * a).norm()
        (slope,) = torch.autograd.grad(gap, size)
        size = (size + 0.1 * slope).detach().requires_grad_()
    return X
