"""Right answers that go other ways."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("side_by_side")
def as_one_plus(X, channel, spatial):
    return torch.stack([(1 + channel(x) * spatial(x)) * x for x in X])


@right("side_by_side")
def into_an_empty_batch(X, channel, spatial):
    Y = torch.empty_like(X)
    for n in range(len(X)):
        weights = spatial(X[n]) * channel(X[n])
        Y[n] = torch.addcmul(X[n], weights, X[n])
    return Y


@right("side_by_side")
def by_einsum_over_the_axes(X, channel, spatial):
    A_channel = torch.stack([channel(x)[:, 0, 0] for x in X])
    A_spatial = torch.stack([spatial(x)[0] for x in X])
    return X + torch.einsum("nc,nhw,nchw->nchw", A_channel, A_spatial, X)


@right("side_by_side")
def by_way_of_numpy(X, channel, spatial):
    weights = np.stack([1 + channel(x).numpy() * spatial(x).numpy() for x in X])
    return torch.from_numpy(weights * X.numpy())


@right("side_by_side")
def all_weights_first(X, channel, spatial):
    A_channel, A_spatial = (torch.stack([gate(x.clone()) for x in X]) for gate in (channel, spatial))
    return X.mul(A_channel.mul(A_spatial).add(1))


@right("side_by_side")
def one_weight_after_the_other(X, channel, spatial):
    Y = X.clone()
    for image, x in zip(Y, X, strict=True):
        image *= channel(x)
        image *= spatial(x)
        image += x
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
