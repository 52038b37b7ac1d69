"""A convolution as a value: what every reduction returns."""

from math import prod
from typing import NamedTuple

from torch import Tensor


class Kernel(NamedTuple):
    """The arguments of `conv2d` behind x, in its order: `conv2d(x, *kernel)` runs it;
    likewise `conv1d`, `conv3d`.
    """

    weight: Tensor  # (K, M/groups, p, q), or with one or three sizes
    bias: Tensor | None  # (K,)
    stride: tuple[int, ...] = (1, 1)
    padding: tuple[int, ...] = (0, 0)
    dilation: tuple[int, ...] = (1, 1)
    groups: int = 1

    def macs(self, *positions: int) -> int:
        """Multiply–adds for an *output* of rows × columns: each of its numbers takes M/groups · p · q."""
        return prod(positions) * self.weight.numel()
