"""Right answers that go other ways."""

import numpy as np
import torch
import torch.nn.functional as nn

from nonconv.authoring import right


@right("as_ordinary")
def number_by_number(Y, F, size, s, P):
    K, M, p, q = F.shape
    Z, O = Y.new_zeros(K, size[0] + p - 1, size[1] + q - 1), Y.new_zeros(M, K, p, q)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[2]):
            Z[:, p - 1 - P + i * s, q - 1 - P + j * s] = Y[:, i, j]
    for u in range(p):
        for v in range(q):
            O[:, :, p - 1 - u, q - 1 - v] = F[:, :, u, v].T
    return Z, O


@right("as_ordinary")
def spreads_then_frames(Y, F, size, s, P):
    K, _, p, q = F.shape
    rows, columns = Y.shape[1:]
    spread = nn.pad(Y[:, :, None, :, None], (0, s - 1, 0, 0, 0, s - 1)).reshape(K, rows * s, columns * s)
    spread = spread[:, : rows * s - s + 1, : columns * s - s + 1]
    a, b = p - 1 - P, q - 1 - P
    Z = nn.pad(spread, (b, size[1] + q - 1 - b - spread.shape[2], a, size[0] + p - 1 - a - spread.shape[1]))
    return [Z, F.transpose(0, 1).flip(-1, -2)]


@right("as_ordinary")
def by_matrices_of_zeros_and_ones(Y, F, size, s, P):
    def spread(n, length, first):
        E = torch.zeros(length, n, dtype=Y.dtype)
        E[first + s * torch.arange(n), torch.arange(n)] = 1
        return E

    p, q = F.shape[2:]
    down = spread(Y.shape[1], size[0] + p - 1, p - 1 - P)
    across = spread(Y.shape[2], size[1] + q - 1, q - 1 - P)
    return down @ Y @ across.T, torch.rot90(F, 2, (2, 3)).transpose(0, 1)


@right("as_ordinary")
def by_way_of_numpy(Y, F, size, s, P):
    y, f = Y.numpy(), F.numpy()
    Z = np.zeros((len(y), size[0] + f.shape[2] - 1, size[1] + f.shape[3] - 1), y.dtype)
    rows = f.shape[2] - 1 - P + s * np.arange(y.shape[1])
    columns = f.shape[3] - 1 - P + s * np.arange(y.shape[2])
    Z[:, rows[:, None], columns] = y
    return torch.from_numpy(Z), torch.from_numpy(f[:, :, ::-1, ::-1].swapaxes(0, 1).copy())


@right("as_ordinary")
def counts_from_the_lower_end(Y, F, size, s, P):
    K, _, p, q = F.shape
    Z = torch.zeros(K, size[0] + p - 1, size[1] + q - 1, dtype=Y.dtype)
    for i in range(Z.shape[1]):
        for j in range(Z.shape[2]):
            a, b = i - (p - 1 - P), j - (q - 1 - P)
            if a % s == 0 and b % s == 0 and 0 <= a // s < Y.shape[1] and 0 <= b // s < Y.shape[2]:
                Z[:, i, j] = Y[:, a // s, b // s]
    return Z, torch.einsum("kmuv->mkuv", F).flip(3).flip(2)
