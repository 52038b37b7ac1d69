"""Right answers that go other ways."""

import itertools

import numpy as np
import torch

from nonconv.authoring import right


@right("heads_of")
def all_at_once(F):
    p, q = F.shape[2:]
    delta = torch.cartesian_prod(torch.arange(p) - p // 2, torch.arange(q) - q // 2).double()
    return 50 * torch.cat([-torch.ones(p * q, 1).double(), 2 * delta], 1), F.flatten(2).permute(2, 1, 0)


@right("heads_of")
def in_another_order(F):
    K, M, p, q = F.shape
    taps = [(u, v) for v in reversed(range(q)) for u in range(p)]
    w = [(-25.0, 50.0 * (u - p // 2), 50.0 * (v - q // 2)) for u, v in taps]
    return torch.tensor(w).double(), torch.stack([F[:, :, u, v].T for u, v in taps])


@right("heads_of")
def with_another_strength_for_each(F):
    K, M, p, q = F.shape
    w, V = torch.zeros(p * q, 3, dtype=F.dtype), torch.zeros(p * q, M, K, dtype=F.dtype)
    for h, (u, v) in enumerate(itertools.product(range(p), range(q))):
        strength = 30.0 + h
        w[h] = -strength * torch.tensor([1.0, -2 * (u - p // 2), -2 * (v - q // 2)])
        V[h] = F[:, :, u, v].mT
    return w, V


@right("heads_of")
def by_way_of_numpy(F):
    kernel = F.numpy()
    K, M, p, q = kernel.shape
    rows, columns = np.indices((p, q)).reshape(2, -1)
    w = np.stack([np.full(p * q, -64.0), 128.0 * (rows - p // 2), 128.0 * (columns - q // 2)], 1)
    return torch.from_numpy(w), torch.from_numpy(kernel.transpose(2, 3, 1, 0).reshape(p * q, M, K).copy())


@right("heads_of")
def from_the_middle_of_two_neighbours(F):
    """The slopes of the bell at the two places beside its top give the linear part."""
    K, M, p, q = F.shape

    def bell(t, centre):
        return -36.0 * (t - centre) ** 2

    w = [
        [
            -36.0,
            bell(1, u - p // 2) + 36 - bell(0, u - p // 2),
            bell(1, v - q // 2) + 36 - bell(0, v - q // 2),
        ]
        for u in range(p)
        for v in range(q)
    ]
    return torch.tensor(w, dtype=torch.float64), torch.einsum("kmuv->uvmk", F).flatten(0, 1)


@right("heads_of")
def two_heads_share_what_a_tap_gives_elsewhere(F):
    """In float32, which is enough."""
    K, M, p, q = F.shape
    offsets = torch.stack(torch.meshgrid(torch.arange(p), torch.arange(q), indexing="ij"), -1).reshape(-1, 2)
    offsets = (offsets - torch.tensor([p // 2, q // 2])).float()
    return torch.cat([-torch.ones(len(offsets), 1), 2 * offsets], 1) * 32, F.float().flatten(2).permute(
        2, 1, 0
    )
