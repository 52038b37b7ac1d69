"""Between a convolution and a fully connected layer: what sharing of weights and local windows each save.

    convolution          Y^k_{ij} = Σ X^m_{i+u−1, j+v−1} F^{mk}_{uv} + b^k               one kernel everywhere
    locally connected    Y^k_{ij} = Σ X^m_{i+u−1, j+v−1} F^{mk}_{uv, ij} + b^k_{ij}  a kernel at each place
    fully connected      Y_k = Σ_m X_m W_{km} + b_k                                      no windows at all

Source: I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016), sections 9.2 and 9.5.
"""

from math import prod, sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import are_counts, maps, numbers, numeric, pair, per_map, same_kind, shaped
from nonconv.layers._autocast import is_on, under_autocast
from nonconv.layers._compiled import through_compiler
from nonconv.layers._parameters import Device, Dtype, draw_uniform, empty
from nonconv.layers._product import product
from nonconv.layers._sizes import Size, check_groups, output_size
from nonconv.layers.convolution import conv2d


def linear(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, *, fast: bool = False, compiled: bool = False
) -> Tensor:
    """Y_k = Σ_m X_m W_{km} + b_k.

    Shape: x (…, M), weight (K, M), bias (K,) -> (…, K). A weight (M,) without a bias gives one number, (…).

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(x):
        return under_autocast(linear, locals())
    if compiled:
        return through_compiler(linear, locals())
    same_kind(x=x, weight=weight, bias=bias)
    numeric(x=x)
    if weight.dim() == 1 and bias is None and x.shape[-1:] == weight.shape:
        return x @ weight
    if weight.dim() != 2 or x.dim() < 1 or x.shape[-1] != weight.shape[1]:
        raise ValueError(
            f"x must have the dimensions (…, M) and weight (K, M), not {tuple(x.shape)} and"
            f" {tuple(weight.shape)}"
        )
    per_map(len(weight), bias=bias)
    if fast:
        return F.linear(x, weight, bias)
    Y = product(x, weight.T)
    return Y if bias is None else Y + bias


def linear_as_conv2d(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, *, fast: bool = False, compiled: bool = False
) -> Tensor:
    """Y^k = Σ_m Σ_{i,j} X^m_{ij} F^{mk}_{ij} + b^k:
    a fully connected layer is the convolution of the input's size.

    Its kernel is F^{mk}_{ij} = W_{k, mij}, read in the order in which the input is flattened.

    Shape: x (N, M, H, W), weight (K, M·H·W), bias (K,) -> (N, K, 1, 1), `linear` of the flattened x.

    Source: Y. LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998), layer C5.

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(x):
        return under_autocast(linear_as_conv2d, locals())
    if compiled:
        return through_compiler(linear_as_conv2d, locals())
    same_kind(x=x, weight=weight, bias=bias)
    maps(x)
    if weight.dim() != 2 or weight.shape[1] != prod(x.shape[-3:]):
        raise ValueError(
            f"weight must have the shape (K, {prod(x.shape[-3:])}) for x of shape {tuple(x.shape)},"
            f" not {tuple(weight.shape)}"
        )
    return conv2d(x, weight.unflatten(1, tuple(x.shape[-3:])), bias, fast=fast)


def _local(x: Tensor, weight: Tensor, bias: Tensor | None, stride: Size) -> tuple[int, int]:
    same_kind(x=x, weight=weight, bias=bias)
    maps(x)
    if weight.dim() != 6:
        raise ValueError(
            f"weight must have the six dimensions (H', W', K, M, p, q), not shape {tuple(weight.shape)}"
        )
    s = pair(stride, "stride", least=1)
    K, _, p, q = weight.shape[2:]
    if p > x.shape[-2] or q > x.shape[-1]:
        raise ValueError(f"the kernel {p}×{q} is larger than x, {x.shape[-2]}×{x.shape[-1]}")
    out = (output_size(x.shape[-2], p, s[0]), output_size(x.shape[-1], q, s[1]))
    shaped(weight=(weight, (*out, K, x.shape[-3], p, q)), bias=(bias, (K, *out)))
    return s


