"""The three sums of `_taps` once more, each as one product of a kernel and windows.

    Y_l = Σ_t F_t X_{l+o_t}      X_a = Σ_t F_tᵀ G_{a−o_t}      F_t = Σ_l G_l X_{l+o_t}ᵀ

In `_taps` each tap is a product, and its shift a view. The library that is faster here wants large matrices
without gaps: so the shifts of all taps are copied side by side, for some places at a time, and there is one
product for all taps. A row of X holds one map in `_taps`, and here all maps of one place.

It is for dense kernels in float32 on a CPU alone, and a test holds it equal to `_taps`.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from math import ceil

import torch
from torch import Tensor

from nonconv.layers._product import as_operator, by_onednn, pays

Shifts = Sequence[int]
COPIED = 8  # as many times must a product be as large: windows are copied, and images come one by one
WINDOWS = 2**20  # numbers that are copied at a time
TERMS = 512  # added up in one product: in longer sums float32 loses more digits here than elsewhere


def worth_it(A: Tensor, B: Tensor, rows: int, width: int, L: int) -> bool:
    """Is the product for one image, of a kernel of rows × width and windows at L places, better made here?"""
    return min(rows, width) >= 16 and pays(rows * width * L // COPIED, A, B)


def _pieces(L: int, width: int) -> Iterator[slice]:
    """All places, some at a time: as many as have windows of `width` numbers that fit the buffer."""
    step = max(1, WINDOWS // width)
    return (slice(a, min(L, a + step)) for a in range(0, L, step))


def _buffer(X: Tensor, L: int, width: int) -> Tensor:
    """Memory for the windows, once: what is new to the process costs more than what is copied there."""
    return X.new_empty(min(L, max(1, WINDOWS // width)) * width)


def _runs(shifts: Shifts) -> list[tuple[int, int]]:
    """Ascending shifts as (first, how many) of those that follow each other without a gap."""
    starts = [n for n, (o, next) in enumerate(pairwise(shifts), 1) if next != o + 1]
    return [(shifts[a], b - a) for a, b in pairwise([0, *starts, len(shifts)])]


def _sum(X: Tensor, F: Tensor, shifts: Shifts, L: int, border: tuple[int, int] = (0, 0)) -> Tensor:
    """Y_l = Σ_t F_t X_{l+o_t}, of X with a border: so many places of zeros before and behind."""
    (taps, g, k, m), T = F.shape, X.shape[3]
    order = sorted(range(taps), key=shifts.__getitem__)
    c = ceil(taps / ceil(taps / max(1, TERMS // m)))  # taps in one product
    some = [order[t : t + c] for t in range(0, taps, c)]
    runs = [_runs([shifts[t] for t in part]) for part in some]
    kernels = [torch.stack([F[t] for t in part], 2).flatten(2) for part in some]  # each (g, k, c·m)
    Y = X.new_empty(len(X), g, k, L)
    places, buffer = X.new_zeros(border[0] + T + border[1], m), _buffer(X, L, c * m)
    for n, j in product(range(len(X)), range(g)):
        places[border[0] : border[0] + T] = X[n, j].mT
        for l in _pieces(L, c * m):
            products = (
                by_onednn(_windows(places, some, l, buffer), kernel[j])
                for some, kernel in zip(runs, kernels, strict=True)
            )
            total = next(products)
            for more in products:
                total += more
            Y[n, j, :, l] = total.mT
    return Y


def _windows(places: Tensor, runs: list[tuple[int, int]], l: slice, buffer: Tensor) -> Tensor:
    """X_{l+o} for all shifts, side by side.

    A run is one view: each of its rows begins where the row before has its second place.
    """
    m, n = places.shape[1], l.stop - l.start
    views = [places.as_strided((n, r * m), (m, 1), (o + l.start) * m) for o, r in runs]
    width = m * sum(r for _, r in runs)
    return views[0] if len(views) == 1 else torch.cat(views, 1, out=buffer[: n * width].view(n, width))


@as_operator(lambda X, F, shifts, L: X.new_empty(X.shape[0], *F.shape[1:3], L))
def sum_of_taps(X: Tensor, F: Tensor, shifts: Shifts, L: int) -> Tensor:
    return _sum(X, F, shifts, L)


@as_operator(lambda G, F, shifts, T: G.new_empty(G.shape[0], F.shape[1], F.shape[3], T))
def spread_taps(G: Tensor, F: Tensor, shifts: Shifts, T: int) -> Tensor:
    """As a sum where that is hardly more work: of G between zeros, with the taps turned round."""
    (_, g, k, m), L, reach = F.shape, G.shape[-1], max(shifts)
    if T <= 2 * L:
        return _sum(G, F.mT, [reach - o for o in shifts], T, (reach, T - L))
    kernels = F.permute(1, 0, 3, 2).contiguous()  # (g, taps, m, k)
    X = G.new_empty(len(G), g, m, T)
    places, total = G.new_empty(L, k), G.new_empty(T, m)
    for n, j in product(range(len(G)), range(g)):
        places.copy_(G[n, j].mT)
        total.zero_()
        for o, kernel in zip(shifts, kernels[j], strict=True):
            total[o : o + L] += by_onednn(places, kernel)
        X[n, j] = total.mT
    return X


@as_operator(lambda G, X, shifts: G.new_empty(len(shifts), *G.shape[1:3], X.shape[2]))
def correlate_taps(G: Tensor, X: Tensor, shifts: Shifts) -> Tensor:
    (g, k, L), m, taps = G.shape[1:], X.shape[2], len(shifts)
    F, buffer = G.new_zeros(g, taps * m, k), _buffer(X, L, taps * m)
    for n, j in product(range(len(X)), range(g)):
        for l in _pieces(L, taps * m):
            beside = buffer[: taps * m * (l.stop - l.start)].view(taps * m, -1)
            windows = torch.cat([X[n, j, :, o + l.start : o + l.stop] for o in shifts], out=beside)
            F[j] += by_onednn(windows, G[n, j, :, l])
    return F.unflatten(1, (taps, m)).permute(1, 0, 3, 2).contiguous()
