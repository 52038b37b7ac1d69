"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("kernel_gradient")
def all_windows_at_once(X, G, p, q, s):
    windows = X.unfold(1, p, s).unfold(2, q, s)
    return torch.einsum("mijuv,kij->kmuv", windows, G), torch.einsum("kij->k", G)


@right("kernel_gradient")
def window_by_window(X, G, p, q, s):
    dF, db = X.new_zeros(len(G), len(X), p, q), X.new_zeros(len(G))
    for i in range(G.shape[1]):
        for j in range(G.shape[2]):
            window = X[:, i * s : i * s + p, j * s : j * s + q]
            dF += G[:, i, j, None, None, None] * window
            db += G[:, i, j]
    return dF, db


@right("kernel_gradient")
def one_matrix_product(X, G, p, q, s):
    K, rows, columns = G.shape
    used = X[:, : s * (rows - 1) + p, : s * (columns - 1) + q]
    seen = torch.nn.functional.unfold(used[None], (p, q), stride=s)[0]  # (M·p·q, places)
    return (G.flatten(1) @ seen.T).reshape(K, len(X), p, q), G.flatten(1).sum(1)


@right("kernel_gradient")
def by_way_of_numpy(X, G, p, q, s):
    windows = np.lib.stride_tricks.sliding_window_view(X.numpy(), (p, q), (1, 2))[:, ::s, ::s]
    dF = np.tensordot(G.numpy(), windows, ((1, 2), (1, 2)))
    return torch.from_numpy(dF), torch.from_numpy(G.numpy().sum((1, 2)))


@right("kernel_gradient")
def slides_the_dilated_gradient(X, G, p, q, s):
    K, rows, columns = G.shape
    wide = X.new_zeros(K, s * (rows - 1) + 1, s * (columns - 1) + 1)
    wide[:, ::s, ::s] = G
    taps = [
        torch.tensordot(wide, X[:, u : u + wide.shape[1], v : v + wide.shape[2]], ([1, 2], [1, 2]))
        for u in range(p)
        for v in range(q)
    ]
    return [torch.stack(taps, 2).reshape(K, len(X), p, q), G.sum(2).sum(1)]
