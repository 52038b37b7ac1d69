"""The convolution of the course: what every framework calls so (no flip of the kernel).

    Y^k_{ij} = Σ_m Σ_{u,v} X^m_{i+u-1, j+v-1} F^{mk}_{uv} + b^k

Mathematics counts from 1 and code from 0, so F^{mk}_{uv} is `weight[k-1, m-1, u-1, v-1]`.
Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016), sections 2 and 4.
"""

from itertools import product
from math import ceil, prod, sqrt
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import SIDES, accumulating, numbers, pair, per_map, same_kind
from nonconv.layers._taps import spread_taps, sum_of_taps

Size = int | tuple[int, ...]
Padding = Size | str

# The framework's own names for the border rules, as `torch.nn.functional.pad` takes them.
BORDERS = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Border (before, after) with which a convolution returns ceil(size / stride) positions.

    With stride 1 that is d(p−1) rows in all; an odd number puts the extra one *after* (bottom, right).

    Raises ValueError if one of the numbers is below 1.
    """
    if min(size, kernel, stride, dilation) < 1:
        raise ValueError(
            f"size, kernel, stride and dilation must be at least 1, not {size}, {kernel}, {stride}, {dilation}"
        )
    total = max((ceil(size / stride) - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


# ---------------------------------------------------------------------------------------------------------------
# what fits


def _check(x: Tensor, weight: Tensor, bias: Tensor | None, groups: int, sides: int, transposed: bool) -> None:
    same_kind(x=x, weight=weight, bias=bias)
    dims = ", ".join(SIDES[sides])
    if x.dim() not in (sides + 1, sides + 2):
        raise ValueError(
            f"x must have the dimensions (N, M, {dims}) or (M, {dims}), not shape {tuple(x.shape)}"
        )
    order = ("M", "K/groups") if transposed else ("K", "M/groups")
    if weight.dim() != sides + 2 or 0 in weight.shape:
        raise ValueError(
            f"weight must have {sides + 2} dimensions ({', '.join(order)}, and the sizes of the kernel), none of"
            f" them empty, not shape {tuple(weight.shape)}"
        )
    if not isinstance(groups, int) or groups < 1:
        raise ValueError(f"groups must be an integer >= 1, not {groups!r}")
    M = x.shape[-sides - 1]
    if transposed:
        if M % groups or weight.shape[0] != M:
            raise ValueError(
                f"x has {M} maps, so weight needs {M} in its first dimension, and groups = {groups} must divide"
                f" them, but weight has shape {tuple(weight.shape)}"
            )
        per_map(weight.shape[1] * groups, bias=bias)
        return
    K = weight.shape[0]
    if M % groups or K % groups:
        raise ValueError(f"groups = {groups} must divide both the {M} input maps and the {K} output maps")
    if weight.shape[1] * groups != M:
        raise ValueError(
            f"x has {M} maps, so with groups = {groups} weight needs {M // groups} in its second dimension,"
            f" not {weight.shape[1]} (weight has shape {tuple(weight.shape)})"
        )
    per_map(K, bias=bias)


def _border(
    padding: Padding, size: tuple[int, ...], kernel: tuple[int, ...], s: tuple[int, ...], d: tuple[int, ...],
    padding_mode: str,
) -> list[tuple[int, int]]:  # fmt: skip
    """(before, after) for each side."""
    if padding_mode not in BORDERS:
        raise ValueError(f"padding_mode must be one of {', '.join(BORDERS)}, not {padding_mode!r}")
    if padding == "valid":
        return [(0, 0)] * len(size)
    if padding == "same":
        if any(step != 1 for step in s):
            raise ValueError(
                f'padding="same" keeps the size of the input, which stride {s} cannot;'
                " use stride 1 or give the padding as numbers (see same_padding)"
            )
        border = [same_padding(H, p, dilation=step) for H, p, step in zip(size, kernel, d, strict=True)]
    elif isinstance(padding, str):
        raise ValueError(f'padding must be "valid", "same" or integers, not {padding!r}')
    else:
        border = [(P, P) for P in numbers(padding, "padding", 0, len(size))]
    for name, H, reach in zip(SIDES[len(size)], size, map(max, border), strict=True):
        limit = {"reflect": H - 1, "circular": H}.get(padding_mode, reach)
        if reach > limit:
            raise ValueError(
                f"a {padding_mode} border of {reach} along {name} needs more than the {H} places of x;"
                f" at most {limit} fit"
            )
    return border


def _pad(x: Tensor, border: list[tuple[int, int]], mode: str = "constant") -> Tensor:
    """x with (before, after) added to each side; a negative number cuts."""
    if all(both == (0, 0) for both in border):
        return x
    return F.pad(x, [n for both in reversed(border) for n in both], mode=mode)


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """H' = ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1.

    Raises ValueError if a number is out of its range or the kernel is longer than the padded input.
    """
    if min(size, kernel, stride, dilation) < 1 or padding < 0:
        raise ValueError(
            f"size, kernel, stride and dilation must be at least 1 and padding at least 0, not {size}, {kernel},"
            f" {stride}, {dilation} and {padding}"
        )
    return _places(size + 2 * padding, kernel, stride, dilation, "H")


def _places(padded: int, kernel: int, stride: int, dilation: int, name: str) -> int:
    reach = dilation * (kernel - 1) + 1
    if padded < reach:
        raise ValueError(
            f"the kernel spans {reach} places along {name} (size {kernel}, dilation {dilation}),"
            f" but the padded input has only {padded}"
        )
    return (padded - reach) // stride + 1


# ---------------------------------------------------------------------------------------------------------------
# one row for each map


class _Layout(NamedTuple):
    """How the input of a convolution lies in one row for each map, so that each tap is one shift.

    With stride s the places are sorted by their remainder: first all a with a mod s = 0, then 1, …; the tap u of
    output i, at a = s·i + d·u, is then place i + ⌊du/s⌋ among those with remainder du mod s.
    """

    grid: tuple[int, ...]  # places with one remainder, along each side
    out: tuple[int, ...]
    stride: tuple[int, ...]
    shifts: tuple[int, ...]  # of each tap, in the order of the kernel

    @property
    def length(self) -> int:
        """Results in one row: each output row is as long as a row of the grid, and its last places are cut off."""
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
            len(X), X.shape[1] * X.shape[2], *(t * s for t, s in zip(self.grid, self.stride, strict=True))
        )


def _layout(out: tuple[int, ...], kernel: tuple[int, ...], s: tuple[int, ...], d: tuple[int, ...]) -> _Layout:
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
    return _Layout(tuple(grid), out, s, tuple(shifts))


def _convolve(
    x: Tensor, weight: Tensor, border: list[tuple[int, int]], s: tuple[int, ...], d: tuple[int, ...], groups: int
) -> Tensor:  # fmt: skip
    """Y_i = Σ_u F_u X_{s·i+d·u} for x (N, M, …) with a border of zeros, in any number of dimensions."""
    sides, kernel = x.dim() - 2, tuple(weight.shape[2:])
    padded = [H + before + after for H, (before, after) in zip(x.shape[2:], border, strict=True)]
    out = tuple(map(_places, padded, kernel, s, d, SIDES[sides]))
    layout = _layout(out, kernel, s, d)
    fill = [
        (before, t * by - H - before)
        for t, by, H, (before, _) in zip(layout.grid, s, x.shape[2:], border, strict=True)
    ]
    X = layout.to_rows(_pad(x, fill), groups)
    taps = weight.reshape(groups, len(weight) // groups, weight.shape[1], prod(kernel)).permute(3, 0, 1, 2)
    Y = sum_of_taps(X, taps.contiguous(), layout.shifts, layout.length)
    Y = Y.flatten(1, 2).unflatten(-1, (out[0], *layout.grid[1:]))
    return Y[(..., *(slice(n) for n in out))]


def _convolution(
    x: Tensor, weight: Tensor, bias: Tensor | None, stride: Size, padding: Padding, dilation: Size, groups: int,
    padding_mode: str, fast: bool, sides: int,
) -> Tensor:  # fmt: skip
    _check(x, weight, bias, groups, sides, transposed=False)
    s, d = numbers(stride, "stride", 1, sides), numbers(dilation, "dilation", 1, sides)
    batch = x if x.dim() == sides + 2 else x[None]
    kernel = tuple(weight.shape[2:])
    border = _border(padding, tuple(batch.shape[2:]), kernel, s, d, padding_mode)
    if padding_mode != "zeros":
        batch, border = _pad(batch, border, BORDERS[padding_mode]), [(0, 0)] * sides
    for H, both, p, step, name in zip(batch.shape[2:], border, kernel, d, SIDES[sides], strict=True):
        _places(H + sum(both), p, 1, step, name)
    if fast or x.is_meta:  # on the meta device only the shape is asked, and `cost` sees one convolution
        convolve = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[sides]
        Y = convolve(_pad(batch, border), weight, bias, s, 0, d, groups)
    else:
        X, W = accumulating(batch, weight)
        Y = _convolve(X, W, border, s, d, groups).to(x.dtype)
        Y = Y.contiguous() if bias is None else Y + bias.reshape(-1, *[1] * sides)
    return Y if x.dim() == sides + 2 else Y[0]


# ---------------------------------------------------------------------------------------------------------------
# the layers


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    fast: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_m Σ_{u,v} X^m_{s(i−1)+d(u−1)+1, s(j−1)+d(v−1)+1} F^{mk}_{uv} + b^k, on x with its border.

    Shape:
        x (N, M, H, W) or (M, H, W), weight (K, M/groups, p, q), bias (K,) -> (N, K, H', W') or (K, H', W') with
        H' = ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1, and likewise W'.

    `padding` is a number, a pair (rows, columns), "valid" (none) or "same" (stride 1 only; the odd row goes
    to the bottom, the odd column to the right). `padding_mode`: "zeros", "reflect" (mirror), "replicate" or
    "circular". `fast=True` leaves the sum to the framework's kernel.

    Raises ValueError for shapes, groups, dtypes or devices that do not fit, naming them.
    """
    return _convolution(x, weight, bias, stride, padding, dilation, groups, padding_mode, fast, sides=2)


