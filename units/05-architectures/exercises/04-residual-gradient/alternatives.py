"""Right answers for residual_backward in other costumes."""

import numpy
import torch

from nonconv import layers
from nonconv.authoring import right


@right("residual_backward")
def with_the_jacobian(x, W1, W2, g):
    gate = torch.diag((W1 @ x > 0).to(x.dtype))
    J = W2 @ gate @ W1
    return (J + torch.eye(len(x), dtype=x.dtype)).T @ g, J.T @ g


@right("residual_backward")
def unit_by_unit(x, W1, W2, g):
    through = torch.zeros_like(g)
    for unit in range(len(W1)):
        if (W1[unit] @ x).item() > 0:
            through = through + W1[unit] * (W2[:, unit] @ g)
    return g + through, through


@right("residual_backward")
def by_einsum(x, W1, W2, g):
    slope = (torch.einsum("hn,n->h", W1, x) > 0).to(g.dtype)
    through = torch.einsum("hn,h,kh,k->n", W1, slope, W2, g)
    return through + g, through


@right("residual_backward")
def with_the_rows_of_open_units(x, W1, W2, g):
    opened = torch.nonzero(W1 @ x > 0).flatten()
    through = W1[opened].T @ (W2[:, opened].T @ g)
    return torch.stack([through + g, through])


@right("residual_backward")
def by_numpy(x, W1, W2, g):
    x, W1, W2, g = (value.numpy() for value in (x, W1, W2, g))
    through = W1.T @ (numpy.heaviside(W1 @ x, 0) * (W2.T @ g))
    return torch.from_numpy(through + g), torch.from_numpy(through)


@right("residual_backward")
def from_the_left_with_the_sign_of_relu(x, W1, W2, g):
    slope = layers.relu(W1 @ x).sign()
    through = (g @ W2 * slope) @ W1
    return [g + through, through]


@right("residual_backward")
def number_by_number(x, W1, W2, g):
    n, h = len(x), len(W1)
    through = torch.zeros(n, dtype=x.dtype)
    for k in range(h):
        if sum(W1[k, i].item() * x[i].item() for i in range(n)) > 0:
            for j in range(n):
                through[j] += W1[k, j] * sum(W2[i, k] * g[i] for i in range(n))
    return through + g, through


@right("residual_backward")
def with_the_backward_of_relu_alone(x, W1, W2, g):
    through = W1.T @ torch.ops.aten.threshold_backward(W2.T @ g, W1 @ x, 0)
    return through + g, through


@right("residual_backward")
def with_gates_and_masked_fill(x, W1, W2, g):
    closed = torch.logical_not(torch.gt(torch.mv(W1, x), 0))
    through = torch.mv(W1.t(), torch.mv(W2.t(), g).masked_fill(closed, 0))
    return torch.add(through, g), through
