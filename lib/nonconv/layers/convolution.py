"""The convolution of the course: what every framework calls so (no flip of the kernel).

    Y^k_{ij} = Σ_m Σ_{u,v} X^m_{i+u-1, j+v-1} F^{mk}_{uv} + b^k

Mathematics counts from 1 and code from 0, so F^{mk}_{uv} is `weight[k-1, m-1, u-1, v-1]`.
Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016), sections 2 and 4.
"""

from math import ceil, sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import pair, per_map, same_kind

Padding = int | tuple[int, int] | str

# The framework's own names for the border rules, as `torch.nn.functional.pad` takes them.
BORDERS = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def same_padding(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Border (before, after) with which a convolution returns ceil(size / stride) positions.

    With stride 1 that is d(p−1) rows in all; an odd number puts the extra one *after* (bottom, right).
    """
    if min(size, kernel, stride, dilation) < 1:
        raise ValueError(
            f"size, kernel, stride and dilation must be at least 1, not {size}, {kernel}, {stride}, {dilation}"
        )
    total = max((ceil(size / stride) - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
    return total // 2, total - total // 2


def _check(x: Tensor, weight: Tensor, bias: Tensor | None, groups: int) -> None:
    same_kind(x=x, weight=weight, bias=bias)
    if x.dim() != 4:
        raise ValueError(f"x must have the four dimensions (N, M, H, W), not shape {tuple(x.shape)}")
    if weight.dim() != 4:
        raise ValueError(
            f"weight must have the four dimensions (K, M/groups, p, q), not shape {tuple(weight.shape)}"
        )
    M, K = x.shape[1], weight.shape[0]
    if not isinstance(groups, int) or groups < 1:
        raise ValueError(f"groups must be an integer >= 1, not {groups!r}")
    if M % groups or K % groups:
        raise ValueError(f"groups = {groups} must divide both the {M} input maps and the {K} output maps")
    if weight.shape[1] * groups != M:
        raise ValueError(
            f"x has {M} maps, so with groups = {groups} weight needs {M // groups} in its second dimension,"
            f" not {weight.shape[1]} (weight has shape {tuple(weight.shape)})"
        )
    per_map(K, bias=bias)


def _border(
    x: Tensor,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    padding: Padding,
    dilation: tuple[int, int],
    padding_mode: str,
) -> Tensor:
    """x with its border added, (N, M, H + 2P, W + 2P)."""
    if padding_mode not in BORDERS:
        raise ValueError(f"padding_mode must be one of {', '.join(BORDERS)}, not {padding_mode!r}")
    if padding == "valid":
        (top, bottom), (left, right) = (0, 0), (0, 0)
    elif padding == "same":
        if stride != (1, 1):
            raise ValueError(
                f'padding="same" keeps the size of the input, which stride {stride} cannot;'
                " use stride 1 or give the padding as numbers (see same_padding)"
            )
        (top, bottom), (left, right) = (
            same_padding(size, p, dilation=d)
            for size, p, d in zip(x.shape[2:], kernel, dilation, strict=True)
        )
    elif isinstance(padding, str):
        raise ValueError(f'padding must be "valid", "same" or one or two integers, not {padding!r}')
    else:
        rows, columns = pair(padding, "padding", least=0)
        (top, bottom), (left, right) = (rows, rows), (columns, columns)
    H, W = x.shape[2:]
    for name, size, reach in (("rows", H, max(top, bottom)), ("columns", W, max(left, right))):
        limit = {"reflect": size - 1, "circular": size}.get(padding_mode, reach)
        if reach > limit:
            raise ValueError(
                f"a {padding_mode} border of {reach} {name} needs more than the {size} {name} of x;"
                f" at most {limit} fit"
            )
    if top == bottom == left == right == 0:
        return x
    return F.pad(x, (left, right, top, bottom), mode=BORDERS[padding_mode])


def _output_size(padded: int, kernel: int, stride: int, dilation: int, name: str) -> int:
    """⌊(H + 2P − d(p−1) − 1)/s⌋ + 1 for a side that already has its border."""
    reach = dilation * (kernel - 1) + 1
    if kernel < 1 or padded < reach:
        raise ValueError(
            f"the kernel spans {reach} {name} (size {kernel}, dilation {dilation}),"
            f" but the padded input has only {padded}"
        )
    return (padded - reach) // stride + 1


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | tuple[int, int] = 1,
    padding: Padding = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
    *,
    padding_mode: str = "zeros",
    fast: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_m Σ_{u,v} X^m_{s(i−1)+d(u−1)+1, s(j−1)+d(v−1)+1} F^{mk}_{uv} + b^k, on x with its border.

    Shape:
        x (N, M, H, W), weight (K, M/groups, p, q), bias (K,) -> (N, K, H', W') with
        H' = ⌊(H + 2P − d(p−1) − 1)/s⌋ + 1, and likewise W'.

    `padding` is a number, a pair (rows, columns), "valid" (none) or "same" (stride 1 only; the odd row goes
    to the bottom, the odd column to the right). `padding_mode`: "zeros", "reflect" (mirror), "replicate" or
    "circular". `fast=True` leaves the sum to the framework's kernel.

    Raises ValueError for shapes, groups, dtypes or devices that do not fit, naming them.
    """
    _check(x, weight, bias, groups)
    K, _, p, q = weight.shape
    s, d = pair(stride, "stride", least=1), pair(dilation, "dilation", least=1)
    x = _border(x, (p, q), s, padding, d, padding_mode)
    N, M, H, W = x.shape
    rows = _output_size(H, p, s[0], d[0], "rows")
    columns = _output_size(W, q, s[1], d[1], "columns")
    if fast:
        return F.conv2d(x, weight, bias, s, 0, d, groups)

    # One tap (u, v) at a time: the shifted input, times F_uv, as a matrix product over the maps of each group.
    grouped = x.reshape(N, groups, M // groups, H, W)
    taps = weight.reshape(groups, K // groups, M // groups, p, q)
    Y = x.new_zeros(N, groups, K // groups, rows, columns)
    for u in range(p):
        for v in range(q):
            shifted = grouped[
                ...,
                d[0] * u : d[0] * u + s[0] * (rows - 1) + 1 : s[0],
                d[1] * v : d[1] * v + s[1] * (columns - 1) + 1 : s[1],
            ]  # (N, groups, M/groups, H', W')
            Y = Y + torch.einsum("gkm,ngmij->ngkij", taps[..., u, v], shifted)
    Y = Y.reshape(N, K, rows, columns)
    return Y if bias is None else Y + bias.reshape(1, K, 1, 1)


def conv2d_by_definition(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The formula read index by index, for stride 1 and no border: slow, and nothing is hidden in it.

    Shape: as `conv2d`.
    """
    _check(x, weight, bias, groups=1)
    N, M, H, W = x.shape
    K, _, p, q = weight.shape
    rows, columns = _output_size(H, p, 1, 1, "rows"), _output_size(W, q, 1, 1, "columns")
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


class Conv2d(nn.Module):
    """`conv2d` with its own kernel `weight` and bias, named and initialised as `torch.nn.Conv2d`'s.

    Shape: x (N, M, H, W) -> (N, K, H', W'), see `conv2d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        stride: int | tuple[int, int] = 1,
        padding: Padding = 0,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
        *,
        padding_mode: str = "zeros",
        fast: bool = True,
    ) -> None:
        super().__init__()
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise ValueError(
                f"groups = {groups} must divide both in_channels = {in_channels} and out_channels = {out_channels}"
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = pair(kernel_size, "kernel_size", least=1)
        self.stride = pair(stride, "stride", least=1)
        self.dilation = pair(dilation, "dilation", least=1)
        self.padding, self.padding_mode, self.fast = padding, padding_mode, fast
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels // groups, *self.kernel_size))
        nn.init.kaiming_uniform_(self.weight, a=sqrt(5))  # the framework's default
        fan_in = self.weight[0].numel()
        self.bias = nn.Parameter(torch.empty(out_channels).uniform_(-1, 1) / sqrt(fan_in)) if bias else None

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
