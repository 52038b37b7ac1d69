"""Gates: a weight in (0, 1) for each channel or place, computed from the input, times the input.

    channel     A = σ(Σ_agg W₁ ReLU(W₀ agg(X))), agg over the places           Y^k_{ij} = A^k X^k_{ij}
    spatial     A = σ(F * [mean_k X; max_k X])                                 Y^k_{ij} = A_{ij} X^k_{ij}

The gates are independent of each other, as σ is applied to each by itself. None of them is affine.
Sources: J. Hu, L. Shen, G. Sun, "Squeeze-and-Excitation Networks" (2018), equations (2) to (4); S. Woo et
al., "CBAM" (2018), equations (1) to (3); F. Wang et al., "Residual Attention Network" (2017), equation (3).
"""

from collections.abc import Sequence
from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import are_counts, floating_images, same_kind
from nonconv.layers._autocast import is_on, under_autocast
from nonconv.layers._compiled import through_compiler
from nonconv.layers._parameters import Device, Dtype, draw_matrix, draw_uniform, empty, squeezed
from nonconv.layers.connected import linear
from nonconv.layers.convolution import conv2d
from nonconv.layers.normalization import BatchNorm2d


def aggregate_places(x: Tensor, by: str) -> Tensor:
    """F^k = mean or maximum of X^k over all places.

    Shape: x (N, C, H, W) -> (N, C).

    Raises ValueError for a `by` that is not "avg" or "max", an x of another shape or of integers.
    """
    floating_images(x)
    if by not in ("avg", "max"):
        raise ValueError(f'an aggregate must be "avg" or "max", not {by!r}')
    return x.mean((2, 3)) if by == "avg" else x.flatten(2).max(2).values


def channel_attention(
    x: Tensor,
    W0: Tensor,
    W1: Tensor,
    b0: Tensor | None = None,
    b1: Tensor | None = None,
    aggregates: Sequence[str] = ("avg", "max"),
) -> Tensor:
    """A = σ(Σ_agg W₁ ReLU(W₀ F_agg + b₀) + b₁): one weight in (0, 1) for each map, to multiply x by.

    Both aggregates go through the same two-layer perceptron, as in CBAM; with ("avg",) it is SE's.

    Shape: x (N, C, H, W), W0 (C/r, C), W1 (C, C/r), b0 (C/r,), b1 (C,) -> (N, C, 1, 1).

    Source: Woo et al. (2018), equation (2); Hu et al. (2018), equation (3).

    Raises ValueError for shapes, dtypes or devices that do not fit, and for no or an unknown aggregate.
    """
    if is_on(x):
        return under_autocast(channel_attention, locals())
    floating_images(x)
    same_kind(x=x, W0=W0, W1=W1, b0=b0, b1=b1)
    C = x.shape[1]
    if W0.dim() != 2 or W1.shape != W0.shape[::-1] or W0.shape[1] != C:
        raise ValueError(
            f"W0 must have the shape (C/r, C) and W1 (C, C/r) with C = {C}, not {tuple(W0.shape)} and"
            f" {tuple(W1.shape)}"
        )
    if not aggregates:
        raise ValueError('aggregates must name "avg", "max" or both, not none')
    squeezed = [linear(aggregate_places(x, by), W0, b0) for by in aggregates]
    excited = [linear(F.relu(hidden), W1, b1) for hidden in squeezed]
    return torch.sigmoid(torch.stack(excited).sum(0))[..., None, None]


def squeeze_excitation(
    x: Tensor, W0: Tensor, W1: Tensor, b0: Tensor | None = None, b1: Tensor | None = None
) -> Tensor:
    """Y^k = A^k X^k with A = σ(W₁ ReLU(W₀ F_avg + b₀) + b₁): SE squeezes by the average alone.

    Shape: as `channel_attention` -> (N, C, H, W).

    Source: Hu et al. (2018), equations (2) to (4).

    Raises ValueError as `channel_attention`.
    """
    if is_on(x):
        return under_autocast(squeeze_excitation, locals())
    return x * channel_attention(x, W0, W1, b0, b1, aggregates=("avg",))


