"""A convolution as a value: what every reduction returns."""

from typing import NamedTuple

from torch import Tensor


class Kernel(NamedTuple):
    """The arguments of `conv2d` behind x, in its order: `conv2d(x, *kernel)` runs it."""

    weight: Tensor  # (K, M/groups, p, q)
    bias: Tensor | None  # (K,)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1

    def macs(self, rows: int, columns: int) -> int:
        """Multiply–adds for an *output* of rows × columns: each of its numbers takes M/groups · p · q."""
        return rows * columns * self.weight.numel()
