"""Right answers in other costumes."""

import math

import numpy as np
import sympy
import torch

from nonconv.authoring import right


@right("relu_backward")
def with_where(x, grad, c):
    return torch.where((x > 0) & (x < c), grad, torch.zeros_like(grad))


@right("relu_backward")
def with_two_masks(x, grad, c):
    return grad * (x > 0) * (x < c)


@right("relu_backward")
def by_filling_a_mask(x, grad, c):
    return grad.masked_fill(x <= 0, 0).masked_fill(x >= c, 0)


@right("relu_backward")
def in_numpy(x, grad, c):
    inside = np.logical_and(x.numpy() > 0, x.numpy() < c)
    return torch.from_numpy(np.where(inside, grad.numpy(), 0))


@right("relu_backward")
def number_by_number(x, grad, c):
    pairs = zip(x.flatten().tolist(), grad.flatten().tolist(), strict=True)
    return torch.tensor([g if 0 < a < c else 0 for a, g in pairs], dtype=grad.dtype).reshape(x.shape)


@right("relu_backward")
def by_indices(x, grad, c):
    result = torch.zeros_like(grad)
    where = (x * (c - x) > 0).nonzero(as_tuple=True)
    result[where] = grad[where]
    return result


@right("relu_backward")
def by_what_clamp_leaves_alone(x, grad, c):
    inside = (x.clamp(0, c) == x) & (x != 0) & (x != c)  # exact: clamp changes nothing inside
    return grad * inside


@right("count_dead")
def by_numpys_sum(z, c):
    z = z.numpy()
    return np.sum(np.all((z <= 0) | (z >= c), axis=0))


@right("count_dead")
def by_the_distance_to_the_middle(z, c):
    return sum(1 for unit in z.T if (unit - c / 2).abs().min() >= c / 2)


@right("count_dead")
def unit_by_unit(z, c):
    dead = 0
    for k in range(z.shape[1]):
        alive = False
        for n in range(z.shape[0]):
            if 0 < z[n, k] < c:
                alive = True
        dead += not alive
    return dead


@right("count_dead")
def by_subtracting_the_living(z, c):
    return z.shape[1] - len(set(((z > 0) & (z < c)).nonzero()[:, 1].tolist()))


@right("count_dead")
def by_the_slopes(z, c):
    return ((z * (c - z)).clamp(min=0).sum(0) == 0).sum()  # exact: a sum of zeros


@right("count_dead")
def as_a_table(z, c):
    outside = torch.logical_or(z <= 0, z >= c)
    return float(outside.double().prod(0).sum())


@right("weight_deviation")
def as_a_power(n, a):
    return (2 / (n + n * a**2)) ** 0.5


@right("weight_deviation")
def as_two_roots(n, a):
    return sympy.sqrt(2) / (sympy.sqrt(n) * sympy.sqrt(1 + a * a))


@right("weight_deviation")
def by_solving(n, a):
    s = sympy.Symbol("s", positive=True)
    return sympy.solve(n * s**2 * (1 + a**2) / 2 - 1, s)[0]


@right("weight_deviation")
def with_a_number_for_the_root(n, a):
    return math.sqrt(2) * (n * (1 + a * a)) ** -0.5


@right("weight_deviation")
def from_hes(n, a):
    return sympy.sqrt(2 / n) / sympy.sqrt(1 + a**2)
