"""Right answers in other costumes."""

from fractions import Fraction

import numpy
import sympy
import torch

from nonconv import layers
from nonconv.authoring import right


@right("gradient_norms")
def with_autograd(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ layers.relu(values[-1]) + (values[-1] if skip else 0))
    return torch.stack([torch.linalg.vector_norm(one) for one in torch.autograd.grad(values[-1], values, g)])


@right("gradient_norms")
def with_jacobians(W, x, g, skip):
    same = torch.eye(len(x), dtype=x.dtype) * skip
    jacobians = []
    for W_l in W:
        jacobians.append(W_l * (x > 0) + same)
        x = W_l @ x.relu() + (x if skip else 0)
    norms = [g.norm()]
    for J in jacobians[::-1]:
        g = J.T @ g
        norms.insert(0, g.norm())
    return torch.tensor(norms, dtype=x.dtype)


@right("growth")
def over_a_common_denominator(c):
    return 0.5 * c, (c + 2) / 2


@right("growth")
def from_the_terms(c):
    own, skipped, mixed = c / 2, 1, 0
    return own, own + mixed + skipped


@right("gradient_norms")
def with_kept_gradients(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        after = W_l @ values[-1].relu()
        values.append(after + values[-1] if skip else after)
        values[-1].retain_grad()
    values[-1].backward(g)
    return torch.stack([(value.grad**2).sum().sqrt() for value in values])


@right("gradient_norms")
def block_by_block_with_vjp(W, x, g, skip):
    backs = []
    for W_l in W:
        x, back = torch.func.vjp(lambda value, W_l=W_l: W_l @ value.relu() + skip * value, x)
        backs.append(back)
    gradients = [g]
    for back in reversed(backs):
        gradients.append(*back(gradients[-1]))
    return torch.stack(gradients[::-1]).norm(dim=1)


@right("gradient_norms")
def by_recursion(W, x, g, skip):
    def gradients(l, x):
        if l == len(W):
            return [g]
        above = gradients(l + 1, W[l] @ x.clamp(min=0) + int(skip) * x)
        return [(W[l] * (x > 0)).T @ above[0] + int(skip) * above[0], *above]

    return torch.linalg.norm(torch.stack(gradients(0, x)), dim=1)


@right("gradient_norms")
def with_another_slope_at_zero(W, x, g, skip):
    values = [x.clone().requires_grad_()]
    for W_l in W:
        values.append(W_l @ torch.maximum(values[-1], torch.zeros_like(x)) + (values[-1] if skip else 0))
    return torch.stack([one.norm() for one in torch.autograd.grad(values[-1], values, g)])


@right("gradient_norms")
def by_numpy(W, x, g, skip):
    W, x, g = W.numpy(), x.numpy(), g.numpy()
    gates = []
    for W_l in W:
        gates.append(x > 0)
        x = W_l @ numpy.maximum(x, 0) + (x if skip else 0)
    norms = [numpy.linalg.norm(g)]
    for W_l, gate in zip(W[::-1], gates[::-1], strict=True):
        g = gate * (W_l.T @ g) + (g if skip else 0)
        norms.append(numpy.linalg.norm(g))
    return torch.from_numpy(numpy.array(norms[::-1]))


@right("growth")
def as_fractions_of_python(c):
    return [Fraction(1, 2) * c, 1 + Fraction(1, 2) * c]


@right("growth")
def as_an_array_of_formulas(c):
    return numpy.array([c, 2 + c]) / 2


@right("growth")
def from_the_variances(c):
    n, square = sympy.symbols("n g2", positive=True)
    component = c / n * square  # the variance of one component of W^T g
    through = n * component / 2
    return sympy.simplify(through / square), sympy.simplify((through + square) / square)


@right("growth")
def as_a_product_with_c(c):
    return c * 2**-1, c * 2**-1 + 1.0
