"""Convolutions in float64. The framework runs depthwise ones map by map, with a call for each; here they are
one product for each tap of the kernel, which takes a fifth of the time. Large kernels on few places it lays
out anew for each product, which takes longer than the product; here they are read as they lie there.
"""

from math import prod
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from nonconv.layers._loops import slices
from nonconv.layers._sizes import places

_FEW = 8  # groups, up to which the framework is as fast
_LARGE, _PLACES = 1 << 17, 32  # numbers of a kernel, and places, from which and up to which it is not
_CONVOLUTIONS: dict[Any, int] = {torch.conv1d: 1, torch.conv2d: 2, torch.conv3d: 3}
for _sides in (1, 2, 3):
    _packet = getattr(torch.ops.aten, f"conv{_sides}d")
    _CONVOLUTIONS |= {_packet: _sides, _packet.default: _sides}


class TapByTap(TorchFunctionMode):
    """Within, such convolutions in float64 run as they do here; all else runs as it does."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func in _CONVOLUTIONS and not kwargs and len(args) == 7 and _exact(args, _CONVOLUTIONS[func]):
            x, weight, *_, groups = args
            if groups > _FEW and weight.shape[1] == 1 and x.shape[1] == groups == weight.shape[0]:
                return depthwise(*args)
            if groups == 1 and weight.numel() >= _LARGE and len(x) * _places(args) <= _PLACES:
                return as_product(*args[:-1])
        return func(*args, **(kwargs or {}))


def _exact(args: tuple[Any, ...], sides: int) -> bool:
    x, weight, bias, *how, _ = args
    return (
        x.dtype == weight.dtype == torch.float64
        and (bias is None or bias.dtype == torch.float64)
        and x.dim() == sides + 2
        and all(isinstance(numbers, tuple | list) and len(numbers) == sides for numbers in how)
        and not (torch.is_grad_enabled() and (x.requires_grad or weight.requires_grad))
    )


def _places(args: tuple[Any, ...]) -> int:
    x, weight, _, stride, padding, dilation, _ = args
    return prod(
        _out([H + 2 * P for H, P in zip(x.shape[2:], padding, strict=True)], weight, stride, dilation)
    )


def _out(size: Any, weight: Tensor, stride: Any, dilation: Any) -> tuple[int, ...]:
    sides = zip(size, weight.shape[2:], stride, dilation, strict=True)
    return tuple(places(H, p, s, d, "a side") for H, p, s, d in sides)


def _taps(x: Tensor, weight: Tensor, stride: Any, padding: Any, dilation: Any) -> list[Tensor]:
    """The part of the input, with its border, that each tap of the kernel meets: (N, M, H', W')."""
    if any(padding):
        x = F.pad(x, [P for side in reversed(padding) for P in (side, side)])
    out = _out(x.shape[2:], weight, stride, dilation)
    return list(slices(x, tuple(weight.shape[2:]), stride, dilation, out))


def depthwise(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
) -> Tensor:
    """Y^k_t = Σ_u F^k_u X^k_{s·t + d·u − P} + b^k, with a border of zeros.

    Shape: x (N, K, H, W), weight (K, 1, p, q), bias (K,) -> (N, K, H', W'); so with one or three sides.
    """
    of_map = weight.reshape(groups, -1, *[1] * (x.dim() - 2))
    first, *rest = _taps(x, weight, stride, padding, dilation)
    y = first * of_map[:, 0]
    for at, part in enumerate(rest, 1):
        y = y.addcmul_(part, of_map[:, at])
    return y if bias is None else y.add_(bias.reshape(groups, *[1] * (x.dim() - 2)))


def as_product(
    x: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any, dilation: Any
) -> Tensor:
    """Y^k_t = Σ_m Σ_u F^{mk}_u X^m_{s·t + d·u − P} + b^k, with a border of zeros: a product of matrices.

    Shape: x (N, M, H, W), weight (K, M, p, q), bias (K,) -> (N, K, H', W'); so with one or three sides.
    """
    columns = torch.stack(_taps(x, weight, stride, padding, dilation), -1).movedim(1, -2).flatten(-2)
    return F.linear(columns, weight.flatten(1), bias).movedim(-1, 1).contiguous()
