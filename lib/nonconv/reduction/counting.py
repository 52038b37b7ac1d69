"""What layers cost: their multiply–adds, as `nonconv.layers.cost.count_macs` counts,
and the shapes they give.
"""

from math import prod
from typing import Any

from torch import nn
from torch.fx.node import Node

from nonconv.reduction.asking import shape
from nonconv.reduction.nodes import Convolution, Layer, Linear, Transposed
from nonconv.reduction.proposals import AppendOnes


def macs(layer: Layer | None, node: Node) -> int:
    """Multiply–adds of the layer for the shapes that were seen, as `count_macs` counts:
    not those of batch norm, pooling and sums.
    """
    out = shape(node)
    if isinstance(layer, Convolution):
        return out[0] * layer.kernel.macs(*out[2:])
    if isinstance(layer, Transposed):
        return shape(layer.x)[0] * layer.weight.numel() * prod(shape(layer.x)[2:])
    if isinstance(layer, Linear):
        return prod(out[:-1]) * layer.weight.numel()
    return 0


def through(part: Any, size: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """(shape of what the module gives for this shape, its multiply–adds)."""
    if isinstance(part, nn.Conv1d | nn.Conv2d | nn.Conv3d):
        out = tuple(
            H if part.padding == "same" else (H + 2 * int(P) - d * (p - 1) - 1) // s + 1
            for H, P, p, s, d in zip(
                size[2:], _padding(part), part.weight.shape[2:], part.stride, part.dilation, strict=True
            )
        )
        return (size[0], len(part.weight), *out), size[0] * prod(out) * part.weight.numel()
    if isinstance(part, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d):
        out = tuple(
            (h - 1) * s - 2 * int(P) + d * (p - 1) + extra + 1  # type: ignore[operator]
            for h, s, P, d, p, extra in zip(
                size[2:],
                part.stride,
                part.padding,
                part.dilation,
                part.kernel_size,
                part.output_padding,
                strict=True,
            )
        )
        return (size[0], part.out_channels, *out), size[0] * prod(size[2:]) * part.weight.numel()
    if isinstance(part, nn.Linear):
        return (*size[:-1], len(part.weight)), prod(size[:-1]) * part.weight.numel()
    if isinstance(part, AppendOnes):
        return (size[0], size[1] + part.groups, *size[2:]), 0
    if isinstance(part, nn.Flatten):
        return (size[0], prod(size[1:])), 0
    assert isinstance(part, nn.Unflatten)
    return (size[0], *part.unflattened_size, *size[2:]), 0  # type: ignore[misc]


def _padding(part: Any) -> tuple[int, ...]:
    return (0,) * len(part.kernel_size) if part.padding == "same" else part.padding


def parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
