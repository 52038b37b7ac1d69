"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("matrix_of")
def one_number_at_a_time(F, H, W):
    K, M, p, q = F.shape
    h, w = H - p + 1, W - q + 1
    A = F.new_zeros(K * h * w, M * H * W)
    for k in range(K):
        for i in range(h):
            for j in range(w):
                for m in range(M):
                    for u in range(p):
                        for v in range(q):
                            A[(k * h + i) * w + j, (m * H + i + u) * W + j + v] = F[k, m, u, v]
    return A


@right("matrix_of")
def from_the_images_of_single_ones(F, H, W):
    ones = torch.eye(F.shape[1] * H * W, dtype=F.dtype).reshape(-1, F.shape[1], H, W)
    windows = ones.unfold(2, F.shape[2], 1).unfold(3, F.shape[3], 1)
    return torch.einsum("nmijuv,kmuv->kijn", windows, F).flatten(0, 2)


@right("matrix_of")
def kronecker_products_of_shifts(F, H, W):
    K, M, p, q = F.shape

    def shifted(n, k, u):
        return torch.eye(n, dtype=F.dtype)[u : u + n - k + 1]

    return sum(
        torch.kron(torch.kron(F[:, :, u, v].contiguous(), shifted(H, p, u)), shifted(W, q, v))
        for u in range(p)
        for v in range(q)
    )


@right("matrix_of")
def moves_one_row(F, H, W):
    K, M, p, q = F.shape
    first = torch.nn.functional.pad(F, (0, W - q, 0, H - p)).reshape(K, M * H * W)
    starts = [i * W + j for i in range(H - p + 1) for j in range(W - q + 1)]
    return torch.stack([first.roll(n, 1) for n in starts], 1).flatten(0, 1)


@right("matrix_of")
def through_the_numbers_of_the_pixels(F, H, W):
    K, M, p, q = F.shape
    pixels = torch.arange(M * H * W, dtype=torch.float64).reshape(1, M, H, W)
    places = torch.nn.functional.unfold(pixels, (p, q))[0].T.long()  # (places, M·p·q)
    A = F.new_zeros(K, len(places), M * H * W)
    return A.scatter_(2, places.expand(K, -1, -1), F.reshape(K, 1, -1).expand(-1, len(places), -1)).flatten(
        0, 1
    )


@right("matrix_of")
def as_the_slope_of_the_output(F, H, W):
    def f(x):
        windows = x.reshape(-1, H, W).unfold(1, F.shape[2], 1).unfold(2, F.shape[3], 1)
        return torch.einsum("mijuv,kmuv->kij", windows, F).flatten()

    return torch.autograd.functional.jacobian(f, torch.zeros(F.shape[1] * H * W, dtype=F.dtype))


@right("matrix_of")
def by_way_of_numpy(F, H, W):
    f, (K, M, p, q) = F.numpy(), F.shape
    blocks = []
    for k in range(K):
        for i in range(H - p + 1):
            for j in range(W - q + 1):
                image = np.zeros((M, H, W), f.dtype)
                image[:, i : i + p, j : j + q] = f[k]
                blocks.append(image.ravel())
    return torch.from_numpy(np.array(blocks))
