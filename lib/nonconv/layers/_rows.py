"""Maps laid out as rows, one for each channel, so that each tap of a convolution is one shift:
what `_taps` sums over.
"""

from itertools import product
from math import prod
from typing import NamedTuple

from torch import Tensor


class Layout(NamedTuple):
    """How the input of a convolution lies in one row for each map, so that each tap is one shift.

    With stride s the places are sorted by their remainder: first all a with a mod s = 0, then 1, …; the tap u
    of output i, at a = s·i + d·u, is then place i + ⌊du/s⌋ among those with remainder du mod s.
    """

    grid: tuple[int, ...]  # places with one remainder, along each side
    out: tuple[int, ...]
    stride: tuple[int, ...]
    shifts: tuple[int, ...]  # of each tap, in the order of the kernel

    @property
    def length(self) -> int:
        """Results in one row: each output row is as long as a row of the grid,
        and its last places are cut off.
        """
        return self.out[0] * prod(self.grid[1:])

    def to_rows(self, x: Tensor, groups: int) -> Tensor:
        """(N, M, s·grid) -> (N, groups, M/groups, T)."""
        n = len(self.grid)
        split = [part for t, s in zip(self.grid, self.stride, strict=True) for part in (t, s)]
        x = x.reshape(x.shape[0], groups, x.shape[1] // groups, *split)
        return x.permute(0, 1, 2, *range(4, 4 + 2 * n, 2), *range(3, 3 + 2 * n, 2)).flatten(3)

    def from_rows(self, X: Tensor) -> Tensor:
        """(N, groups, M/groups, T) -> (N, M, s·grid), the inverse of `to_rows`."""
        n = len(self.grid)
        x = X.reshape(*X.shape[:3], *self.stride, *self.grid)
        x = x.permute(0, 1, 2, *(axis for i in range(n) for axis in (3 + n + i, 3 + i)))
        return x.reshape(
            X.shape[0], X.shape[1] * X.shape[2], *(t * s for t, s in zip(self.grid, self.stride, strict=True))
        )


def layout_of(
    out: tuple[int, ...], kernel: tuple[int, ...], s: tuple[int, ...], d: tuple[int, ...]
) -> Layout:
    """The layout for results of size `out`, with stride s and dilation d along each side."""
    grid = [n + step * (p - 1) // by for n, p, by, step in zip(out, kernel, s, d, strict=True)]
    if any(n != t for n, t in zip(out[1:], grid[1:], strict=True)):
        grid[0] += 1  # the last row of results runs on for a few places that are cut off
    shifts = []
    for tap in product(*map(range, kernel)):
        shift = 0
        for u, step, by in zip(tap, d, s, strict=True):
            shift = shift * by + step * u % by  # which remainder
        for u, step, by, t in zip(tap, d, s, grid, strict=True):
            shift = shift * t + step * u // by  # which place among those
        shifts.append(shift)
    return Layout(tuple(grid), out, s, tuple(shifts))
