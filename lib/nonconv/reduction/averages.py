"""Average pooling is a convolution: depthwise, with one and the same number everywhere.
Max pooling is none.
"""

from math import prod

import torch

from nonconv.layers._arguments import numbers
from nonconv.reduction.kernel import Kernel


def average_pooling(
    maps: int,
    kernel_size: int | tuple[int, ...],
    stride: int | tuple[int, ...] | None = None,
    padding: int | tuple[int, ...] = 0,
    *,
    sides: int = 2,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Kernel:
    """Average pooling over p×q as the depthwise convolution with kernel 1/(pq) everywhere, without bias.

    The stride is the kernel's size if none is given, as in the framework;
    the border counts (count_include_pad).

    Shape: weight (maps, 1, p, q); with `sides` = 1 or 3 it has one or three sizes. Raises ValueError:
    maps < 1, sizes that are no positive integers.
    """
    if maps < 1:
        raise ValueError(f"maps must be at least 1, not {maps}")
    size = numbers(kernel_size, "kernel_size", 1, sides)
    weight = torch.full((maps, 1, *size), 1 / prod(size), dtype=dtype, device=device)
    s = size if stride is None else numbers(stride, "stride", 1, sides)
    return Kernel(weight, None, s, numbers(padding, "padding", 0, sides), (1,) * sides, maps)


def global_average_pooling(
    maps: int, H: int, W: int, *, dtype: torch.dtype = torch.float32, device: torch.device | str = "cpu"
) -> Kernel:
    """Global average pooling as a depthwise convolution of the input's own size: one for each size of input.

    Shape: weight (maps, 1, H, W); x (N, maps, H, W) -> (N, maps, 1, 1).
    """
    return average_pooling(maps, (H, W), dtype=dtype, device=device)
