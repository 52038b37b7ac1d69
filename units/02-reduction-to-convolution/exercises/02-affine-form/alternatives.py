"""Right answers that go other ways."""

import math

import numpy as np
import torch

from nonconv.authoring import right


@right("batch_norm_for")
def map_by_map(G, g, mu, var, eps):
    gamma, beta = [], []
    for k in range(len(G)):
        gamma.append(G[k].item() * math.sqrt(var[k].item() + eps))
        beta.append(g[k].item() + mu[k].item() * G[k].item())
    return torch.tensor(gamma), torch.tensor(beta)


@right("batch_norm_for")
def with_a_reciprocal_root_in_double(G, g, mu, var, eps):
    scale = (var.double() + eps).rsqrt()
    return (G / scale).to(G.dtype), (g + G * mu).to(G.dtype)


@right("batch_norm_for")
def from_the_value_at_the_mean(G, g, mu, var, eps):
    def wanted(Y):
        return G * Y + g

    root = (var + eps) ** 0.5
    return wanted(mu + root) - wanted(mu), wanted(mu)


@right("batch_norm_for")
def with_numpy(G, g, mu, var, eps):
    gamma = G.numpy() * np.sqrt(var.numpy() + eps)
    return torch.from_numpy(gamma), torch.from_numpy(g.numpy() + G.numpy() * mu.numpy())


@right("batch_norm_for")
def by_solving_two_equations(G, g, mu, var, eps):
    Y = torch.stack([mu - 1, mu + 2], 1)  # (K, 2)
    rows = torch.stack([(Y - mu[:, None]) / torch.sqrt(var + eps)[:, None], torch.ones_like(Y)], 2)
    gamma, beta = torch.linalg.solve(rows, G[:, None] * Y + g[:, None]).T
    return gamma, beta


@right("batch_norm_for")
def with_diagonal_matrices(G, g, mu, var, eps):
    scale = torch.diag(G)
    return torch.diagonal(scale @ torch.diag(torch.sqrt(var + eps))), g + scale @ mu


@right("batch_norm_for")
def through_gamma(G, g, mu, var, eps):
    root = torch.sqrt(var + eps)
    gamma = root * G
    return gamma, torch.addcdiv(g, gamma * mu, root)
