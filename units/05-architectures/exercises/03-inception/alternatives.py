"""Right answers in other costumes."""

import numpy
import sympy
import torch

from nonconv import layers
from nonconv.authoring import right


@right("inception_weights")
def with_a_helper(M, row):
    def weights(a, b, p):
        return a * b * p**2

    one, b3, three, b5, five, pool = row
    bottled = [(M, one, 1), (M, b3, 1), (b3, three, 3), (M, b5, 1), (b5, five, 5), (M, pool, 1)]
    direct = [(M, one, 1), (M, three, 3), (M, five, 5)]
    maps = one + three + five
    return sum(weights(*k) for k in bottled), sum(weights(*k) for k in direct), maps + pool, maps + M


@right("inception_weights")
def with_modules(M, row):
    def weights(*layers):
        return sum(torch.nn.Conv2d(a, b, p, bias=False).weight.numel() for a, b, p in layers)

    a, b, c, d, e, f = row
    bottled = weights((M, a, 1), (M, b, 1), (b, c, 3), (M, d, 1), (d, e, 5), (M, f, 1))
    return [bottled, weights((M, a, 1), (M, c, 3), (M, e, 5)), a + c + e + f, a + c + e + M]


@right("inception_weights")
def by_running_both_modules(M, row):
    def conv(a, b, p):
        return torch.nn.Conv2d(a, b, p, padding=p // 2, bias=False, device="meta")

    a, b, c, d, e, f = row
    pool = torch.nn.MaxPool2d(3, 1, 1)
    branches = [[conv(M, b, 1), conv(b, c, 3)], [conv(M, d, 1), conv(d, e, 5)], [pool, conv(M, f, 1)]]
    both = [
        [torch.nn.Sequential(*branch) for branch in ([conv(M, a, 1)], *branches)],
        [conv(M, a, 1), conv(M, c, 3), conv(M, e, 5), pool],
    ]
    x = torch.zeros(1, M, 8, 8, device="meta")
    weights = [sum(w.numel() for module in modules for w in module.parameters()) for modules in both]
    return *weights, *(torch.cat([module(x) for module in modules], 1).shape[1] for modules in both)


@right("inception_weights")
def with_layers_of_the_course(M, row):
    def weights(a, b, p):
        return layers.Conv2d(a, b, p, bias=False).weight.numel()

    a, b, c, d, e, f = row
    three, five = weights(M, b, 1) + weights(b, c, 3), weights(M, d, 1) + weights(d, e, 5)
    one, maps = weights(M, a, 1), a + c + e
    return (
        one + three + five + weights(M, f, 1),
        one + weights(M, c, 3) + weights(M, e, 5),
        maps + f,
        maps + M,
    )


@right("inception_weights")
def as_a_product_of_vectors(M, row):
    a, b, c, d, e, f = row
    per_map = numpy.array([M, M, 9 * b, M, 25 * d, M])
    return numpy.array([per_map @ numpy.array(row), M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M])


@right("inception_weights")
def as_one_tensor(M, row):
    a, b, c, d, e, f = torch.tensor(row)
    without = torch.stack([a, 9 * c, 25 * e]).sum() * M
    maps = a + c + e
    return torch.stack([M * (a + b + d + f) + 9 * b * c + 25 * d * e, without, maps + f, maps + M])


@right("bottleneck_share")
def as_two_fractions(M, K, p, r):
    return r / (K * p**2) + r / M


@right("bottleneck_share")
def step_by_step(M, K, p, r):
    direct = M * K * p * p
    narrow = M * r
    wide = r * K * p * p
    return (narrow + wide) * direct**-1


@right("bottleneck_share")
def by_powers_alone(M, K, p, r):
    return r * (M + K * p**2) * M**-1 * K**-1 * p**-2


@right("bottleneck_share")
def with_a_function_for_a_layer(M, K, p, r):
    def weights(a, b, k):
        return a * b * k * k

    return (weights(M, r, 1) + weights(r, K, p)) / weights(M, K, p)


@right("bottleneck_share")
def simplified_by_sympy(M, K, p, r):
    return sympy.together(sympy.Add(sympy.Rational(1) * r / M, r / (K * p**2)))


@right("bottleneck_share")
def as_one_minus_the_saving(M, K, p, r):
    saved = M * K * p**2 - M * r - r * K * p**2
    return 1 - saved / (M * K * p**2)
