"""Right answers in other costumes."""

import numpy
import torch

from nonconv import layers
from nonconv.authoring import right


@right("fc_kernel")
def with_unflatten(W, M, p, q):
    return W.unflatten(1, (p, q, M)).movedim(3, 1)


@right("fc_kernel")
def number_by_number(W, M, p, q):
    kernel = torch.zeros(len(W), M, p, q, dtype=W.dtype)
    for m in range(M):
        for u in range(p):
            for v in range(q):
                kernel[:, m, u, v] = W[:, (u * q + v) * M + m]
    return kernel


@right("fc_kernel")
def by_numpy(W, M, p, q):
    places = numpy.reshape(W.numpy(), (W.shape[0], p, q, M))
    return torch.from_numpy(numpy.ascontiguousarray(numpy.moveaxis(places, 3, 1)))


@right("fc_kernel")
def with_one_axis_for_all_places(W, M, p, q):
    return W.reshape(-1, p * q, M).transpose(1, 2).reshape(-1, M, p, q)


@right("fc_kernel")
def as_the_derivative_of_the_layer(W, M, p, q):
    x = torch.zeros(M, p, q, dtype=W.dtype)
    return torch.autograd.functional.jacobian(lambda x: W @ x.permute(1, 2, 0).flatten(), x)


@right("fc_kernel")
def asked_with_one_pixel_after_the_other(W, M, p, q):
    pixels = torch.eye(M * p * q, dtype=W.dtype).reshape(-1, M, p, q)
    answers = pixels.permute(0, 2, 3, 1).flatten(1) @ W.T  # (M·p·q, K)
    return torch.einsum("nk,nmuv->kmuv", answers, pixels)


@right("fc_kernel")
def as_the_weight_of_a_module(W, M, p, q):
    layer = torch.nn.Conv2d(M, len(W), (p, q), bias=False, dtype=W.dtype)
    places = W.view(len(W), p, q, M)
    layer.weight = torch.nn.Parameter(torch.stack(places.unbind(3), 1))
    return layer.weight


@right("fc_kernel")
def tried_before_it_is_returned(W, M, p, q):
    kernel = torch.einsum("kuvm->kmuv", W.view(-1, p, q, M)).contiguous()
    x = torch.randn(3, M, p, q, dtype=W.dtype)
    flat = x.permute(0, 2, 3, 1).flatten(1)
    assert torch.allclose(torch.nn.functional.conv2d(x, kernel).flatten(1), flat @ W.T)
    assert torch.allclose(layers.conv2d(x, kernel).flatten(1), layers.linear(flat, W))
    return kernel
