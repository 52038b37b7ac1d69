"""Pooling by means: one number for each window of each map. (Maxima: max_pooling.py.)

    Y^k_{ij} = Σ_{u,v} X^k_{s(i−1)+u, s(j−1)+v} / (pq)                   a depthwise convolution

Source: I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016), section 9.3; the global mean instead
of fully connected layers: M. Lin, Q. Chen, S. Yan, "Network In Network" (2014), section 3.2.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import floating, is_whole, maps, pair, same_kind
from nonconv.layers._compiled import through_compiler
from nonconv.layers._sizes import laid_out_as
from nonconv.layers._windows import Pair, check_border, default_stride, windows


def _inside(size: int, p: int, s: int, P: int, number: int, count_include_pad: bool, device: Any) -> Tensor:
    """How many places of each window count along one side: those in x, or those in x and its border."""
    start = torch.arange(number, device=device) * s - P
    if count_include_pad:
        return (start + p).clamp(max=size + P) - start
    return (start + p).clamp(max=size) - start.clamp(min=0)


def avg_pool2d(
    x: Tensor,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_{u,v} X^k_{s(i−1)+u, s(j−1)+v} / (pq): the depthwise convolution with the kernel 1/(pq).

    Without a border, or with one that counts, it is that convolution and nothing else; its weights do not
    depend on x, and so the sum is left to the framework's convolution here. Where the border does not count
    (count_include_pad=False) or a window reaches beyond it (ceil_mode), each window is divided by its own
    number of places, which no single kernel does.

    Shape: as `max_pool2d`, with dilation 1. `divisor_override` divides by that number instead.

    Of whole numbers the framework's kernel gives the whole part of the mean.

    Raises ValueError as `max_pool2d`, and for a divisor_override that is no integer, or 0.
    """
    if compiled:
        return through_compiler(avg_pool2d, locals())
    same_kind(x=x)
    maps(x)
    p, P = pair(kernel_size, "kernel_size", least=1), pair(padding, "padding", least=0)
    s = default_stride(stride, p)
    check_border(p, P, (1, 1))
    if divisor_override is not None and not is_whole(divisor_override):
        raise ValueError(f"divisor_override must be an integer, not {divisor_override!r}")
    if divisor_override == 0:
        raise ValueError("divisor_override must not be 0")
    H, W = x.shape[-2:]
    rows, columns = windows(x, p, s, P, ceil_mode=ceil_mode)
    if not x.is_floating_point() and x.dtype != torch.int64:
        raise ValueError(f"x must have a floating-point dtype or torch.int64, not {x.dtype}")
    if fast or x.is_meta or not x.is_floating_point():
        return F.avg_pool2d(
            x, p, s, P, ceil_mode, count_include_pad, divisor_override and int(divisor_override)
        )

    K = x.shape[-3]
    kernel = x.new_full((K, 1, *p), 1 / (divisor_override or p[0] * p[1]))
    behind = ((rows - 1) * s[0] + p[0] - H - P[0], (columns - 1) * s[1] + p[1] - W - P[1])
    batch = x.reshape(-1, K, H, W)
    if behind[0] > P[0] or behind[1] > P[1]:  # ceil_mode: the last window reaches beyond the border
        batch = F.pad(batch, (0, max(behind[1] - P[1], 0), 0, max(behind[0] - P[0], 0)))
    Y = F.conv2d(batch, kernel, None, s, P, groups=K)[..., :rows, :columns]
    counts = _inside(H, p[0], s[0], P[0], rows, count_include_pad, x.device)[:, None] * _inside(
        W, p[1], s[1], P[1], columns, count_include_pad, x.device
    )  # (H', W')
    uneven = ceil_mode or (not count_include_pad and P != (0, 0))
    if divisor_override is None and uneven:
        Y = Y * (p[0] * p[1] / counts.to(x.dtype))
    return Y.reshape(*x.shape[:-2], rows, columns)


def global_avg_pool2d(x: Tensor, keepdim: bool = True) -> Tensor:
    """Y^k = Σ_{i,j} X^k_{ij} / (HW): for inputs of one size the depthwise convolution with the kernel 1/(HW).

    Shape: x (N, K, H, W) -> (N, K, 1, 1), or (N, K) without keepdim; likewise without N.

    Raises ValueError for an x of another shape, of integers, or without a position.
    """
    same_kind(x=x)
    floating(x=x)
    maps(x)
    return x.mean((-2, -1), keepdim=keepdim)


def _averaged(x: Tensor, dim: int, number: int) -> Tensor:
    """Mean of each bin along one side: bin i runs from ⌊iH/H'⌋ up to ⌈(i+1)H/H'⌉ (counted from 0).

    Each bin is summed by itself: as a product with a matrix of 0 and 1/n it would hold 0·∞ of the others.
    """
    size = x.shape[dim]
    if size % number == 0:
        return x.unflatten(dim, (number, size // number)).mean(dim)
    i = torch.arange(number, device=x.device)[:, None]
    start, end = i * size // number, -(-(i + 1) * size // number)
    place = start + torch.arange(-(-size // number) + 1, device=x.device)  # (H', longest bin)
    taken = x.index_select(dim, place.clamp(max=size - 1).flatten()).unflatten(dim, tuple(place.shape))
    shown = [1] * (taken.dim() + dim) + list(place.shape) + [1] * (-1 - dim)
    outside = (place >= end).reshape(shown[-taken.dim() :])
    return taken.masked_fill(outside, 0).sum(dim) / (end - start).reshape([-1] + [1] * (-1 - dim)).to(x.dtype)


def adaptive_avg_pool2d(
    x: Tensor, output_size: int | tuple[int | None, int | None], *, fast: bool = False, compiled: bool = False
) -> Tensor:
    """Y^k = A X^k Bᵀ, where row i of A averages the i-th of H' bins of rows and B the bins of columns.

    Bin i runs from ⌊(i−1)H/H'⌋ + 1 to ⌈iH/H'⌉: where H' divides H and W' divides W, all bins are equal and
    the layer is a depthwise convolution; where they do not, bins overlap, and it is none.

    Shape: x (N, K, H, W) or (K, H, W) -> (N, K, H', W') or (K, H', W'); None keeps the input's size.

    Raises ValueError for an output_size that is not one or two integers >= 1 (or None), an x of another
    shape, of integers, or without a position.
    """
    if compiled:
        return through_compiler(adaptive_avg_pool2d, locals())
    same_kind(x=x)
    floating(x=x)
    maps(x)
    asked = tuple(output_size) if isinstance(output_size, Iterable) else (output_size,) * 2
    if len(asked) != 2:
        raise ValueError(f"output_size must be one or two integers >= 1 or None, not {output_size!r}")
    H, W = x.shape[-2:]
    out = pair(
        [size if n is None else n for n, size in zip(asked, (H, W), strict=True)], "output_size", least=1
    )
    if fast or x.is_meta:
        return F.adaptive_avg_pool2d(x, out)
    return laid_out_as(_averaged(_averaged(x, -2, out[0]), -1, out[1]), x)
