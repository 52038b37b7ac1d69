"""The transposed convolution: each place of the input adds a kernel times its value to the result.

Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016), section 4.
"""

from collections.abc import Sequence
from math import prod

from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import accumulating, numbers, pair
from nonconv.layers._autocast import is_on, under_autocast
from nonconv.layers._compiled import through_compiler
from nonconv.layers._parameters import Device, Dtype, draw_kernel_and_bias, empty
from nonconv.layers._rows import layout_of
from nonconv.layers._sizes import Size, check_groups, check_shapes, laid_out_as, pad, transposed_size
from nonconv.layers._taps import spread_taps
from nonconv.layers.convolution import conv2d


def _transposed(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Size,
    padding: Size,
    output_padding: Size,
    groups: int,
    dilation: Size,
    fast: bool,
    sides: int,
) -> Tensor:
    check_shapes(x, weight, bias, groups, sides, transposed=True)
    s, d = numbers(stride, "stride", 1, sides), numbers(dilation, "dilation", 1, sides)
    P, extra = numbers(padding, "padding", 0, sides), numbers(output_padding, "output_padding", 0, sides)
    if any(e >= max(by, step) for e, by, step in zip(extra, s, d, strict=True)):
        raise ValueError(f"output_padding {extra} must be smaller than the stride {s} or the dilation {d}")
    batch = x if x.dim() == sides + 2 else x[None]
    kernel, size = tuple(weight.shape[2:]), tuple(batch.shape[2:])
    out = tuple(
        transposed_size(h, p, by, b, step) + e
        for h, p, by, b, step, e in zip(size, kernel, s, P, d, extra, strict=True)
    )
    if min(out) < 1:
        raise ValueError(f"padding {P} leaves nothing of the result: its size would be {out}")
    if (fast and 0 not in size) or x.is_meta:  # the framework refuses a side without a place
        convolve = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}[sides]
        Y = convolve(batch, weight, bias, s, P, extra, groups, d)
    else:
        if 0 in size:  # a side without a place: one place of zeros adds nothing
            batch = pad(batch, [(0, int(h == 0)) for h in size])
            size = tuple(batch.shape[2:])
        layout = layout_of(size, kernel, s, d)
        X, W = accumulating(batch, weight)
        rows = pad(X, [(0, 0), *((0, t - h) for t, h in zip(layout.grid[1:], size[1:], strict=True))])
        rows = rows.reshape(X.shape[0], groups, X.shape[1] // groups, layout.length)
        taps = W.reshape(groups, len(W) // groups, W.shape[1], prod(kernel)).permute(3, 0, 1, 2)
        T = prod(layout.grid) * prod(s)
        Y = layout.from_rows(spread_taps(rows, taps.contiguous(), layout.shifts, T))
        cut = [(-b, n + b - H) for b, n, H in zip(P, out, Y.shape[2:], strict=True)]
        Y = pad(Y, cut).to(x.dtype)
        Y = laid_out_as(Y if bias is None else Y + bias.reshape(-1, *[1] * sides), batch, weight)
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
    compiled: bool = False,
) -> Tensor:
    """Y^k_{ab} = Σ_m Σ_{i,j,u,v} X^m_{ij} F^{mk}_{uv} + b^k over s(i−1)+d(u−1)+1−P = a,
    s(j−1)+d(v−1)+1−P = b.

    The transpose of `conv2d`'s matrix with the same stride, padding and dilation: it is how a convolution
    passes gradients back. `conv_transpose2d_by_definition` reads it as an ordinary convolution.

    Shape:
        x (N, M, H, W) or (M, H, W), weight (M, K/groups, p, q), bias (K,) -> (N, K, H', W') or (K, H', W')
        with H' = (H − 1)s − 2P + d(p−1) + output_padding + 1, and likewise W'.

    Source: Dumoulin, Visin (2016), section 4.

    Raises ValueError for shapes, groups, dtypes or devices that do not fit, for an output_padding that is not
    smaller than the stride or the dilation, and for a padding that leaves nothing, naming them.
    """
    if is_on(x):
        return under_autocast(conv_transpose2d, locals())
    if compiled:
        return through_compiler(conv_transpose2d, locals())
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
    compiled: bool = False,
) -> Tensor:
    """Y^k_a = Σ_m Σ_{i,u} X^m_i F^{mk}_u + b^k over s(i−1)+d(u−1)+1−P = a: `conv1d` transposed.

    Shape: x (N, M, W) or (M, W), weight (M, K/groups, q), bias (K,) -> (N, K, W') or (K, W'),
    see `conv_transpose2d`.

    Raises ValueError as `conv_transpose2d`.
    """
    if is_on(x):
        return under_autocast(conv_transpose1d, locals())
    if compiled:
        return through_compiler(conv_transpose1d, locals())
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
    compiled: bool = False,
) -> Tensor:
    """`conv3d` transposed, as `conv_transpose2d` is `conv2d`'s.

    Shape:
        x (N, M, D, H, W) or (M, D, H, W), weight (M, K/groups, r, p, q), bias (K,) -> (N, K, D', H', W') or
        (K, D', H', W'), see `conv_transpose2d`.

    Raises ValueError as `conv_transpose2d`.
    """
    if is_on(x):
        return under_autocast(conv_transpose3d, locals())
    if compiled:
        return through_compiler(conv_transpose3d, locals())
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
    """Zeros between the places of x (s − 1 of them), then `conv2d` with the flipped kernel,
    padded by d(p−1) − P.

    Shape: as `conv_transpose2d`, with one group and P <= d(p−1).

    Source: Dumoulin, Visin (2016), section 4.5, relationship 13.

    Raises ValueError as `conv_transpose2d`, and for a larger padding.
    """
    check_shapes(x, weight, bias, 1, 2, transposed=True)
    d, P = pair(dilation, "dilation", least=1), pair(padding, "padding", least=0)
    around = tuple(step * (p - 1) - b for step, p, b in zip(d, weight.shape[2:], P, strict=True))
    if min(around) < 0:
        raise ValueError(
            f"padding {P} must be at most d(p−1) = {tuple(a + b for a, b in zip(around, P, strict=True))}"
        )
    flipped = weight.transpose(0, 1).flip(-2, -1)  # (K, M, p, q)
    return conv2d(insert_zeros(x, stride), flipped, bias, padding=around, dilation=d)


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
        padding_mode: str = "zeros",
        device: Device = None,
        dtype: Dtype = None,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        if padding_mode != "zeros":
            raise ValueError(f'padding_mode must be "zeros", the only one there is, not {padding_mode!r}')
        check_groups(groups, in_channels, out_channels)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = pair(kernel_size, "kernel_size", least=1)
        self.stride, self.dilation = pair(stride, "stride", least=1), pair(dilation, "dilation", least=1)
        self.padding = pair(padding, "padding", least=0)
        self.output_padding = pair(output_padding, "output_padding", least=0)
        self.fast = fast
        shape = (in_channels, out_channels // groups, *self.kernel_size)
        self.weight = empty(*shape, device=device, dtype=dtype)
        self.bias = empty(out_channels, device=device, dtype=dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_kernel_and_bias(self.weight, self.bias)

    def forward(self, x: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """With output_size, (H', W') or the whole shape, the output_padding is what gives this size."""
        extra = self.output_padding if output_size is None else self._extra(x, tuple(output_size))
        return conv_transpose2d(
            x,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            extra,
            self.groups,
            self.dilation,
            fast=self.fast,
        )

    def _extra(self, x: Tensor, size: tuple[int, ...]) -> tuple[int, ...]:
        geometry = (x.shape[-2:], self.kernel_size, self.stride, self.padding, self.dilation)
        least = list(map(transposed_size, *geometry))
        extra = tuple(n - by for n, by in zip(size[-2:], least, strict=False))
        if len(size) not in (2, x.dim()) or not all(
            0 <= e < s for e, s in zip(extra, self.stride, strict=True)
        ):
            raise ValueError(
                f"output_size must lie between {tuple(least)} and less than a stride {self.stride} above it,"
                f" not {size}"
            )
        return extra

    def extra_repr(self) -> str:
        more = f", dilation={self.dilation}" if self.dilation != (1, 1) else ""
        return (
            f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride},"
            f" padding={self.padding}, output_padding={self.output_padding}, groups={self.groups},"
            f" bias={self.bias is not None}{more}"
        )
