"""Deformable convolution: each tap of the kernel looks where an offset, predicted for each place, sends it.

    Y^k_{ij} = Σ_m Σ_{u,v} X^m(s(i−1)+d(u−1)+1−P + Δ^{uv}_{ij}, …) M^{uv}_{ij} F^{mk}_{uv} + b^k

X between the places is bilinear: X(r, c) = Σ_{a,b} max(0, 1 − |r − a|) max(0, 1 − |c − b|) X_{ab},
and 0 outside.
Source: J. Dai et al., "Deformable Convolutional Networks" (2017), equations (1) to (4); the mask M: X. Zhu et
al., "Deformable ConvNets v2" (2019), equation (1).
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import accumulating, floating, maps, pair, per_map, same_kind, shaped
from nonconv.layers._autocast import is_on, under_autocast
from nonconv.layers._compiled import through_compiler
from nonconv.layers._parameters import Device, Dtype, draw_kernel_and_bias
from nonconv.layers._product import product
from nonconv.layers._sizes import Size, output_size
from nonconv.layers.convolution import Conv2d


def _bilinear(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The four neighbours of each point, weighted: x (B, H, W, C), points (B, Q) -> (B, Q, C)."""
    B, H, W, C = x.shape
    table = x.reshape(B * H * W, C)
    image = torch.arange(B, device=x.device)[:, None] * (H * W)
    top, left = rows.detach().floor(), columns.detach().floor()
    down, right = rows - top, columns - left  # in [0, 1), and what the gradient of a point goes through
    # an infinite point lies outside; one that is no number gives none
    far = rows.detach().isinf() | columns.detach().isinf()
    down, right = down.masked_fill(far, 0), right.masked_fill(far, 0)
    top, left = top.nan_to_num(nan=0).masked_fill(far, -2), left.nan_to_num(nan=0).masked_fill(far, -2)
    result = x.new_zeros(())
    for a, weight_a in ((top, 1 - down), (top + 1, down)):
        for b, weight_b in ((left, 1 - right), (left + 1, right)):
            inside = (a >= 0) & (a < H) & (b >= 0) & (b < W)
            place = image + a.clamp(0, H - 1).long() * W + b.clamp(0, W - 1).long()  # (B, Q)
            neighbour = table.index_select(0, place.flatten()).reshape(*place.shape, C)
            result = result + neighbour * (weight_a * weight_b * inside)[..., None].to(x.dtype)
    return result


