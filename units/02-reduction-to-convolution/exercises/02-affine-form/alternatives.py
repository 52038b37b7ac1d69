"""Right answers that go other ways."""

import math

import numpy as np
import torch

from nonconv.authoring import right


@right("affine_form")
def map_by_map(gamma, beta, mu, var, eps):
    G, g = [], []
    for k in range(len(gamma)):
        G.append(gamma[k].item() / math.sqrt(var[k].item() + eps))
        g.append(beta[k].item() - mu[k].item() * G[k])
    return torch.tensor(G), torch.tensor(g)


@right("affine_form")
def with_a_reciprocal_root_in_double(gamma, beta, mu, var, eps):
    scale = (var.double() + eps).rsqrt()
    return (gamma * scale).to(gamma.dtype), (beta - gamma * mu * scale).to(gamma.dtype)


@right("affine_form")
def from_the_values_at_0_and_1(gamma, beta, mu, var, eps):
    def batch_norm(Y):
        return (Y - mu) / (var + eps) ** 0.5 * gamma + beta

    g = batch_norm(torch.zeros_like(mu))
    return batch_norm(torch.ones_like(mu)) - g, g


@right("affine_form")
def with_numpy(gamma, beta, mu, var, eps):
    G = gamma.numpy() / np.sqrt(var.numpy() + eps)
    return torch.from_numpy(G), torch.from_numpy(beta.numpy() - G * mu.numpy())


@right("affine_form")
def by_the_slope(gamma, beta, mu, var, eps):
    Y = torch.zeros_like(mu, requires_grad=True)
    Z = gamma * (Y - mu) / torch.sqrt(var + eps) + beta
    (G,) = torch.autograd.grad(Z.sum(), Y)
    return G, Z.detach()


@right("affine_form")
def as_the_line_through_two_points(gamma, beta, mu, var, eps):
    Y = torch.stack([mu - 1, mu + 2], 1)  # (K, 2)
    Z = gamma[:, None] * (Y - mu[:, None]) / torch.sqrt(var + eps)[:, None] + beta[:, None]
    G, g = torch.linalg.solve(torch.stack([Y, torch.ones_like(Y)], 2), Z).T
    return G, g


@right("affine_form")
def with_diagonal_matrices(gamma, beta, mu, var, eps):
    scale = torch.diag(gamma) @ torch.linalg.inv(torch.diag(torch.sqrt(var + eps)))
    return torch.diagonal(scale), beta - scale @ mu
