"""Average pooling is a convolution: depthwise, with one and the same number everywhere. Max pooling is none."""

import torch

from nonconv.layers._arguments import pair
from nonconv.reduction.kernel import Kernel


def average_pooling(
    maps: int,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    *,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Kernel:
    """Average pooling over p×q as the depthwise convolution with kernel 1/(pq) everywhere, without bias.

    The stride is the kernel's size if none is given, as in the framework; the border counts (count_include_pad).

    Shape: weight (maps, 1, p, q). Raises ValueError: maps < 1, sizes that are no positive integers.
    """
    if maps < 1:
        raise ValueError(f"maps must be at least 1, not {maps}")
    p, q = pair(kernel_size, "kernel_size", least=1)
    weight = torch.full((maps, 1, p, q), 1 / (p * q), dtype=dtype, device=device)
    s = (p, q) if stride is None else pair(stride, "stride", least=1)
    return Kernel(weight, None, s, pair(padding, "padding", least=0), (1, 1), maps)


def global_average_pooling(
    maps: int, H: int, W: int, *, dtype: torch.dtype = torch.float32, device: torch.device | str = "cpu"
) -> Kernel:
    """Global average pooling as a depthwise convolution of the input's own size: one for each size of input.

    Shape: weight (maps, 1, H, W); x (N, maps, H, W) -> (N, maps, 1, 1).
    """
    return average_pooling(maps, (H, W), dtype=dtype, device=device)