def _grid_sample(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """The same by the framework's kernel, whose coordinates run from −1 to 1:
    (B, C, H, W), (B, Q) -> (B, Q, C).
    """
    H, W = x.shape[2:]
    grid = torch.stack([(2 * columns + 1) / W - 1, (2 * rows + 1) / H - 1], -1).to(x.dtype)
    return F.grid_sample(x, grid[:, None], align_corners=False)[:, :, 0].transpose(1, 2)


def _coordinates(dtype: torch.dtype) -> torch.dtype:
    """At least float32: a place such as 223.4 has no digit behind the point in 16 bits."""
    return dtype if dtype == torch.float64 else torch.float32


def bilinear_sample(
    x: Tensor, rows: Tensor, columns: Tensor, *, fast: bool = False, compiled: bool = False
) -> Tensor:
    """X(r, c) = Σ_{a,b} max(0, 1 − |r − a|) max(0, 1 − |c − b|) X_{ab}: x between its places, and 0 outside.

    Rows and columns count from 0, so X(0, 0) is the first number and X(H−1, W−1) the last. The gradient
    reaches x and the points; at a place itself, where the formula has a kink,
    it is the one from below and to the right.

    Shape: x (N, M, H, W), rows and columns (N, …) in the same dtype, or float32 for a 16-bit x -> (N, M, …).

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if compiled:
        return through_compiler(bilinear_sample, locals())
    same_kind(x=x)
    floating(x=x, rows=rows, columns=columns)
    maps(x)
    if x.dim() != 4 or rows.dim() < 2 or rows.shape != columns.shape or len(rows) != x.shape[0]:
        raise ValueError(
            f"x must have the dimensions (N, M, H, W), rows and columns one shape (N, …), not"
            f" {tuple(x.shape)}, {tuple(rows.shape)} and {tuple(columns.shape)}"
        )
    same_kind(rows=rows, columns=columns)
    if rows.device != x.device:
        raise ValueError(f"all tensors must have one device, but x is {x.device}, rows is {rows.device}")
    if rows.dtype not in (x.dtype, torch.float32):
        raise ValueError(f"rows and columns must be {x.dtype} as x, or float32, not {rows.dtype}")
    wide, r, c = (t.to(_coordinates(x.dtype)) for t in (x, rows.flatten(1), columns.flatten(1)))
    Y = _grid_sample(wide, r, c) if fast else _bilinear(wide.permute(0, 2, 3, 1), r, c)
    return Y.transpose(1, 2).unflatten(2, tuple(rows.shape[1:])).to(x.dtype)


def _checked(
    x: Tensor,
    offset: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    mask: Tensor | None,
    stride: Size,
    padding: Size,
    dilation: Size,
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int], int]:
    same_kind(x=x, offset=offset, weight=weight, bias=bias, mask=mask)
    floating(x=x)
    maps(x)
    if x.dim() != 4 or weight.dim() != 4 or offset.dim() != 4:
        raise ValueError(
            "x, offset and weight must have four dimensions each, not the shapes"
            f" {tuple(x.shape)}, {tuple(offset.shape)} and {tuple(weight.shape)}"
        )
    s, d = pair(stride, "stride", least=1), pair(dilation, "dilation", least=1)
    P = pair(padding, "padding", least=0)
    K, per_group, p, q = weight.shape
    M = x.shape[1]
    if per_group < 1 or M % per_group or K % (M // per_group):
        raise ValueError(
            f"weight of shape {tuple(weight.shape)} does not fit the {M} maps of x: its second dimension must"
            f" divide {M}, and the number of groups must divide K = {K}"
        )
    per_map(K, bias=bias)
    rows, columns = output_size(x.shape[2], p, s[0], P[0], d[0]), output_size(x.shape[3], q, s[1], P[1], d[1])
    fields = offset.shape[1] // (2 * p * q)
    if offset.shape[1] % (2 * p * q) or fields < 1 or M % fields:
        raise ValueError(
            f"offset must have 2·p·q = {2 * p * q} channels for each of its groups, which divide the {M}"
            f" maps of x, not {offset.shape[1]}"
        )
    shaped(
        offset=(offset, (x.shape[0], fields * 2 * p * q, rows, columns)),
        mask=(mask, (x.shape[0], fields * p * q, rows, columns)),
    )
    return s, P, d, (rows, columns), fields


def deform_conv2d(
    input: Tensor,
    offset: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = (1, 1),
    padding: Size = (0, 0),
    dilation: Size = (1, 1),
    mask: Tensor | None = None,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """Y^k_{ij} = Σ_m Σ_{u,v} X^m(s(i−1)+d(u−1)+1−P + Δy^{uv}_{ij}, …) M^{uv}_{ij} F^{mk}_{uv} + b^k.

    First the samples of all taps, then one matrix product with the kernel. Coordinates are computed in
    float32 for 16-bit inputs. `fast=True` samples with the framework's `grid_sample`,
    whose gradient cannot be differentiated again.

    Shape:
        input (N, M, H, W), offset (N, 2·G·p·q, H', W') with G groups of maps that move together, and in each
        (Δy, Δx) for tap (1, 1), then for (1, 2), …; weight (K, M/groups, p, q), bias (K,),
        mask (N, G·p·q, H', W') -> (N, K, H', W'), with H' and W' as for `conv2d`.

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(input):
        return under_autocast(deform_conv2d, locals(), torch.float32)
    if compiled:
        return through_compiler(deform_conv2d, locals())
    s, P, d, (rows, columns), fields = _checked(input, offset, weight, bias, mask, stride, padding, dilation)
    N, M = input.shape[:2]
    K, per_group, p, q = weight.shape
    if N == 0:
        return input.new_zeros(0, K, rows, columns)
    kind, where = _coordinates(input.dtype), input.device

    def places(out: int, k: int, step: int, gap: int, border: int) -> Tensor:
        """Where tap u of output i looks without an offset: (k, out)."""
        i, u = torch.arange(out, device=where, dtype=kind), torch.arange(k, device=where, dtype=kind)
        return step * i + gap * u[:, None] - border

    moved = offset.to(kind).reshape(N * fields, p, q, 2, rows, columns)
    r = moved[:, :, :, 0] + places(rows, p, s[0], d[0], P[0])[:, None, :, None]
    c = moved[:, :, :, 1] + places(columns, q, s[1], d[1], P[1])[None, :, None, :]
    r, c = (t.permute(0, 3, 4, 1, 2).reshape(N * fields, -1) for t in (r, c))  # (N·G, H'·W'·p·q)
    x = input.to(kind).reshape(N * fields, M // fields, *input.shape[2:])
    samples = _grid_sample(x, r, c) if fast else _bilinear(x.permute(0, 2, 3, 1), r, c)
    if mask is not None:
        m = mask.to(kind).reshape(N * fields, p * q, rows * columns).transpose(1, 2)
        samples = samples * m.reshape(N * fields, -1, 1)
    # (N, G, H'·W', p·q, M/G) -> (N, H'·W', p·q, M): the maps of all groups side by side again
    samples = samples.reshape(N, fields, rows * columns, p * q, M // fields)
    samples = samples.permute(0, 2, 3, 1, 4).reshape(N, rows * columns, p * q, M)
    (kernel,) = accumulating(weight)
    parts = [
        product(
            samples[..., first : first + per_group].flatten(2), part.flatten(2).permute(2, 1, 0).flatten(0, 1)
        )
        for first, part in zip(range(0, M, per_group), kernel.chunk(M // per_group), strict=True)
    ]  # each (N, H'·W', K/groups)
    Y = torch.cat(parts, 2).transpose(1, 2).contiguous().view(N, K, rows, columns).to(input.dtype)
    return Y if bias is None else Y + bias.reshape(1, K, 1, 1)


def deform_conv2d_by_definition(
    input: Tensor,
    offset: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size = (1, 1),
    padding: Size = (0, 0),
    dilation: Size = (1, 1),
    mask: Tensor | None = None,
) -> Tensor:
    """The formula read index by index; X(r, c) is summed over the *whole* image:
    slow, and nothing is hidden in it.

    Shape: as `deform_conv2d`, with one group of maps for the kernel and for the offsets.

    Source: Dai et al. (2017), equations (2) to (4).

    Raises ValueError as `deform_conv2d`, and for more groups than one.
    """
    s, P, d, (rows, columns), fields = _checked(input, offset, weight, bias, mask, stride, padding, dilation)
    N, M, H, W = input.shape
    K, per_group, p, q = weight.shape
    if fields != 1 or per_group != M:
        raise ValueError(
            f"the definition has one group, not {M // per_group} of the kernel and {fields} of offsets"
        )
    a, b = (torch.arange(n, dtype=input.dtype, device=input.device) for n in (H, W))
    Y = input.new_zeros(N, K, rows, columns)
    for n in range(N):
        for i in range(rows):
            for j in range(columns):
                for u in range(p):
                    for v in range(q):
                        tap = u * q + v
                        r = i * s[0] + u * d[0] - P[0] + offset[n, 2 * tap, i, j]
                        c = j * s[1] + v * d[1] - P[1] + offset[n, 2 * tap + 1, i, j]
                        near = (1 - (r - a).abs()).clamp(min=0)[:, None] * (1 - (c - b).abs()).clamp(
                            min=0
                        )  # (H, W)
                        sample = (input[n] * near).sum((1, 2))  # (M,)
                        if mask is not None:
                            sample = sample * mask[n, tap, i, j]
                        for k in range(K):
                            Y[n, k, i, j] += (sample * weight[k, :, u, v]).sum()
    return Y if bias is None else Y + bias.reshape(1, K, 1, 1)


class DeformConv2d(nn.Module):
    """`deform_conv2d` whose 2·p·q offset maps are predicted from the input by a convolution, zero at first.

    Shape: x (N, M, H, W) -> (N, K, H', W'), see `conv2d`.

    Source: Dai et al. (2017), section 2.1 and figure 2.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        dilation: Size = 1,
        bias: bool = True,
        device: Device = None,
        dtype: Dtype = None,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        p, q = pair(kernel_size, "kernel_size", least=1)
        place: Any = {"device": device, "dtype": dtype}
        plain = Conv2d(in_channels, out_channels, (p, q), stride, padding, dilation, bias=bias, **place)
        self.weight, self.bias = plain.weight, plain.bias
        self.stride, self.padding, self.dilation, self.fast = stride, padding, dilation, fast
        self.offset = Conv2d(in_channels, 2 * p * q, (p, q), stride, padding, dilation, fast=fast, **place)
        self._no_offset()

    def reset_parameters(self) -> None:
        draw_kernel_and_bias(self.weight, self.bias)
        self._no_offset()

    def _no_offset(self) -> None:
        for parameter in self.offset.parameters():
            nn.init.zeros_(parameter)

    def forward(self, x: Tensor) -> Tensor:
        return deform_conv2d(
            x,
            self.offset(x),
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self.dilation,
            fast=self.fast,
        )

    def extra_repr(self) -> str:
        K, M, *size = self.weight.shape
        return f"{M}, {K}, kernel_size={tuple(size)}, stride={self.stride}, bias={self.bias is not None}"
