"""Right answers that go other ways."""

import numpy as np
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("look")
def word_by_word(states, a, W, U, v):
    from_map = torch.einsum("ec,chw->hwe", U, a)
    z, alphas = [], []
    for s in states:
        e = torch.tanh(from_map + W @ s) @ v
        alpha = torch.softmax(e.flatten(), 0).reshape(e.shape)
        alphas.append(alpha)
        z.append((alpha * a).sum((1, 2)))
    alpha = torch.stack(alphas)
    T, L = len(states), alpha[0].numel()
    return torch.stack(z), alpha, ((1 - alpha.sum(0)) ** 2).sum() - L * (1 - T / L) ** 2


@right("look")
def with_a_1x1_convolution(states, a, W, U, v):
    keys = F.conv2d(a[None], U[:, :, None, None])  # (1, E, H, W)
    e = torch.einsum("tehw,e->thw", torch.tanh(keys + (states @ W.T)[:, :, None, None]), v)
    alpha = e.flatten(1).softmax(1).view_as(e)
    z = torch.einsum("thw,chw->tc", alpha, a)
    return z, alpha, (alpha.sum(0) - alpha.sum(0).mean()).square().sum()


@right("look")
def by_squares_about_the_mean(states, a, W, U, v):
    cells = a.flatten(1).mT
    alpha = F.softmax(
        F.linear(torch.tanh(F.linear(states, W).unsqueeze(1) + F.linear(cells, U)), v[None])[..., 0], 1
    )
    total = alpha.sum(0)
    return alpha.matmul(cells), alpha.unflatten(1, tuple(a.shape[1:])), total.var(correction=0) * len(total)


@right("look")
def by_way_of_numpy(states, a, W, U, v):
    s, m, W, U, v = (one.numpy() for one in (states, a, W, U, v))
    cells = m.reshape(len(m), -1).T
    e = np.tanh((s @ W.T)[:, None] + cells @ U.T) @ v
    powers = np.exp(e - e.max(1, keepdims=True))
    alpha = powers / powers.sum(1, keepdims=True)
    penalty = ((alpha.sum(0) - len(s) / len(cells)) ** 2).sum()
    shape = (len(s), *a.shape[1:])
    return torch.from_numpy(alpha @ cells), torch.from_numpy(alpha.reshape(shape)), torch.tensor(penalty)


@right("look")
def cell_by_cell(states, a, W, U, v):
    T, (C, H, width) = len(states), a.shape
    e = torch.empty(T, H, width, dtype=a.dtype)
    for i in range(H):
        for j in range(width):
            e[:, i, j] = torch.tanh(states @ W.T + U @ a[:, i, j]) @ v
    powers = (e - e.amax((1, 2), keepdim=True)).exp()
    alpha = powers / powers.sum((1, 2), keepdim=True)
    z = torch.tensordot(alpha, a, dims=([1, 2], [1, 2]))
    L = H * width
    return z, alpha, (1 - alpha.sum(0)).pow(2).sum() - (L - T) ** 2 / L