def locally_connected2d(x: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Size = 1) -> Tensor:
    """Y^k_{ij} = Σ_m Σ_{u,v} X^m_{s(i−1)+u, s(j−1)+v} F^{mk}_{uv, ij} + b^k_{ij}: nothing is shared.

    Affine, with the windows of a convolution, and yet none: it does not commute with shifts.

    Shape:
        x (N, M, H, W) or (M, H, W), weight (H', W', K, M, p, q), bias (K, H', W') -> (N, K, H', W') or
        (K, H', W') with H' = ⌊(H − p)/s⌋ + 1, and likewise W'.

    Source: Goodfellow, Bengio, Courville (2016), equation (9.9).

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(x):
        return under_autocast(locally_connected2d, locals())
    s = _local(x, weight, bias, stride)
    p, q = weight.shape[4:]
    windows = x.unfold(-2, p, s[0]).unfold(-2, q, s[1])  # (…, M, H', W', p, q)
    Y = torch.einsum("...mijuv,ijkmuv->...kij", windows, weight)
    return Y if bias is None else Y + bias


def locally_connected2d_by_definition(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, stride: Size = 1
) -> Tensor:
    """The formula of `locally_connected2d`, one place and one map at a time:
    slow, and nothing is hidden in it.

    Shape: as `locally_connected2d`.

    Raises ValueError as `locally_connected2d`.
    """
    s = _local(x, weight, bias, stride)
    rows, columns, K, _, p, q = weight.shape
    Y = x.new_zeros(*x.shape[:-3], K, rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[..., i * s[0] : i * s[0] + p, j * s[1] : j * s[1] + q]  # (…, M, p, q)
            for k in range(K):
                Y[..., k, i, j] = (window * weight[i, j, k]).sum((-3, -2, -1))
                if bias is not None:
                    Y[..., k, i, j] += bias[k, i, j]
    return Y


def convolution_matrix(
    weight: Tensor,
    size: tuple[int, int],
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Tensor:
    """A with conv2d(x, weight, …).flatten() = A x.flatten():
    A_{(k,i,j), (m,a,b)} = F^{mk}_{uv} where a = si+du−P, ….

    Shared weights make it Toeplitz, groups block-diagonal;
    the transposed convolution is Aᵀ, a composition a product.

    Shape: weight (K, M/groups, p, q), size (H, W) -> (K·H'·W', M·H·W).

    Raises ValueError for a size that is not two integers >= 1, and as `conv2d`.
    """
    if weight.dim() != 4 or not are_counts(groups) or len(weight) % groups:
        raise ValueError(
            f"weight must have the four dimensions (K, M/groups, p, q), K a multiple of groups, not shape"
            f" {tuple(weight.shape)} with groups = {groups!r}"
        )
    H, W = pair(size, "size", least=1)
    s, d = pair(stride, "stride", least=1), pair(dilation, "dilation", least=1)
    P = pair(padding, "padding", least=0)
    K, per_group, p, q = weight.shape
    rows, columns = output_size(H, p, s[0], P[0], d[0]), output_size(W, q, s[1], P[1], d[1])
    A = weight.new_zeros(K, rows, columns, per_group * groups, H, W)
    k = torch.arange(K, device=weight.device)
    first = k // (K // groups) * per_group  # the first map that output k sees
    for i in range(rows):
        for j in range(columns):
            for u in range(p):
                for v in range(q):
                    a, b = i * s[0] + u * d[0] - P[0], j * s[1] + v * d[1] - P[1]
                    if 0 <= a < H and 0 <= b < W:
                        for m in range(per_group):
                            A[k, i, j, first + m, a, b] = weight[:, m, u, v]
    return A.reshape(K * rows * columns, -1)


class Linear(nn.Module):
    """`linear` with its own W and b, named and initialised as `torch.nn.Linear`'s.

    Shape: x (…, M) -> (…, K).
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Device = None,
        dtype: Dtype = None,
        *,
        fast: bool = True,
    ) -> None:
        super().__init__()
        if not are_counts(in_features, out_features):
            raise ValueError(
                f"in_features and out_features must be integers of at least 1, not {in_features},"
                f" {out_features}"
            )
        self.in_features, self.out_features, self.fast = in_features, out_features, fast
        self.weight = empty(out_features, in_features, device=device, dtype=dtype)
        self.bias = empty(out_features, device=device, dtype=dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_uniform(1 / sqrt(self.in_features), self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return linear(x, self.weight, self.bias, fast=self.fast)

    def extra_repr(self) -> str:
        return f"{self.in_features}, {self.out_features}, bias={self.bias is not None}"


class LocallyConnected2d(nn.Module):
    """`locally_connected2d` with its own kernels, for inputs of one size.

    Shape: x (N, M, H, W) with (H, W) = size -> (N, K, H', W').
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        size: Size,
        kernel_size: Size,
        stride: Size = 1,
        bias: bool = True,
        device: Device = None,
        dtype: Dtype = None,
    ) -> None:
        super().__init__()
        check_groups(1, in_channels, out_channels)
        H, W = pair(size, "size", least=1)
        p, q = pair(kernel_size, "kernel_size", least=1)
        self.stride = numbers(stride, "stride", 1, 2)
        out = (output_size(H, p, self.stride[0]), output_size(W, q, self.stride[1]))
        self.weight = empty(*out, out_channels, in_channels, p, q, device=device, dtype=dtype)
        self.bias = empty(out_channels, *out, device=device, dtype=dtype) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        draw_uniform(1 / sqrt(prod(self.weight.shape[3:])), self.weight, self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return locally_connected2d(x, self.weight, self.bias, self.stride)

    def extra_repr(self) -> str:
        rows, columns, K, M, *size = self.weight.shape
        return f"{M}, {K}, kernel_size={tuple(size)}, places={(rows, columns)}, bias={self.bias is not None}"
