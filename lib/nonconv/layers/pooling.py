"""Pooling: one number for each window of each map, its maximum or its mean.

    maximum   Y^k_{ij} = max_{u,v} X^k_{s(i−1)+d(u−1)+1, s(j−1)+d(v−1)+1}          not affine: no convolution
    mean      Y^k_{ij} = Σ_{u,v} X^k_{s(i−1)+u, s(j−1)+v} / (pq)                   a depthwise convolution

Source: I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016), section 9.3; the global mean instead
of fully connected layers: M. Lin, Q. Chen, S. Yan, "Network In Network" (2014), section 3.2.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import floating, maps, pair, same_kind
from nonconv.layers._compiled import through_compiler
from nonconv.layers._transforms import OneByOne, applied

Pair = int | tuple[int, int]


def _windows(size: int, p: int, s: int, P: int, d: int, ceil_mode: bool, name: str) -> int:
    """Windows along a side: ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1,
    or ⌈…⌉ + 1 less a window that starts in the border.
    """
    free = size + 2 * P - d * (p - 1) - 1
    if free < 0 and not (ceil_mode and -free < s):
        raise ValueError(
            f"the window spans {d * (p - 1) + 1} {name} (size {p}, dilation {d}), but x with its border has"
            f" only {size + 2 * P}"
        )
    if not ceil_mode:
        return free // s + 1
    number = -(-free // s) + 1
    return number - 1 if (number - 1) * s >= size + P else number


def _stride(stride: Any, p: tuple[int, int]) -> tuple[int, int]:
    """As far as the window is large, where it is not given."""
    return (
        p
        if stride is None or (isinstance(stride, (tuple, list)) and not stride)
        else pair(stride, "stride", 1)
    )


def _border(x: Tensor, p: tuple[int, int], P: tuple[int, int], d: tuple[int, int]) -> None:
    for padding, size, step, name in zip(P, p, d, ("rows", "columns"), strict=True):
        if 2 * padding > step * (size - 1) + 1:
            raise ValueError(
                f"padding of {padding} {name} is more than half the window's {step * (size - 1) + 1} {name}:"
                " a window could lie in the border alone"
            )


def _padded(x: Tensor, to: tuple[int, int], P: tuple[int, int], value: float) -> Tensor:
    """x with a border of `value`: P before, and behind as much as makes the size `to`
    (less than nothing cuts).
    """
    H, W = x.shape[2:]
    return F.pad(x, (P[1], to[1] - W - P[1], P[0], to[0] - H - P[0]), value=value)


def _every(start: int, number: int, step: int) -> slice:
    return slice(start, start + step * (number - 1) + 1, step)


def _reach(p: Any, s: Any, d: Any, out: Any) -> tuple[int, int]:
    """How many rows and columns all windows together span."""
    rows, columns = (
        step * (n - 1) + gap * (size - 1) + 1 for size, step, gap, n in zip(p, s, d, out, strict=True)
    )
    return rows, columns


class _Maximum(OneByOne):
    """max over each window; ∂Y_{ij}/∂X_{ab} is 1 at the *first* maximum of window ij, row by row, else 0."""

    @staticmethod
    def forward(x: Tensor, p: Any, s: Any, P: Any, d: Any, out: Any) -> Tensor:
        least = -torch.inf if x.is_floating_point() else torch.iinfo(x.dtype).min
        Y = _padded(x, _reach(p, s, d, out), P, least)
        for dim, size, step, gap, n in zip((3, 2), p[::-1], s[::-1], d[::-1], out[::-1], strict=True):
            index = (slice(None),) * dim  # along the rows, then along the columns: p + q taps, not p·q
            taps = [Y[(*index, _every(gap * u, n, step))] for u in range(size)]
            Y = taps[0].clone()
            for tap in taps[1:]:
                torch.maximum(Y, tap, out=Y)
        return Y

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        x, p, s, P, d, out = inputs
        ctx.save_for_backward(x, output)
        ctx.save_for_forward(x, output)
        ctx.geometry = p, s, P, d, out, _reach(p, s, d, out)

    @staticmethod
    def moved(_: Any, ctx: Any, *tangents: Any) -> Any:
        x, Y = ctx.saved_tensors
        moved = _padded(tangents[0], ctx.geometry[-1], ctx.geometry[2], 0)
        parts = [moved[where] * first for where, first, _, _ in _first_maxima(x, Y, *ctx.geometry)]
        return sum(parts[1:], parts[0])

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        x, Y = ctx.saved_tensors
        *_, P, _, _, reach = ctx.geometry
        grad_x = grads[0].new_zeros(*x.shape[:2], *reach)
        for where, first, _, _ in _first_maxima(x, Y, *ctx.geometry):
            grad_x[where] += grads[0] * first
        return _padded(grad_x, x.shape[2:], (-P[0], -P[1]), 0), None, None, None, None, None


def _first_maxima(
    x: Tensor, Y: Tensor, p: Any, s: Any, P: Any, d: Any, out: Any, reach: Any
) -> Iterator[tuple[Any, Tensor, int, int]]:
    """For each tap (u, v), row by row: where it lies, and in which windows it is the first to equal Y."""
    if not x.is_floating_point():
        x, Y = x.double(), Y.double()
    # the border equals no maximum, not even −∞; a NaN is one
    inside = _padded(x.masked_fill(x.isnan(), torch.inf), reach, P, torch.nan)
    Y = Y.masked_fill(Y.isnan(), torch.inf)
    free = torch.ones_like(Y, dtype=torch.bool)
    for u in range(p[0]):
        for v in range(p[1]):
            where = (..., _every(d[0] * u, out[0], s[0]), _every(d[1] * v, out[1], s[1]))
            first = (inside[where] == Y) & free
            free ^= first
            yield where, first, u, v


def max_pool2d(
    x: Tensor,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Any:
    """Y^k_{ij} = max_{u,v} X^k_{s(i−1)+d(u−1)+1, s(j−1)+d(v−1)+1}, the border being −∞.

    Among equal maxima the gradient goes to the first one, row by row, as in the framework.

    Shape:
        x (N, K, H, W) or (K, H, W) -> (N, K, H', W') or (K, H', W') with H' = ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1,
        or ⌈…⌉ + 1 with ceil_mode, where a last window that would start in the border behind x is left out;
        likewise W'. With return_indices a pair:
        Y, and where in its map (row · W + column) each maximum was found.

    `stride` is kernel_size where it is not given.

    Raises ValueError: sizes that are no integers >= 1, a padding of more than half the window, a window
    larger than x with its border, an x of another shape.
    """
    if compiled:
        return through_compiler(max_pool2d, locals())
    same_kind(x=x)
    maps(x)
    p, P = pair(kernel_size, "kernel_size", least=1), pair(padding, "padding", least=0)
    s = _stride(stride, p)
    d = pair(dilation, "dilation", least=1)
    _border(x, p, P, d)
    H, W = x.shape[-2:]
    out = (
        _windows(H, p[0], s[0], P[0], d[0], ceil_mode, "rows"),
        _windows(W, p[1], s[1], P[1], d[1], ceil_mode, "columns"),
    )
    if fast:
        return F.max_pool2d(x, p, s, P, d, ceil_mode, return_indices)

    batch = x.reshape(-1, *x.shape[-3:])
    Y: Tensor = applied(_Maximum, batch, p, s, P, d, out)
    if not return_indices:
        return Y.reshape(*x.shape[:-2], *out)
    reach = _reach(p, s, d, out)
    indices = torch.zeros_like(Y, dtype=torch.int64)
    rows = torch.arange(out[0], device=x.device)[:, None] * s[0] - P[0]
    columns = torch.arange(out[1], device=x.device)[None, :] * s[1] - P[1]
    for _, first, u, v in _first_maxima(batch.detach(), Y.detach(), p, s, P, d, out, reach):
        indices += first * ((rows + d[0] * u) * W + columns + d[1] * v)
    return Y.reshape(*x.shape[:-2], *out), indices.reshape(*x.shape[:-2], *out)


def max_pool2d_by_definition(x: Tensor, kernel_size: Pair, stride: Pair | None = None) -> Tensor:
    """The formula of `max_pool2d` read index by index, without a border: slow, and nothing is hidden in it.

    Shape: x (N, K, H, W) -> (N, K, H', W'), see `max_pool2d`.

    Raises ValueError as `max_pool2d`.
    """
    same_kind(x=x)
    floating(x=x)
    maps(x)
    p = pair(kernel_size, "kernel_size", least=1)
    s = _stride(stride, p)
    H, W = x.shape[-2:]
    rows = _windows(H, p[0], s[0], 0, 1, False, "rows")
    columns = _windows(W, p[1], s[1], 0, 1, False, "columns")
    Y = x.new_zeros(*x.shape[:-2], rows, columns)
    for i in range(rows):
        for j in range(columns):
            Y[..., i, j] = x[..., i * s[0], j * s[1]]
            for u in range(p[0]):
                for v in range(p[1]):
                    tap = x[..., i * s[0] + u, j * s[1] + v]
                    Y[..., i, j] = torch.where(tap > Y[..., i, j], tap, Y[..., i, j].clone())
    return Y


def max_unpool2d(
    x: Tensor,
    indices: Tensor,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
    output_size: tuple[int, ...] | None = None,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """Y^k at the place `indices` of each number of X^k is that number, and 0 elsewhere: max pooling undone.

    Shape:
        x, indices (N, K, H, W) or (K, H, W) -> (N, K, H', W') or (K, H', W') with H' = (H − 1)s − 2P + p, or
        what output_size (H', W') says.

    Source: M. D. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks" (2014),
    section 2.1.

    Raises ValueError: x and indices of different shapes, an index outside of the result,
    an output_size that is not two positive integers.
    """
    if compiled:
        return through_compiler(max_unpool2d, locals())
    same_kind(x=x)
    maps(x)
    p, P = pair(kernel_size, "kernel_size", least=1), pair(padding, "padding", least=0)
    s = _stride(stride, p)
    if indices.dtype != torch.int64 or indices.shape != x.shape:
        raise ValueError(
            f"indices must be int64 and of x's shape {tuple(x.shape)}, not {indices.dtype} of"
            f" {tuple(indices.shape)}"
        )
    if output_size is not None and len(output_size) not in (2, x.dim()):
        raise ValueError(f"output_size must be (H', W'), or the whole shape of the result, not {output_size}")
    H, W = _unpooled(x, p, s, P) if output_size is None else pair(output_size[-2:], "output_size", least=1)
    if output_size is not None:
        usual = _unpooled(x, p, s, P)
        if not all(least - by < n < least + by for n, least, by in zip((H, W), usual, s, strict=True)):
            raise ValueError(
                f"output_size must lie less than a stride from {usual}, whose pooling gives x, not {(H, W)}"
            )
    # on the meta device, and while a graph is drawn, there are no numbers to look at
    known = indices.numel() and not indices.is_meta and not torch.compiler.is_compiling()
    if known and not (int(indices.min()) >= 0 and int(indices.max()) < H * W):
        raise ValueError(
            f"indices must lie in [0, {H * W}) for a result of {H} by {W}, not {int(indices.max())}"
        )
    if fast:
        return F.max_unpool2d(x, indices, p, s, P, output_size)
    flat = x.new_zeros(*x.shape[:-2], H * W).scatter(-1, indices.flatten(-2), x.flatten(-2))
    return flat.unflatten(-1, (H, W))


def _unpooled(x: Tensor, p: Any, s: Any, P: Any) -> tuple[int, ...]:
    return tuple((n - 1) * b - 2 * c + a for n, a, b, c in zip(x.shape[-2:], p, s, P, strict=True))


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

    Raises ValueError as `max_pool2d`, and for a divisor_override of 0.
    """
    if compiled:
        return through_compiler(avg_pool2d, locals())
    same_kind(x=x)
    maps(x)
    p, P = pair(kernel_size, "kernel_size", least=1), pair(padding, "padding", least=0)
    s = _stride(stride, p)
    _border(x, p, P, (1, 1))
    if divisor_override == 0:
        raise ValueError("divisor_override must not be 0")
    H, W = x.shape[-2:]
    rows = _windows(H, p[0], s[0], P[0], 1, ceil_mode, "rows")
    columns = _windows(W, p[1], s[1], P[1], 1, ceil_mode, "columns")
    if fast or x.is_meta or not x.is_floating_point():
        return F.avg_pool2d(x, p, s, P, ceil_mode, count_include_pad, divisor_override)

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
    asked = (output_size,) * 2 if output_size is None or isinstance(output_size, int) else tuple(output_size)
    if len(asked) != 2:
        raise ValueError(f"output_size must be one or two integers >= 1 or None, not {output_size!r}")
    H, W = x.shape[-2:]
    out = pair(
        [size if n is None else n for n, size in zip(asked, (H, W), strict=True)], "output_size", least=1
    )
    if fast or x.is_meta:
        return F.adaptive_avg_pool2d(x, out)
    return _averaged(_averaged(x, -2, out[0]), -1, out[1])
