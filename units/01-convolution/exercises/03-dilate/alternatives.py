"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("dilate")
def tap_by_tap(F, d):
    K, M, p, q = F.shape
    wide = F.new_zeros(K, M, (p - 1) * d[0] + 1, (q - 1) * d[1] + 1)
    for u in range(p):
        for v in range(q):
            wide[:, :, u * d[0], v * d[1]] = F[:, :, u, v]
    return wide


@right("dilate")
def by_two_matrices(F, d):
    def spread(n, gap):
        return torch.eye((n - 1) * gap + 1, dtype=F.dtype)[:, ::gap]

    return spread(F.shape[2], d[0]) @ F @ spread(F.shape[3], d[1]).T


@right("dilate")
def by_kronecker_and_a_cut(F, d):
    one = torch.zeros(1, 1, *d, dtype=F.dtype)
    one[..., 0, 0] = 1
    wide = torch.kron(F, one)
    return wide[..., : wide.shape[2] - d[0] + 1, : wide.shape[3] - d[1] + 1]


@right("dilate")
def by_way_of_numpy(F, d):
    p, q = F.shape[2:]
    wide = np.insert(F.numpy(), np.repeat(np.arange(1, p), d[0] - 1), 0, axis=2)
    return torch.from_numpy(np.insert(wide, np.repeat(np.arange(1, q), d[1] - 1), 0, axis=3))


@right("dilate")
def pads_each_tap_and_reshapes(F, d):
    K, M, p, q = F.shape
    wide = torch.nn.functional.pad(F[:, :, :, None, :, None], (0, d[1] - 1, 0, 0, 0, d[0] - 1))
    return wide.reshape(K, M, p * d[0], q * d[1])[:, :, : (p - 1) * d[0] + 1, : (q - 1) * d[1] + 1]


@right("dilate")
def through_the_windows_of_fold(F, d):
    K, M, p, q = F.shape
    flat = F.reshape(K * M, p * q)
    places = [u * d[0] * ((q - 1) * d[1] + 1) + v * d[1] for u in range(p) for v in range(q)]
    wide = flat.new_zeros(K * M, ((p - 1) * d[0] + 1) * ((q - 1) * d[1] + 1))
    return wide.index_copy(1, torch.tensor(places), flat).reshape(K, M, (p - 1) * d[0] + 1, -1)
