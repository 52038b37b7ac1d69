"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("convolve")
def six_loops_of_numbers(X, F, b, s):
    (M, H, W), (K, _, p, q) = X.shape, F.shape
    x, f = X.tolist(), F.tolist()
    Y = [[[float(b[k]) + sum(x[m][i + u][j + v] * f[k][m][u][v] for m in range(M) for u in range(p) for v in range(q))
           for j in range(0, W - q + 1, s)] for i in range(0, H - p + 1, s)] for k in range(K)]  # fmt: skip
    return torch.tensor(Y, dtype=X.dtype)


@right("convolve")
def all_windows_at_once(X, F, b, s):
    windows = X.unfold(1, F.shape[2], s).unfold(2, F.shape[3], s)
    return torch.einsum("mijuv,kmuv->kij", windows, F) + b[:, None, None]


@right("convolve")
def one_tap_after_the_other(X, F, b, s):
    K, M, p, q = F.shape
    rows, columns = (X.shape[1] - p) // s + 1, (X.shape[2] - q) // s + 1
    Y = b[:, None, None].expand(K, rows, columns).clone()
    for u in range(p):
        for v in range(q):
            seen = X[:, u : u + s * (rows - 1) + 1 : s, v : v + s * (columns - 1) + 1 : s]
            Y += torch.tensordot(F[:, :, u, v], seen, 1)
    return Y


@right("convolve")
def by_way_of_numpy(X, F, b, s):
    windows = np.lib.stride_tricks.sliding_window_view(X.numpy(), F.shape[2:], (1, 2))[:, ::s, ::s]
    return torch.from_numpy(
        np.tensordot(F.numpy(), windows, ((1, 2, 3), (0, 3, 4))) + b.numpy()[:, None, None]
    )


@right("convolve")
def with_stride_one_and_then_some(X, F, b, s):
    K, _, p, q = F.shape
    H, W = X.shape[1] - p + 1, X.shape[2] - q + 1
    columns = torch.nn.functional.unfold(X[None], (p, q))[0]
    return (F.reshape(K, -1) @ columns + b[:, None]).reshape(K, H, W)[:, ::s, ::s]


@right("convolve")
def by_fourier(X, F, b, s):
    size = X.shape[1:]
    spectrum = torch.fft.rfft2(X.double())[None] * torch.fft.rfft2(F.double(), s=size).conj()
    Y = torch.fft.irfft2(spectrum.sum(1), s=size)[
        :, : size[0] - F.shape[2] + 1 : s, : size[1] - F.shape[3] + 1 : s
    ]
    return (Y.round(decimals=2) + b.double()[:, None, None]).to(X.dtype)  # the products of tenths
