"""Right answers that go other ways."""

import fractions
import math
import random

import numpy as np
import torch

from nonconv import reduction
from nonconv.authoring import right


@right("fold_listing")
def scales_the_bias_where_it_is_added(weight, bias, G, g):
    if bias is None:
        bias = torch.zeros_like(g)
    O = weight * G.reshape(1, -1, 1, 1)
    o = g
    o = o + G * bias
    return O, o


@right("fold_listing")
def swaps_the_axes_first(weight, bias, G, g):
    start = torch.zeros_like(g) if bias is None else bias
    return (weight.transpose(0, 1) * G[:, None, None, None]).transpose(0, 1), torch.addcmul(g, start, G)


@right("fold_listing")
def appends_the_bias_as_a_map(weight, bias, G, g):
    M, K, p, q = weight.shape
    rows = weight.transpose(0, 1).reshape(K, -1)
    last = torch.zeros_like(g) if bias is None else bias
    scaled = torch.diag(G) @ torch.cat([rows, last[:, None]], 1)
    return scaled[:, :-1].reshape(K, M, p, q).transpose(0, 1), scaled[:, -1] + g


@right("fold_listing")
def map_by_map(weight, bias, G, g):
    O, o = weight.clone(), g.clone()
    for k in range(len(G)):
        O[:, k] *= float(G[k])
        o[k] += float(G[k]) * (0 if bias is None else float(bias[k]))
    return O, o


@right("fold_listing")
def asks_a_convolution(weight, bias, G, g):
    diagonal = torch.diag(G)[:, :, None, None]
    b = torch.zeros_like(g) if bias is None else bias
    O = torch.nn.functional.conv2d(weight, diagonal)
    return O, torch.nn.functional.conv2d(b[None, :, None, None], diagonal, g)[0, :, 0, 0]


@right("fold_listing")
def by_einsum(weight, bias, G, g):
    O = torch.einsum("mkuv,k->mkuv", weight, G)
    return O, g.clone() if bias is None else g + torch.einsum("k,k->k", G, bias)


@right("merge")
def convolves_with_a_diagonal(F, b, G, g):
    diagonal = torch.diag(G)[:, :, None, None]
    O = torch.nn.functional.conv2d(F.transpose(0, 1), diagonal).transpose(0, 1)
    return O, G * b + g


@right("merge")
def with_einsum(F, b, G, g):
    return torch.einsum("kmuv,k->kmuv", F, G), torch.einsum("k,k->k", G, b) + g


@right("merge")
def in_loops(F, b, G, g):
    O, o = F.clone(), b.clone()
    for k in range(F.shape[0]):
        O[k] = G[k] * F[k]
        o[k] = G[k] * b[k] + g[k]
    return O, o


@right("merge")
def as_a_matrix_product(F, b, G, g):
    rows = torch.cat([F.flatten(1), b[:, None]], dim=1)
    merged = torch.diag(G) @ rows
    return merged[:, :-1].reshape(F.shape), merged[:, -1] + g


@right("slides_counterexample")
def with_a_negative_gamma():
    return 7, -1, 0, 0, 1, 0.5


@right("slides_counterexample")
def as_fractions():
    b, gamma = fractions.Fraction(1, 3), fractions.Fraction(2)
    return [b, gamma, 0, 0, 0, fractions.Fraction(1, 100)]


@right("slides_counterexample")
def as_a_tensor_of_six():
    return tuple(torch.tensor([3.0, 0.5, 1.0, -2.0, 0.25, 1e-5], dtype=torch.float64))


@right("merge")
def row_by_row_in_numpy(F, b, G, g):
    O = np.array([scale * kernel for scale, kernel in zip(G.numpy(), F.numpy(), strict=True)])
    return torch.from_numpy(O), torch.from_numpy(G.numpy() * b.numpy() + g.numpy())


@right("merge")
def asks_both_layers_at_impulses(F, b, G, g):
    K, M, p, q = F.shape

    def both(x):
        return G * torch.conv2d(x, F, b)[:, :, 0, 0] + g

    o = both(torch.zeros(1, M, p, q, dtype=F.dtype))
    columns = both(torch.eye(M * p * q, dtype=F.dtype).reshape(-1, M, p, q)) - o
    return columns.T.reshape(F.shape), o[0]


@right("slides_counterexample")
def with_a_fresh_layer():
    fresh = dict(gamma=1.0, beta=0.0, mu=0.0, var=1.0, eps=1e-5)
    return 1e-3, *fresh.values()


@right("slides_counterexample")
def too_small_beside_beta_for_float64():
    return 1e-9, 3, 1e20, 0, 1, 0


@right("slides_counterexample")
def in_numpy_numbers():
    return np.array([2, 3, 0, 0, 1, 0.5], dtype=np.float32)


@right("slides_counterexample")
def searches_with_the_frameworks_batch_norm():
    numbers = random.Random(0)
    while True:
        b, gamma, beta, mu = (numbers.uniform(-2, 2) for _ in range(4))
        state = (torch.tensor([one]) for one in (mu, 1.0, gamma, beta))
        right = torch.nn.functional.batch_norm(torch.tensor([[b]]), *state, eps=1.0).item()
        if abs(right - (b + beta - gamma * mu / math.sqrt(2.0))) > 1:
            return b, gamma, beta, mu, 1.0, 1.0


@right("slides_counterexample")
def searches_with_the_course():
    for b in range(3):
        numbers = [torch.tensor([float(one)]) for one in (b, 2, 1, 1, 1)]
        _, slides = reduction.merge_as_on_the_slides(torch.ones(1, 1, 1, 1), *numbers, 1e-5)
        _, o = reduction.merge(torch.ones(1, 1, 1, 1), numbers[0], *reduction.affine_form(*numbers[1:], 1e-5))
        if not torch.allclose(o, slides):
            return [*numbers, 1e-5]
