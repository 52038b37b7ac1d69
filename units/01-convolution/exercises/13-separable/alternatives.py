"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("separate")
def by_the_largest_number(F):
    K, M, p, q = F.shape
    D, P = torch.zeros(M, p, q, dtype=F.dtype), torch.zeros(K, M, dtype=F.dtype)
    for m in range(M):
        k, place = divmod(int(F[:, m].abs().argmax()), p * q)
        u, v = divmod(place, q)
        if F[k, m, u, v] != 0:
            D[m] = F[k, m]
            P[:, m] = F[:, m, u, v] / F[k, m, u, v]
        if ((P[:, m, None, None] * D[m] - F[:, m]).abs() > 1e-6 * F[:, m].abs().max()).any():
            return None
    return D, P


@right("separate")
def by_cross_products(F):
    K, M, p, q = F.shape
    kernels, shares = [], []
    for m in range(M):
        A = F[:, m].reshape(K, p * q).double()
        size = A.abs().max()
        A = A / size if size > 0 else A
        minors = A[:, None, :, None] * A[None, :, None, :] - A[:, None, None, :] * A[None, :, :, None]
        if minors.abs().max() > 1e-6:
            return None
        row = A[A.abs().amax(1).argmax()]
        shares.append(A @ row / row.square().sum() if size > 0 else A[:, 0])
        kernels.append((row * size).reshape(p, q))
    return torch.stack(kernels), torch.stack(shares, 1)


@right("separate")
def by_least_squares(F):
    K, M, p, q = F.shape
    sheets = F.double().permute(1, 0, 2, 3).flatten(2)
    best = sheets.norm(dim=2).argmax(1)
    D = sheets[torch.arange(M), best]  # (M, p·q)
    P = (sheets @ D[:, :, None])[:, :, 0] / D.square().sum(1, keepdim=True).clamp(min=1e-300)
    rest = (P[:, :, None] * D[:, None] - sheets).abs().amax((1, 2))
    if (rest > 1e-6 * sheets.abs().amax((1, 2))).any():
        return None
    return [D.reshape(M, p, q), P.T]


@right("separate")
def by_the_rank(F):
    sheets = F.transpose(0, 1).flatten(2).double()
    if (torch.linalg.matrix_rank(sheets, rtol=1e-6) > 1).any():
        return None
    U, S, V = torch.linalg.svd(sheets)
    return (V[:, 0] * S[:, :1].sqrt()).reshape(F.shape[1:]), (U[:, :, 0] * S[:, :1].sqrt()).T


@right("separate")
def by_way_of_numpy(F):
    A = F.double().numpy().transpose(1, 0, 2, 3).reshape(F.shape[1], len(F), -1)
    U, S, V = np.linalg.svd(A, full_matrices=False)
    if S.shape[1] > 1 and (S[:, 1] > 1e-6 * S[:, 0]).any():
        return None
    return torch.from_numpy(V[:, 0].reshape(F.shape[1:]).copy()), torch.from_numpy(
        (U[:, :, 0] * S[:, :1]).T.copy()
    )
