"""Right answers in other costumes."""

from itertools import accumulate

import numpy as np
import torch

from nonconv.authoring import right


@right("chain_gradients")
def with_cumulative_products(w, s):
    return (w * (1 - s**2)).flip(0).cumprod(0).flip(0)


@right("chain_gradients")
def with_two_loops(w, s):
    gradients = torch.ones_like(w)
    for start in range(len(w)):
        for layer in range(start, len(w)):
            gradients[start] *= w[layer] * (1 - s[layer]) * (1 + s[layer])
    return gradients


@right("chain_gradients")
def by_recursion(w, s):
    def gradients(layer):
        if layer == len(w):
            return [torch.ones_like(w[0])]
        later = gradients(layer + 1)
        return [w[layer] * (1 - s[layer] ** 2) * later[0], *later]

    return torch.stack(gradients(0)[:-1])


@right("chain_gradients")
def in_numpy(w, s):
    factors = (w * (1 - s**2)).numpy()
    return torch.from_numpy(np.multiply.accumulate(factors[::-1])[::-1].copy())


@right("chain_gradients")
def by_a_triangle_of_factors(w, s):
    factors = w * (1 - s**2)
    L = len(w)
    table = torch.where(torch.ones(L, L).triu().bool(), factors, torch.ones_like(factors))
    return table.prod(1)


@right("chain_gradients")
def by_dividing_the_whole_product(w, s):
    factors = w * (1 - s**2)
    before = torch.cat([torch.ones_like(w[:1]), factors[:-1].cumprod(0)])
    return factors.prod() / before


@right("chain_gradients")
def with_plain_numbers(w, s):
    factors = [a * (1 - b * b) for a, b in zip(w.tolist(), s.tolist(), strict=True)]
    products = list(accumulate(reversed(factors), lambda p, f: p * f))
    return torch.tensor(products[::-1], dtype=w.dtype)


@right("chain_gradients")
def by_logarithms_and_signs(w, s):
    size = torch.log(w.abs() * (1 - s**2)).flip(0).cumsum(0).flip(0)
    return w.sign().flip(0).cumprod(0).flip(0) * torch.exp(size)