def conv1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    fast: bool = False,
) -> Tensor:
    """Y^k_i = Σ_m Σ_u X^m_{s(i−1)+d(u−1)+1} F^{mk}_u + b^k: `conv2d` of maps with one row.

    Shape: x (N, M, W) or (M, W), weight (K, M/groups, q), bias (K,) -> (N, K, W') or (K, W'), see `conv2d`.

    Raises ValueError as `conv2d`.
    """
    return _convolution(x, weight, bias, stride, padding, dilation, groups, padding_mode, fast, sides=1)


def conv3d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    fast: bool = False,
) -> Tensor:
    """Y^k_{hij} = Σ_m Σ_{t,u,v} X^m_{h+t−1, i+u−1, j+v−1} F^{mk}_{tuv} + b^k, with s and d as in `conv2d`.

    Shape:
        x (N, M, D, H, W) or (M, D, H, W), weight (K, M/groups, r, p, q), bias (K,) -> (N, K, D', H', W') or
        (K, D', H', W'), see `conv2d`.

    Raises ValueError as `conv2d`.
    """
    return _convolution(x, weight, bias, stride, padding, dilation, groups, padding_mode, fast, sides=3)


def conv2d_by_definition(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The formula read index by index, for stride 1 and no border: slow, and nothing is hidden in it.

    Shape: x (N, M, H, W), see `conv2d`.

    Raises ValueError as `conv2d`.
    """
    _check(x, weight, bias, 1, 2, transposed=False)
    N, M, H, W = x.shape
    K, _, p, q = weight.shape
    rows, columns = _places(H, p, 1, 1, "H"), _places(W, q, 1, 1, "W")
    Y = x.new_zeros(N, K, rows, columns)
    for n in range(N):
        for k in range(K):
            for i in range(rows):
                for j in range(columns):
                    for m in range(M):
                        for u in range(p):
                            for v in range(q):
                                Y[n, k, i, j] += x[n, m, i + u, j + v] * weight[k, m, u, v]
                    if bias is not None:
                        Y[n, k, i, j] += bias[k]
    return Y


def depthwise_conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    *,
    padding_mode: str = "zeros",
    fast: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_{u,v} X^m_{i+u−1, j+v−1} F^k_{uv} + b^k with m = ⌈k/c⌉: each map with its own c kernels.

    It is `conv2d` with groups = M.

    Shape: x (N, M, H, W), weight (c·M, 1, p, q), bias (c·M,) -> (N, c·M, H', W'), see `conv2d`.

    Source: F. Chollet, "Xception" (2017), section 1; stride, padding and dilation as in `conv2d`.

    Raises ValueError as `conv2d`.
    """
    M = x.shape[-3] if isinstance(x, Tensor) and x.dim() in (3, 4) else 1
    return conv2d(x, weight, bias, stride, padding, dilation, M, padding_mode=padding_mode, fast=fast)


def separable_conv2d(
    x: Tensor,
    depthwise: Tensor,
    pointwise: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    *,
    padding_mode: str = "zeros",
    fast: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_m P^{mk} Σ_{u,v} X^m_{i+u−1, j+v−1} D^m_{uv} + b^k: depthwise, then 1×1.

    It is the convolution whose kernel is a product, F^{mk}_{uv} = D^m_{uv} P^{mk}.

    Shape:
        x (N, M, H, W), depthwise (c·M, 1, p, q), pointwise (K, c·M, 1, 1), bias (K,) -> (N, K, H', W'), see `conv2d`.

    Source: F. Chollet, "Xception" (2017), section 1.

    Raises ValueError as `conv2d`, and for a pointwise kernel that is not 1×1.
    """
    if pointwise.dim() != 4 or pointwise.shape[2:] != (1, 1):
        raise ValueError(f"pointwise must have the shape (K, M, 1, 1), not {tuple(pointwise.shape)}")
    Y = depthwise_conv2d(x, depthwise, None, stride, padding, dilation, padding_mode=padding_mode, fast=fast)
    return conv2d(Y, pointwise, bias, fast=fast)


# ---------------------------------------------------------------------------------------------------------------
# transposed


def _transposed(
    x: Tensor, weight: Tensor, bias: Tensor | None, stride: Size, padding: Size, output_padding: Size, groups: int,
    dilation: Size, fast: bool, sides: int,
) -> Tensor:  # fmt: skip
    _check(x, weight, bias, groups, sides, transposed=True)
    s, d = numbers(stride, "stride", 1, sides), numbers(dilation, "dilation", 1, sides)
    P, extra = numbers(padding, "padding", 0, sides), numbers(output_padding, "output_padding", 0, sides)
    if any(e >= max(by, step) for e, by, step in zip(extra, s, d, strict=True)):
        raise ValueError(f"output_padding {extra} must be smaller than the stride {s} or the dilation {d}")
    batch = x if x.dim() == sides + 2 else x[None]
    kernel, size = tuple(weight.shape[2:]), tuple(batch.shape[2:])
    out = tuple(
        (h - 1) * by - 2 * b + step * (p - 1) + e + 1
        for h, by, b, step, p, e in zip(size, s, P, d, kernel, extra, strict=True)
    )
    if min(out) < 1:
        raise ValueError(f"padding {P} leaves nothing of the result: its size would be {out}")
    if fast or x.is_meta:
        convolve = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}[sides]
        Y = convolve(batch, weight, bias, s, P, extra, groups, d)
    else:
        layout = _layout(size, kernel, s, d)
        X, W = accumulating(batch, weight)
        rows = _pad(X, [(0, 0), *((0, t - h) for t, h in zip(layout.grid[1:], size[1:], strict=True))])
        rows = rows.reshape(len(X), groups, X.shape[1] // groups, layout.length)
        taps = W.reshape(groups, len(W) // groups, W.shape[1], prod(kernel)).permute(3, 0, 1, 2)
        T = prod(layout.grid) * prod(s)
        Y = layout.from_rows(spread_taps(rows, taps.contiguous(), layout.shifts, T))
        cut = [(-b, n + b - H) for b, n, H in zip(P, out, Y.shape[2:], strict=True)]
        Y = _pad(Y, cut).to(x.dtype)
        Y = Y.contiguous() if bias is None else Y + bias.reshape(-1, *[1] * sides)
    return Y if x.dim() == sides + 2 else Y[0]


def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
    *,
    fast: bool = False,
) -> Tensor:
    """Y^k_{ab} = Σ_m Σ_{i,j,u,v} X^m_{ij} F^{mk}_{uv} + b^k over s(i−1)+d(u−1)+1−P = a, s(j−1)+d(v−1)+1−P = b.

    The transpose of `conv2d`'s matrix with the same stride, padding and dilation: it is how a convolution passes
    gradients back. `conv_transpose2d_by_definition` reads it as an ordinary convolution.

    Shape:
        x (N, M, H, W) or (M, H, W), weight (M, K/groups, p, q), bias (K,) -> (N, K, H', W') or (K, H', W') with
        H' = (H − 1)s − 2P + d(p−1) + output_padding + 1, and likewise W'.

    Source: Dumoulin, Visin (2016), section 4.

    Raises ValueError for shapes, groups, dtypes or devices that do not fit, for an output_padding that is not
    smaller than the stride or the dilation, and for a padding that leaves nothing, naming them.
    """
    return _transposed(x, weight, bias, stride, padding, output_padding, groups, dilation, fast, sides=2)


def conv_transpose1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
    *,
    fast: bool = False,
) -> Tensor:
    """Y^k_a = Σ_m Σ_{i,u} X^m_i F^{mk}_u + b^k over s(i−1)+d(u−1)+1−P = a: `conv1d` transposed.

    Shape: x (N, M, W) or (M, W), weight (M, K/groups, q), bias (K,) -> (N, K, W') or (K, W'), see `conv_transpose2d`.

    Raises ValueError as `conv_transpose2d`.
    """
    return _transposed(x, weight, bias, stride, padding, output_padding, groups, dilation, fast, sides=1)


def conv_transpose3d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
    *,
    fast: bool = False,
) -> Tensor:
    """`conv3d` transposed, as `conv_transpose2d` is `conv2d`'s.

    Shape:
        x (N, M, D, H, W) or (M, D, H, W), weight (M, K/groups, r, p, q), bias (K,) -> (N, K, D', H', W') or
        (K, D', H', W'), see `conv_transpose2d`.

    Raises ValueError as `conv_transpose2d`.
    """
    return _transposed(x, weight, bias, stride, padding, output_padding, groups, dilation, fast, sides=3)


def insert_zeros(x: Tensor, stride: Size) -> Tensor:
    """s − 1 zeros between neighbours, along rows and columns.

    Shape: x (…, H, W) -> (…, (H − 1)s + 1, (W − 1)s + 1).

    Raises ValueError for a stride below 1 or an x without rows and columns.
    """
    if x.dim() < 2 or 0 in x.shape[-2:]:
        raise ValueError(f"x must have rows and columns, not shape {tuple(x.shape)}")
    s = pair(stride, "stride", least=1)
    H, W = x.shape[-2:]
    Z = x.new_zeros(*x.shape[:-2], (H - 1) * s[0] + 1, (W - 1) * s[1] + 1)
    Z[..., :: s[0], :: s[1]] = x
    return Z


def conv_transpose2d_by_definition(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
) -> Tensor:
    """Zeros between the places of x (s − 1 of them), then `conv2d` with the flipped kernel, padded by d(p−1) − P.

    Shape: as `conv_transpose2d`, with one group and P <= d(p−1).

    Source: Dumoulin, Visin (2016), section 4.5, relationship 13.

    Raises ValueError as `conv_transpose2d`, and for a larger padding.
    """
    _check(x, weight, bias, 1, 2, transposed=True)
    d, P = pair(dilation, "dilation", least=1), pair(padding, "padding", least=0)
    around = tuple(step * (p - 1) - b for step, p, b in zip(d, weight.shape[2:], P, strict=True))
    if min(around) < 0:
        raise ValueError(
            f"padding {P} must be at most d(p−1) = {tuple(a + b for a, b in zip(around, P, strict=True))}"
        )
    flipped = weight.transpose(0, 1).flip(-2, -1)  # (K, M, p, q)
    return conv2d(insert_zeros(x, stride), flipped, bias, padding=around, dilation=d)


# ---------------------------------------------------------------------------------------------------------------
# modules


def _parameters(weight: tuple[int, ...], maps: int, bias: bool) -> tuple[nn.Parameter, nn.Parameter | None]:
    """Kernel and bias as the framework draws them."""
    kernel = nn.Parameter(torch.empty(*weight))
    nn.init.kaiming_uniform_(kernel, a=sqrt(5))
    bound = 1 / sqrt(prod(weight[1:]))
    return kernel, nn.Parameter(torch.empty(maps).uniform_(-bound, bound)) if bias else None


def _divides(groups: int, in_channels: int, out_channels: int) -> None:
    if groups < 1 or in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups = {groups} must divide both in_channels = {in_channels} and out_channels = {out_channels}"
        )


class Conv2d(nn.Module):
    """`conv2d` with its own kernel `weight` and bias, named and initialised as `torch.nn.Conv2d`'s.

    Shape: x (N, M, H, W) -> (N, K, H', W'), see `conv2d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        padding_mode: str = "zeros",
        fast: bool = True,
    ) -> None:
        super().__init__()
        _divides(groups, in_channels, out_channels)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = pair(kernel_size, "kernel_size", least=1)
        self.stride = pair(stride, "stride", least=1)
        self.dilation = pair(dilation, "dilation", least=1)
        self.padding, self.padding_mode, self.fast = padding, padding_mode, fast
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight, self.bias = _parameters(shape, out_channels, bias)

    def forward(self, x: Tensor) -> Tensor:
        return conv2d(
            x,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self.dilation,
            self.groups,
            padding_mode=self.padding_mode,
            fast=self.fast,
        )

    def extra_repr(self) -> str:
        return (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride},"
            f" padding={self.padding!r}, groups={self.groups}, bias={self.bias is not None}"
        )


class ConvTranspose2d(nn.Module):
    """`conv_transpose2d` with its own kernel and bias, named and initialised as `torch.nn.ConvTranspose2d`'s.

    Shape: x (N, M, H, W) -> (N, K, H', W'), see `conv_transpose2d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        _divides(groups, in_channels, out_channels)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = pair(kernel_size, "kernel_size", least=1)
        self.stride, self.dilation = pair(stride, "stride", least=1), pair(dilation, "dilation", least=1)
        self.padding = pair(padding, "padding", least=0)
        self.output_padding = pair(output_padding, "output_padding", least=0)
        self.fast = fast
        shape = (in_channels, out_channels // groups, *self.kernel_size)
        self.weight, self.bias = _parameters(shape, out_channels, bias)

    def forward(self, x: Tensor) -> Tensor:
        return conv_transpose2d(
            x,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self.dilation,
            fast=self.fast,
        )

    def extra_repr(self) -> str:
        return (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride},"
            f" padding={self.padding}, output_padding={self.output_padding}, groups={self.groups}"
        )


class SeparableConv2d(nn.Module):
    """`separable_conv2d` with its own two kernels: M·p·q + M·K numbers instead of M·K·p·q, and a bias.

    Shape: x (N, M, H, W) -> (N, K, H', W'), see `conv2d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding = 0,
        dilation: Size = 1,
        bias: bool = True,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        size = pair(kernel_size, "kernel_size", least=1)
        self.stride, self.padding, self.dilation, self.fast = stride, padding, dilation, fast
        self.depthwise, _ = _parameters((in_channels, 1, *size), in_channels, bias=False)
        self.pointwise, self.bias = _parameters((out_channels, in_channels, 1, 1), out_channels, bias)

    def forward(self, x: Tensor) -> Tensor:
        return separable_conv2d(
            x,
            self.depthwise,
            self.pointwise,
            self.bias,
            self.stride,
            self.padding,
            self.dilation,
            fast=self.fast,
        )
