"""Right answers that go other ways."""

import numpy as np
import sympy
import torch

from nonconv.authoring import right


@right("compose_strided")
def as_a_sum_of_shifted_kernels(F, G, s1, s2):
    size = len(F) + s1 * (len(G) - 1)
    rows = [torch.cat([F.new_zeros(s1 * w), F, F.new_zeros(size - s1 * w - len(F))]) for w in range(len(G))]
    return G @ torch.stack(rows), s1 * s2


@right("compose_strided")
def by_the_condition_on_the_indices(F, G, s1, s2):
    p, r = len(F), len(G)
    O = [
        sum(
            float(F[u - 1] * G[w - 1])
            for u in range(1, p + 1)
            for w in range(1, r + 1)
            if u - 1 + s1 * (w - 1) == t
        )
        for t in range(p + s1 * (r - 1))
    ]
    return torch.tensor(O, dtype=F.dtype), s1 * s2


@right("compose_strided")
def by_a_transposed_convolution(F, G, s1, s2):
    O = torch.nn.functional.conv_transpose1d(G[None, None], F[None, None], stride=s1)
    return O.flatten(), s1 * s2


@right("compose_strided")
def as_polynomials_in_numpy(F, G, s1, s2):
    spread = np.zeros(s1 * (len(G) - 1) + 1)
    spread[::s1] = G
    return torch.from_numpy(np.convolve(F, spread)), np.int64(s1 * s2)


@right("compose_strided")
def runs_both_layers_on_impulses(F, G, s1, s2):
    n = len(F) + s1 * (len(G) - 1)
    X = torch.eye(n, dtype=F.dtype)
    Y = X.unfold(1, len(F), s1) @ F
    return Y @ G, float(s1 * s2)


@right("compose_strided")
def as_polynomials_in_sympy(F, G, s1, s2):
    x = sympy.Symbol("x")
    f = sum(sympy.Rational(float(number)) * x**u for u, number in enumerate(F))
    g = sum(sympy.Rational(float(number)) * x ** (s1 * w) for w, number in enumerate(G))
    O = sympy.Poly(sympy.expand(f * g), x).all_coeffs()[::-1]
    return torch.tensor([float(number) for number in O]), torch.tensor(s1 * s2)


@right("compose_strided")
def recursively(F, G, s1, s2):
    def composed(numbers):
        if len(numbers) == 1:
            return [f * numbers[0] for f in F.tolist()]
        rest = [0.0] * s1 + composed(numbers[1:])
        first = composed(numbers[:1]) + [0.0] * (len(rest) - len(F))
        return [one + other for one, other in zip(first, rest, strict=True)]

    return torch.tensor(composed(G.tolist())), s2 * s1
