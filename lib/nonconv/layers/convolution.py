"""The convolution of the course: what every framework calls so (no flip of the kernel).

    Y^k_{ij} = Σ_m Σ_{u,v} X^m_{i+u-1, j+v-1} F^{mk}_{uv} + b^k

Mathematics counts from 1 and code from 0, so F^{mk}_{uv} is `weight[k-1, m-1, u-1, v-1]`.
Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016), sections 2 and 4.
"""

from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import SIDES, accumulating, numbers, pair
from nonconv.layers._autocast import is_on, under_autocast
from nonconv.layers._compiled import through_compiler
from nonconv.layers._loops import sum_of_slices
from nonconv.layers._parameters import Device, Dtype, draw_kernel_and_bias, empty
from nonconv.layers._rows import layout_of
from nonconv.layers._sizes import (
    BORDERS,
    Padding,
    Size,
    borders,
    check_groups,
    check_shapes,
    laid_out_as,
    pad,
    places,
)
from nonconv.layers._taps import sum_of_taps


def _convolve(
    x: Tensor,
    weight: Tensor,
    border: list[tuple[int, int]],
    s: tuple[int, ...],
    d: tuple[int, ...],
    groups: int,
) -> Tensor:
    """Y_i = Σ_u F_u X_{s·i+d·u} for x (N, M, …) with a border of zeros, in any number of dimensions."""
    sides, kernel = x.dim() - 2, tuple(weight.shape[2:])
    padded = [H + before + after for H, (before, after) in zip(x.shape[2:], border, strict=True)]
    out = tuple(map(places, padded, kernel, s, d, SIDES[sides]))
    if torch.compiler.is_compiling() and weight.shape[1] == 1 and groups == len(weight):
        return sum_of_slices(pad(x, border), weight[:, 0], s, d, out)
    layout = layout_of(out, kernel, s, d)
    fill = [
        (before, t * by - H - before)
        for t, by, H, (before, _) in zip(layout.grid, s, x.shape[2:], border, strict=True)
    ]
    X = layout.to_rows(pad(x, fill), groups)
    taps = weight.reshape(groups, len(weight) // groups, weight.shape[1], prod(kernel)).permute(3, 0, 1, 2)
    Y = sum_of_taps(X, taps.contiguous(), layout.shifts, layout.length)
    Y = Y.flatten(1, 2).unflatten(-1, (out[0], *layout.grid[1:]))
    return Y[(..., *(slice(n) for n in out))]


def _convolution(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Size,
    padding: Padding,
    dilation: Size,
    groups: int,
    padding_mode: str,
    fast: bool,
    sides: int,
) -> Tensor:
    check_shapes(x, weight, bias, groups, sides, transposed=False)
    s, d = numbers(stride, "stride", 1, sides), numbers(dilation, "dilation", 1, sides)
    batch = x if x.dim() == sides + 2 else x[None]
    kernel = tuple(weight.shape[2:])
    border = borders(padding, tuple(batch.shape[2:]), kernel, s, d, padding_mode)
    if padding_mode != "zeros":
        batch, border = pad(batch, border, BORDERS[padding_mode]), [(0, 0)] * sides
    for H, both, p, step, name in zip(batch.shape[2:], border, kernel, d, SIDES[sides], strict=True):
        places(H + sum(both), p, 1, step, name)
    if fast or x.is_meta:  # on the meta device only the shape is asked, and `cost` sees one convolution
        convolve = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[sides]
        even = all(before == after for before, after in border)  # the kernel makes such a border itself
        inner = batch if even else pad(batch, border)
        Y = convolve(inner, weight, bias, s, tuple(after for _, after in border) if even else 0, d, groups)
    else:
        X, W = accumulating(batch, weight)
        Y = _convolve(X, W, border, s, d, groups).to(x.dtype)
        Y = laid_out_as(Y if bias is None else Y + bias.reshape(-1, *[1] * sides), batch, weight)
    return Y if x.dim() == sides + 2 else Y[0]


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
    compiled: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_m Σ_{u,v} X^m_{s(i−1)+d(u−1)+1, s(j−1)+d(v−1)+1} F^{mk}_{uv} + b^k, on x with its border.

    Shape:
        x (N, M, H, W) or (M, H, W), weight (K, M/groups, p, q), bias (K,) -> (N, K, H', W') or (K, H', W')
        with H' = ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1, and likewise W'.

    `padding` is a number, a pair (rows, columns), "valid" (none) or "same" (stride 1 only; the odd row goes
    to the bottom, the odd column to the right). `padding_mode`: "zeros", "reflect" (mirror), "replicate" or
    "circular". `fast=True` leaves the sum to the framework's kernel.

    Raises ValueError for shapes, groups, dtypes or devices that do not fit, naming them.
    """
    if is_on(x):
        return under_autocast(conv2d, locals())
    if compiled:
        return through_compiler(conv2d, locals())
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
    compiled: bool = False,
) -> Tensor:
    """Y^k_i = Σ_m Σ_u X^m_{s(i−1)+d(u−1)+1} F^{mk}_u + b^k: `conv2d` of maps with one row.

    Shape: x (N, M, W) or (M, W), weight (K, M/groups, q), bias (K,) -> (N, K, W') or (K, W'), see `conv2d`.

    Raises ValueError as `conv2d`.
    """
    if is_on(x):
        return under_autocast(conv1d, locals())
    if compiled:
        return through_compiler(conv1d, locals())
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
    compiled: bool = False,
) -> Tensor:
    """Y^k_{hij} = Σ_m Σ_{t,u,v} X^m_{h+t−1, i+u−1, j+v−1} F^{mk}_{tuv} + b^k, with s and d as in `conv2d`.

    Shape:
        x (N, M, D, H, W) or (M, D, H, W), weight (K, M/groups, r, p, q), bias (K,) -> (N, K, D', H', W') or
        (K, D', H', W'), see `conv2d`.

    Raises ValueError as `conv2d`.
    """
    if is_on(x):
        return under_autocast(conv3d, locals())
    if compiled:
        return through_compiler(conv3d, locals())
    return _convolution(x, weight, bias, stride, padding, dilation, groups, padding_mode, fast, sides=3)


def conv2d_by_definition(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The formula read index by index, for stride 1 and no border: slow, and nothing is hidden in it.

    Shape: x (N, M, H, W), see `conv2d`.

    Raises ValueError as `conv2d`.
    """
    check_shapes(x, weight, bias, 1, 2, transposed=False)
    N, M, H, W = x.shape
    K, _, p, q = weight.shape
    rows, columns = places(H, p, 1, 1, "H"), places(W, q, 1, 1, "W")
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
    compiled: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_{u,v} X^m_{i+u−1, j+v−1} F^k_{uv} + b^k with m = ⌈k/c⌉: each map with its own c kernels.

    It is `conv2d` with groups = M.

    Shape: x (N, M, H, W), weight (c·M, 1, p, q), bias (c·M,) -> (N, c·M, H', W'), see `conv2d`.

    Source: F. Chollet, "Xception" (2017), section 1; stride, padding and dilation as in `conv2d`.

    Raises ValueError as `conv2d`.
    """
    if is_on(x):
        return under_autocast(depthwise_conv2d, locals())
    if compiled:
        return through_compiler(depthwise_conv2d, locals())
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
    compiled: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_m P^{mk} Σ_{u,v} X^m_{i+u−1, j+v−1} D^m_{uv} + b^k: depthwise, then 1×1.

    It is the convolution whose kernel is a product, F^{mk}_{uv} = D^m_{uv} P^{mk}.

    Shape:
        x (N, M, H, W), depthwise (c·M, 1, p, q), pointwise (K, c·M, 1, 1), bias (K,) -> (N, K, H', W'),
        see `conv2d`.

    Source: F. Chollet, "Xception" (2017), section 1.

    Raises ValueError as `conv2d`, and for a pointwise kernel that is not 1×1.
    """
    if is_on(x):
        return under_autocast(separable_conv2d, locals())
    if compiled:
        return through_compiler(separable_conv2d, locals())
    if pointwise.dim() != 4 or pointwise.shape[2:] != (1, 1):
        raise ValueError(f"pointwise must have the shape (K, M, 1, 1), not {tuple(pointwise.shape)}")
    Y = depthwise_conv2d(x, depthwise, None, stride, padding, dilation, padding_mode=padding_mode, fast=fast)
    return conv2d(Y, pointwise, bias, fast=fast)


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
        padding_mode: str = "zeros",
        device: Device = None,
        dtype: Dtype = None,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        check_groups(groups, in_channels, out_channels)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = pair(kernel_size, "kernel_size", least=1)
        self.stride = pair(stride, "stride", least=1)
        self.dilation = pair(dilation, "dilation", least=1)
        self.padding, self.padding_mode, self.fast = padding, padding_mode, fast
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = empty(*shape, device=device, dtype=dtype)
        self.bias = empty(out_channels, device=device, dtype=dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_kernel_and_bias(self.weight, self.bias)

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
        more = f", dilation={self.dilation}" if self.dilation != (1, 1) else ""
        more += f", padding_mode={self.padding_mode}" if self.padding_mode != "zeros" else ""
        return (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride},"
            f" padding={self.padding!r}, groups={self.groups}, bias={self.bias is not None}{more}"
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
        device: Device = None,
        dtype: Dtype = None,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        check_groups(1, in_channels, out_channels)
        size = pair(kernel_size, "kernel_size", least=1)
        self.stride, self.padding, self.dilation, self.fast = stride, padding, dilation, fast
        self.depthwise = empty(in_channels, 1, *size, device=device, dtype=dtype)
        self.pointwise = empty(out_channels, in_channels, 1, 1, device=device, dtype=dtype)
        self.bias = empty(out_channels, device=device, dtype=dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_kernel_and_bias(self.depthwise, None)
        draw_kernel_and_bias(self.pointwise, self.bias)

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

    def extra_repr(self) -> str:
        M, K, size = len(self.depthwise), len(self.pointwise), tuple(self.depthwise.shape[2:])
        return f"{M}, {K}, kernel_size={size}, stride={self.stride}, bias={self.bias is not None}"