def spatial_attention(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, *, fast: bool = False, compiled: bool = False
) -> Tensor:
    """A = σ(F * [mean_k X; max_k X] + b): one weight in (0, 1) for each place, to multiply x by.

    Shape: x (N, C, H, W), weight (1, 2, k, k) with an odd k, bias (1,) -> (N, 1, H, W).

    Source: Woo et al. (2018), equation (3), k = 7.

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    if is_on(x):
        return under_autocast(spatial_attention, locals())
    if compiled:
        return through_compiler(spatial_attention, locals())
    floating_images(x)
    if weight.dim() != 4 or weight.shape[:2] != (1, 2) or any(k % 2 == 0 for k in weight.shape[2:]):
        raise ValueError(f"weight must have the shape (1, 2, k, k) with an odd k, not {tuple(weight.shape)}")
    return torch.sigmoid(conv2d(_mean_and_max(x), weight, bias, padding="same", fast=fast))


def _mean_and_max(x: Tensor) -> Tensor:
    """[mean_k X; max_k X], (N, 2, H, W)."""
    return torch.cat([x.mean(1, keepdim=True), x.max(1, keepdim=True).values], 1)


def cbam(
    x: Tensor,
    W0: Tensor,
    W1: Tensor,
    weight: Tensor,
    b0: Tensor | None = None,
    b1: Tensor | None = None,
    bias: Tensor | None = None,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """X' = A_channel(X) X, then Y = A_spatial(X') X': channels first, then places.

    Shape: see `channel_attention` and `spatial_attention` -> (N, C, H, W).

    Source: Woo et al. (2018), equation (1).

    Raises ValueError as these two.
    """
    if is_on(x):
        return under_autocast(cbam, locals())
    if compiled:
        return through_compiler(cbam, locals())
    x = x * channel_attention(x, W0, W1, b0, b1)
    return x * spatial_attention(x, weight, bias, fast=fast)


def residual_mask(x: Tensor, mask: Tensor) -> Tensor:
    """Y = (1 + M) X: a mask in [0, 1] can strengthen what it looks at, and 0 leaves it as it is.

    Shape: x (N, C, H, W), mask the same, or with a 1 for N, C, H or W -> x's.

    Source: Wang et al. (2017), equation (3).

    Raises ValueError for shapes, dtypes or devices that do not fit, naming them.
    """
    same_kind(x=x, mask=mask)
    if mask.dim() != x.dim() or any(m not in (1, n) for m, n in zip(mask.shape, x.shape, strict=True)):
        raise ValueError(
            f"mask must have x's shape {tuple(x.shape)} or a 1 in its dimensions, not {tuple(mask.shape)}"
        )
    return (1 + mask) * x


class _Gated(nn.Module):
    """A module with the two-layer perceptron of `channel_attention`: W0, W1, b0 and b1."""

    def __init__(self, channels: int, ratio: int, bias: bool, device: Device, dtype: Dtype) -> None:
        super().__init__()
        hidden = squeezed(channels, ratio)
        self.W0 = empty(hidden, channels, device=device, dtype=dtype)
        self.W1 = empty(channels, hidden, device=device, dtype=dtype)
        self.b0 = empty(hidden, device=device, dtype=dtype) if bias else None
        self.b1 = empty(channels, device=device, dtype=dtype) if bias else None

    def extra_repr(self) -> str:
        hidden, channels = self.W0.shape
        return f"{channels}, ratio={channels // hidden}, bias={self.b0 is not None}"

    def reset_parameters(self) -> None:
        draw_matrix(self.W0, self.W1)
        for bias in (self.b0, self.b1):
            if bias is not None:
                nn.init.zeros_(bias)


class SqueezeExcitation(_Gated):
    """`squeeze_excitation` with its own perceptron: 2C²/r weights, and C + C/r biases.

    Shape: x (N, C, H, W) -> (N, C, H, W).

    Source: Hu et al. (2018), r = 16.
    """

    def __init__(
        self,
        channels: int,
        ratio: int = 16,
        bias: bool = True,
        device: Device = None,
        dtype: Dtype = None,
    ) -> None:
        super().__init__(channels, ratio, bias, device, dtype)
        self.reset_parameters()

    def forward(self, x: Tensor) -> Tensor:
        return squeeze_excitation(x, self.W0, self.W1, self.b0, self.b1)


class CBAM(_Gated):
    """`cbam` with its own perceptron and its own k×k kernel.

    With batch_norm the k×k convolution is followed by one, A = σ(BN(F * [mean; max])), as in the authors'
    code; the paper's formula has none.

    Shape: x (N, C, H, W) -> (N, C, H, W).

    Source: Woo et al. (2018), r = 16, k = 7.
    """

    def __init__(
        self,
        channels: int,
        ratio: int = 16,
        kernel_size: int = 7,
        bias: bool = True,
        batch_norm: bool = False,
        device: Device = None,
        dtype: Dtype = None,
    ) -> None:
        super().__init__(channels, ratio, bias, device, dtype)
        if not are_counts(kernel_size) or kernel_size % 2 == 0:
            raise ValueError(f"kernel_size must be odd, not {kernel_size}")
        self.weight = empty(1, 2, kernel_size, kernel_size, device=device, dtype=dtype)
        self.norm = BatchNorm2d(1, momentum=0.01, device=device, dtype=dtype) if batch_norm else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        super().reset_parameters()
        draw_uniform(1 / sqrt(self.weight.numel()), self.weight)
        if self.norm is not None:
            self.norm.reset_parameters()

    def forward(self, x: Tensor) -> Tensor:
        if self.norm is None:
            return cbam(x, self.W0, self.W1, self.weight, self.b0, self.b1, fast=True)
        x = x * channel_attention(x, self.W0, self.W1, self.b0, self.b1)
        e = conv2d(_mean_and_max(x), self.weight, padding="same", fast=True)  # (N, 1, H, W)
        return x * torch.sigmoid(self.norm(e))
