"""Max pooling, its gradient, and its undoing. (Means: pooling.py.)

    Y^k_{ij} = max_{u,v} X^k_{s(i−1)+d(u−1)+1, s(j−1)+d(v−1)+1}      not affine: no convolution

Source: I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016), section 9.3.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import floating, maps, pair, real, same_kind
from nonconv.layers._compiled import through_compiler
from nonconv.layers._sizes import laid_out_as
from nonconv.layers._transforms import OneByOne, applied
from nonconv.layers._windows import Pair, check_border, default_stride, every, padded, reached, windows


class _Maximum(OneByOne):
    """max over each window; ∂Y_{ij}/∂X_{ab} is 1 at the *first* maximum of window ij, row by row, else 0."""

    @staticmethod
    def forward(x: Tensor, p: Any, s: Any, P: Any, d: Any, out: Any) -> Tensor:
        least = -torch.inf if x.is_floating_point() else torch.iinfo(x.dtype).min
        Y = padded(x, reached(p, s, d, out), P, least)
        for dim, size, step, gap, n in zip((3, 2), p[::-1], s[::-1], d[::-1], out[::-1], strict=True):
            index = (slice(None),) * dim  # along the rows, then along the columns: p + q taps, not p·q
            taps = [Y[(*index, every(gap * u, n, step))] for u in range(size)]
            Y = taps[0].clone()
            for tap in taps[1:]:
                torch.maximum(Y, tap, out=Y)
        return Y

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        x, p, s, P, d, out = inputs
        ctx.save_for_backward(x, output)
        ctx.save_for_forward(x, output)
        ctx.geometry = p, s, P, d, out, reached(p, s, d, out)

    @staticmethod
    def moved(_: Any, ctx: Any, *tangents: Any) -> Any:
        moved = padded(tangents[0], ctx.geometry[-1], ctx.geometry[2], 0)
        places = _first_maxima(*ctx.saved_tensors, *ctx.geometry)
        return moved.flatten(2).gather(2, places.flatten(2)).view_as(places)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        x, Y = ctx.saved_tensors
        *_, P, _, _, reach = ctx.geometry
        places = _first_maxima(x, Y, *ctx.geometry)
        grad_x = grads[0].new_zeros(*x.shape[:2], reach[0] * reach[1])
        grad_x = grad_x.scatter_add(2, places.flatten(2), grads[0].flatten(2)).unflatten(2, reach)
        return padded(grad_x, x.shape[2:], (-P[0], -P[1]), 0), None, None, None, None, None


def _first_maxima(x: Tensor, Y: Tensor, p: Any, s: Any, P: Any, d: Any, out: Any, reach: Any) -> Tensor:
    """Where in its map with its border, row · width + column, each window's first maximum lies, row by row.

    The number of taps before it says which tap it is. (A gradient that goes through all taps, and gives each
    what it was the first of, takes two and a half times as long.)
    """
    if not x.is_floating_point():
        x, Y = x.double(), Y.double()
    # the border equals no maximum, not even −∞; a NaN is one
    x, Y = (t.nan_to_num(torch.inf, torch.inf, -torch.inf) for t in (x, Y))
    inside = padded(x, reach, P, torch.nan)
    found = torch.zeros_like(Y, dtype=torch.bool)
    before = torch.zeros_like(Y, dtype=torch.uint8 if p[0] * p[1] < 256 else torch.int32)  # quick in bytes
    taps = [(d[0] * u, d[1] * v) for u in range(p[0]) for v in range(p[1])]
    # every s-th row and column together: numbers that lie apart take four times as long to read
    apart = {(i % s[0], j % s[1]) for i, j in taps}
    plane = {(a, b): inside[..., a :: s[0], b :: s[1]].contiguous() for a, b in apart}
    for i, j in taps:
        (a, top), (b, left) = (i % s[0], i // s[0]), (j % s[1], j // s[1])
        found |= plane[a, b][..., top : top + out[0], left : left + out[1]] == Y
        before += ~found
    rows, columns, u, v = (torch.arange(n, device=x.device)[:, None] for n in (*out, *p))
    corner = rows * s[0] * reach[1] + columns.T * s[1]
    shift = (u * d[0] * reach[1] + v.T * d[1]).flatten()
    # the last one where there is none: a window in the border alone
    return shift.take(before.long().clamp_(max=len(shift) - 1)).add_(corner)


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
    real(x=x)
    maps(x)
    p, P = pair(kernel_size, "kernel_size", least=1), pair(padding, "padding", least=0)
    s = default_stride(stride, p)
    d = pair(dilation, "dilation", least=1)
    check_border(p, P, d)
    W, out = x.shape[-1], windows(x, p, s, P, d, ceil_mode)
    if fast:
        return F.max_pool2d(x, p, s, P, d, ceil_mode, return_indices)

    batch = x.reshape(-1, *x.shape[-3:])
    Y: Tensor = applied(_Maximum, batch, p, s, P, d, out)
    if not return_indices:
        return Y.reshape(*x.shape[:-2], *out)
    reach = reached(p, s, d, out)
    places = _first_maxima(batch.detach(), Y.detach(), p, s, P, d, out, reach)
    indices = (places // reach[1] - P[0]) * W + places % reach[1] - P[1]
    return Y.reshape(*x.shape[:-2], *out), indices.reshape(*x.shape[:-2], *out)


def max_pool2d_by_definition(x: Tensor, kernel_size: Pair, stride: Pair | None = None) -> Tensor:
    """The formula of `max_pool2d` read index by index, without a border: slow, and nothing is hidden in it.

    Shape: x (N, K, H, W) -> (N, K, H', W'), see `max_pool2d`.

    Raises ValueError as `max_pool2d`.
    """
    same_kind(x=x)
    real(x=x)
    floating(x=x)
    maps(x)
    p = pair(kernel_size, "kernel_size", least=1)
    s = default_stride(stride, p)
    rows, columns = windows(x, p, s)
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
    real(x=x)
    maps(x)
    p, P = pair(kernel_size, "kernel_size", least=1), pair(padding, "padding", least=0)
    s = default_stride(stride, p)
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
    if min(H, W) < 1:
        raise ValueError(f"padding {P} leaves nothing of the result: its size would be {(H, W)}")
    for index in _ends(indices):
        if not 0 <= index < H * W:
            raise ValueError(f"indices must lie in [0, {H * W}) for a result of {H} by {W}, not {index}")
    if fast:
        return F.max_unpool2d(x, indices, p, s, P, output_size)
    flat = x.new_zeros(*x.shape[:-2], H * W).scatter(-1, indices.flatten(-2), x.flatten(-2))
    return laid_out_as(flat.unflatten(-1, (H, W)), x)


def _ends(indices: Tensor) -> tuple[int, ...]:
    """The smallest and the largest. None where there are no numbers to look at: on the meta device, under
    vmap, while a graph is drawn.
    """
    if indices.numel() == 0 or torch.compiler.is_compiling():
        return ()
    try:
        return int(indices.min()), int(indices.max())
    except RuntimeError:
        return ()


def _unpooled(x: Tensor, p: Any, s: Any, P: Any) -> tuple[int, ...]:
    return tuple((n - 1) * b - 2 * c + a for n, a, b, c in zip(x.shape[-2:], p, s, P, strict=True))
