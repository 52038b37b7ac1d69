"""Right answers that go other ways."""

import numpy as np
import torch
from scipy import linalg

from nonconv.authoring import right


@right("separate")
def by_the_largest_entry(F):
    i, j = divmod(int(F.abs().argmax()), F.shape[1])
    if F[i, j] == 0:
        return F[:, 0], F[0]
    column, row = F[:, j] / F[i, j], F[i]
    return (column, row) if torch.allclose(torch.outer(column, row), F) else None


@right("separate")
def by_singular_values(F):
    U, S, V = torch.linalg.svd(F)
    if len(S) > 1 and S[1] > 1e-9 * max(S[0], 1):
        return None
    return U[:, 0] * S[0].sqrt(), V[0] * S[0].sqrt()


@right("separate")
def row_after_row_in_lists(F):
    rows = F.tolist()
    first = max(rows, key=lambda row: max(map(abs, row)))
    j = max(range(len(first)), key=lambda j: abs(first[j]))
    column = [row[j] / first[j] if first[j] else 0.0 for row in rows]
    for c, row in zip(column, rows, strict=True):
        if any(abs(number - c * one) > 1e-9 for number, one in zip(row, first, strict=True)):
            return None
    return torch.tensor(column), torch.tensor(first)


@right("separate")
def by_all_minors(F):
    minors = torch.einsum("iu,jv->ijuv", F, F) - torch.einsum("iv,ju->ijuv", F, F)
    if minors.abs().max() > 1e-9:
        return None
    row = F[int(F.abs().sum(1).argmax())]
    square = row @ row
    return F @ row / (square if square > 0 else 1), row


@right("separate")
def by_powers(F):
    v = torch.linspace(1, 2, F.shape[1], dtype=F.dtype)
    for _ in range(200):
        v = F.T @ (F @ v)
        v = v / v.norm() if v.any() else v
    u = F @ v
    return [u, v] if (torch.outer(u, v) - F).abs().max() < 1e-9 else None


@right("separate")
def with_scipy(F):
    if np.linalg.matrix_rank(F.numpy()) > 1:
        return None
    U, S, V = linalg.svd(F.numpy())
    return torch.tensor(U[:, 0]), torch.tensor(S[0] * V[0])
