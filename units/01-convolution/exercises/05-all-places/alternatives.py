"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("convolve_all")
def all_windows_at_once(X, F):
    windows = X.unfold(1, F.shape[2], 1).unfold(2, F.shape[3], 1)
    return torch.einsum("mijuv,kmuv->kij", windows, F)


@right("convolve_all")
def one_matrix_product(X, F):
    K, _, p, q = F.shape
    columns = torch.nn.functional.unfold(X[None], (p, q))[0]  # (M·p·q, places)
    return (F.reshape(K, -1) @ columns).reshape(K, X.shape[1] - p + 1, X.shape[2] - q + 1)


@right("convolve_all")
def number_by_number_of_the_kernel(X, F):
    K, M, p, q = F.shape
    H, W = X.shape[1] - p + 1, X.shape[2] - q + 1
    Y = X.new_zeros(K, H, W)
    for m in range(M):
        for u in range(p):
            for v in range(q):
                Y = Y + F[:, m, u, v, None, None] * X[m, u : u + H, v : v + W]
    return Y


@right("convolve_all")
def by_way_of_numpy(X, F):
    windows = np.lib.stride_tricks.sliding_window_view(X.numpy(), F.shape[2:], (1, 2))
    return torch.from_numpy(np.tensordot(F.numpy(), windows, ((1, 2, 3), (0, 3, 4))))


@right("convolve_all")
def by_fourier(X, F):
    size = X.shape[1:]
    spectrum = torch.fft.rfft2(X.double())[None] * torch.fft.rfft2(F.double(), s=size).conj()
    Y = torch.fft.irfft2(spectrum.sum(1), s=size)[:, : size[0] - F.shape[2] + 1, : size[1] - F.shape[3] + 1]
    return Y.round(decimals=2).to(X.dtype)  # the products of tenths


@right("convolve_all")
def one_row_of_the_kernel_at_a_time(X, F):
    p, q = F.shape[2:]
    H = X.shape[1] - p + 1
    rows = X.unfold(2, q, 1)  # (M, H, W', q)
    return sum(torch.tensordot(F[:, :, u], rows[:, u : u + H], ([1, 2], [0, 3])) for u in range(p))


@right("convolve_all")
def a_number_of_the_kernel_at_a_time(X, F):
    K, M, p, q = F.shape
    H, W = X.shape[1] - p + 1, X.shape[2] - q + 1
    Y = torch.zeros(K, H, W, dtype=X.dtype)
    for k in range(K):
        for m in range(M):
            for u in range(p):
                for v in range(q):
                    moved = X[m, u : u + H, v : v + W]
                    weight = F[k, m, u, v]
                    Y[k] = Y[k] + weight * moved
    return Y


@right("convolve_all")
def by_fourier_in_the_own_dtype(X, F):
    """In float32 the last digit is off: such an answer is right."""
    size = X.shape[1:]
    spectrum = torch.fft.fft2(X) * torch.fft.fft2(F, s=size).conj()
    return torch.fft.ifft2(spectrum.sum(1)).real[:, : size[0] - F.shape[2] + 1, : size[1] - F.shape[3] + 1]
