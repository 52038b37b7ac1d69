"""Right answers that go other ways."""

import collections
import itertools

import numpy as np
import torch
from scipy import signal

from nonconv.authoring import right


@right("compose")
def index_by_index(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O, o = F.new_zeros(L, M, p + r - 1, q + s - 1), g.clone()
    for u in range(p):
        for v in range(q):
            for w in range(r):
                for z in range(s):
                    O[:, :, u + w, v + z] += G[:, :, w, z] @ F[:, :, u, v]
    for w in range(r):
        for z in range(s):
            o += G[:, :, w, z] @ b
    return O, o


@right("compose")
def as_a_product_of_spectra(F, b, G, g):
    size = F.shape[2] + G.shape[2] - 1, F.shape[3] + G.shape[3] - 1
    spectrum = torch.einsum("lkyx,kmyx->lmyx", torch.fft.rfft2(G, size), torch.fft.rfft2(F, size))
    return torch.fft.irfft2(spectrum, size), G.sum((2, 3)) @ b + g


@right("compose")
def convolves_with_the_flipped_kernels(F, b, G, g):
    border = G.shape[2] - 1, G.shape[3] - 1
    O = torch.nn.functional.conv2d(F.transpose(0, 1), G.flip(2, 3), padding=border)
    return O.transpose(0, 1), torch.einsum("lkwz,k->l", G, b) + g


@right("compose")
def asks_both_layers_at_impulses(F, b, G, g):
    def both(x):
        return torch.conv2d(torch.conv2d(x, F, b), G, g)[:, :, 0, 0]

    size = F.shape[1], F.shape[2] + G.shape[2] - 1, F.shape[3] + G.shape[3] - 1
    n = size[0] * size[1] * size[2]
    (o,) = both(torch.zeros(1, *size, dtype=F.dtype))
    impulses = torch.eye(n, dtype=F.dtype).reshape(n, *size)
    return (both(impulses) - o).T.reshape(-1, *size), o


@right("compose")
def with_scipy(F, b, G, g):
    pairs = [[[signal.convolve2d(F[k, m], G[l, k]) for k in range(len(F))] for m in range(F.shape[1])]
             for l in range(len(G))]  # fmt: skip
    return torch.from_numpy(np.array(pairs).sum(2)), (G * b[:, None, None]).sum((1, 2, 3)) + g


@right("compose")
def as_polynomials(F, b, G, g):
    def polynomial(kernel):
        return {(u, v): number for u, row in enumerate(kernel) for v, number in enumerate(row)}

    rows, columns = F.shape[2] + G.shape[2] - 1, F.shape[3] + G.shape[3] - 1
    O = torch.zeros(len(G), F.shape[1], rows, columns)
    for l, second in enumerate(G.tolist()):
        for m, first in enumerate(F.transpose(0, 1).tolist()):
            product = collections.defaultdict(float)
            for f, h in zip(map(polynomial, first), map(polynomial, second), strict=True):
                for ((u, v), one), ((w, z), other) in itertools.product(f.items(), h.items()):
                    product[u + w, v + z] += one * other
            for place, number in product.items():
                O[(l, m, *place)] = number
    return O, G.flatten(2).sum(-1) @ b + g


@right("compose")
def slides_a_window_over_the_first_kernel(F, b, G, g):
    r, s = G.shape[2:]
    wide = torch.nn.functional.pad(F, (s - 1, s - 1, r - 1, r - 1))
    windows = wide.unfold(2, r, 1).unfold(3, s, 1).flip(4, 5)
    return torch.einsum("kmtxwz,lkwz->lmtx", windows, G), torch.tensordot(
        G, b[:, None, None].expand(-1, r, s), 3
    ) + g


@right("compose")
def one_number_at_a_time(F, b, G, g):
    K, M, p, q = F.shape
    L, K, r, s = G.shape
    O, o = torch.zeros(L, M, p + r - 1, q + s - 1), torch.zeros(L)
    f, h = F.tolist(), G.tolist()
    for l, k, w, z in itertools.product(range(L), range(K), range(r), range(s)):
        o[l] += b[k] * h[l][k][w][z]
        for m, u, v in itertools.product(range(M), range(p), range(q)):
            O[l, m, u + w, v + z] += f[k][m][u][v] * h[l][k][w][z]
    return O, o + g
