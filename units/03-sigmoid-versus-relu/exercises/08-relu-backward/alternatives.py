"""Right answers in other costumes."""

import math

import numpy as np
import sympy
import torch

from nonconv.authoring import right


@right("relu_backward")
def with_where(x, grad):
    return torch.where(x > 0, grad, torch.zeros_like(grad))


@right("relu_backward")
def with_a_step_function(x, grad):
    return grad * x.clamp(min=0).sign()


@right("count_dead")
def by_numpys_sum(Z):
    return np.sum(np.all(Z.numpy() <= 0, axis=0))


@right("count_dead")
def by_the_maximum(Z):
    return sum(1 for unit in Z.T if unit.max() <= 0)


@right("count_dead")
def by_what_comes_out(Z):
    return (Z.clamp(min=0).sum(0) == 0).sum()  # exact: a sum of zeros


@right("weight_deviation")
def as_a_power(n, a):
    return (2 / (n + n * a**2)) ** 0.5


@right("weight_deviation")
def as_two_roots(n, a):
    return sympy.sqrt(2) / (sympy.sqrt(n) * sympy.sqrt(1 + a * a))


@right("relu_backward")
def by_filling_a_mask(x, grad):
    return grad.masked_fill(x <= 0, 0)


@right("relu_backward")
def in_numpy(x, grad):
    return torch.from_numpy(np.where(x.numpy() > 0, grad.numpy(), 0))


@right("relu_backward")
def number_by_number(x, grad):
    pairs = zip(x.flatten().tolist(), grad.flatten().tolist(), strict=True)
    return torch.tensor([g if a > 0 else 0 for a, g in pairs], dtype=grad.dtype).reshape(x.shape)


@right("relu_backward")
def by_indices(x, grad):
    result = torch.zeros_like(grad)
    where = (x > 0).nonzero(as_tuple=True)
    result[where] = grad[where]
    return result


@right("relu_backward")
def by_the_step_function(x, grad):
    return grad * torch.heaviside(x, torch.zeros((), dtype=x.dtype))


@right("relu_backward")
def by_a_matrix_of_slopes(x, grad):
    slopes = torch.diag((x.flatten() > 0).to(grad.dtype))
    return (slopes @ grad.flatten()).reshape(x.shape)


@right("count_dead")
def unit_by_unit(Z):
    dead = 0
    for k in range(Z.shape[1]):
        alive = False
        for n in range(Z.shape[0]):
            if Z[n, k] > 0:
                alive = True
        dead += not alive
    return dead


@right("count_dead")
def by_subtracting_the_living(Z):
    return Z.shape[1] - len(set((Z > 0).nonzero()[:, 1].tolist()))


@right("count_dead")
def by_autograd(Z):
    Z = Z.clone().requires_grad_()
    (slopes,) = torch.autograd.grad(torch.relu(Z).sum(), Z)
    return float((slopes.sum(0) == 0).sum())  # exact: slopes are 0 or 1


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
