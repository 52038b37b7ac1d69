"""Right answers that go other ways."""

import torch

from nonconv.authoring import right


@right("ungroup")
def block_by_block(F, g):
    K, few, p, q = F.shape
    full = F.new_zeros(K, few * g, p, q)
    for n, block in enumerate(F.chunk(g)):
        full[n * K // g : (n + 1) * K // g, n * few : (n + 1) * few] = block
    return full


@right("ungroup")
def by_einsum(F, g):
    K, few, p, q = F.shape
    blocks = F.reshape(g, K // g, few, p, q)
    full = torch.einsum("nkmuv,nh->nkhmuv", blocks, torch.eye(g, dtype=F.dtype))
    return full.reshape(K, g * few, p, q)


@right("ungroup")
def repeats_and_masks(F, g):
    K, few = F.shape[:2]
    out, into = torch.arange(K) // (K // g), torch.arange(few * g) // few
    return torch.where((out[:, None] == into)[:, :, None, None], F.repeat(1, g, 1, 1), 0)


@right("ungroup")
def tap_by_tap_with_blocks_on_the_diagonal(F, g):
    taps = [torch.block_diag(*F[:, :, u, v].chunk(g)) for u in range(F.shape[2]) for v in range(F.shape[3])]
    return torch.stack(taps, 2).reshape(len(F), -1, *F.shape[2:])


@right("ungroup")
def number_by_number(F, g):
    K, few, p, q = F.shape
    numbers = [
        [F[k, m - n * few].tolist() if 0 <= m - n * few < few else [[0.0] * q] * p for m in range(g * few)]
        for k in range(K)
        for n in [k * g // K]
    ]
    return torch.tensor(numbers, dtype=F.dtype)


@right("ungroup")
def pads_each_kernel(F, g):
    K, few = F.shape[:2]
    places = [k // (K // g) * few for k in range(K)]
    padded = [
        torch.nn.functional.pad(one, (0, 0, 0, 0, n, few * (g - 1) - n))
        for one, n in zip(F, places, strict=True)
    ]
    return torch.stack(padded)
