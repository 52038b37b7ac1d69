"""Each kind of layer, from the arguments that a node calls it with."""

from math import prod
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv import layers
from nonconv.layers._arguments import numbers
from nonconv.reduction.affine import scaled
from nonconv.reduction.asking import shape
from nonconv.reduction.averages import average_pooling
from nonconv.reduction.kernel import Kernel
from nonconv.reduction.nodes import (
    Average,
    BatchNorm,
    Convolution,
    Flatten,
    Identity,
    Linear,
    Scale,
    Sum,
    Transposed,
)


class Unreadable(Exception):
    """Why a layer cannot be read."""


# ------------------------------------------------------------------------------------------------------------
# each kind of layer


def _batched(x: Node, sides: int) -> tuple[int, ...]:
    given = shape(x)
    if len(given) != sides + 2:
        raise Unreadable(f"its input has the shape {given}, without a batch dimension before the maps")
    return given


def learned(*tensors: Tensor | None) -> list[Tensor]:
    return [tensor for tensor in tensors if isinstance(tensor, nn.Parameter)]


def convolution(
    x: Node,
    sides: int,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: int,
    mode: str,
) -> Convolution:
    size = _batched(x, sides)[2:]
    s, d = numbers(stride, "stride", 1, sides), numbers(dilation, "dilation", 1, sides)
    uneven = False
    if padding == "valid":
        P = (0,) * sides
    elif padding == "same":
        both = [layers.same_padding(H, p, 1, b) for H, p, b in zip(size, weight.shape[2:], d, strict=True)]
        P, uneven = tuple(before for before, _ in both), any(before != after for before, after in both)
    else:
        P = numbers(padding, "padding", 0, sides)
    return Convolution(
        x=x,
        kernel=Kernel(weight, bias, s, P, d, groups),
        mode=mode,
        uneven=uneven,
        parameters=learned(weight, bias),
    )


def transposed(
    x: Node,
    sides: int,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    extra: Any,
    groups: int,
    dilation: Any,
) -> Transposed:
    _batched(x, sides)
    return Transposed(
        x=x,
        weight=weight,
        bias=bias,
        stride=numbers(stride, "stride", 1, sides),
        padding=numbers(padding, "padding", 0, sides),
        output_padding=numbers(extra, "output_padding", 0, sides),
        dilation=numbers(dilation, "dilation", 1, sides),
        groups=groups,
        parameters=learned(weight, bias),
    )


def linear(x: Node, weight: Any, bias: Any) -> Linear:
    if weight.dim() != 2:
        raise Unreadable("its weight is no matrix")
    return Linear(x=x, weight=weight, bias=bias, parameters=learned(weight, bias))


def norm(x: Node, mean: Any, var: Any, weight: Any, bias: Any, eps: float, held: list) -> BatchNorm:
    if mean is None or var is None:
        raise Unreadable(
            "it has no running averages (track_running_stats=False), so it depends on the batch in"
            " evaluation mode too"
        )
    if len(shape(x)) not in (2, 3, 4, 5):
        raise Unreadable(f"its input has the shape {shape(x)}")
    return BatchNorm(x=x, mean=mean, var=var, weight=weight, bias=bias, eps=eps, parameters=held)


def average(
    node: Node,
    x: Node,
    sides: int,
    size: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    counted: bool,
    divisor: Any,
) -> Average:
    given = _batched(x, sides)
    size = numbers(size, "kernel_size", 1, sides)
    s = size if stride is None or stride in ((), []) else numbers(stride, "stride", 1, sides)
    P = numbers(padding, "padding", 0, sides)
    if any(P) and not counted and divisor is None:
        raise Unreadable(
            "its border does not count (count_include_pad=False): it divides by another number there, which"
            " no single kernel does"
        )
    floor = tuple((H + 2 * b - p) // by + 1 for H, p, b, by in zip(given[2:], size, P, s, strict=True))
    if ceil_mode and shape(node)[2:] != floor:
        raise Unreadable(
            "its last window reaches beyond the input (ceil_mode), and divides by fewer places there"
        )
    kernel = average_pooling(given[1], size, s, P, sides=sides, dtype=torch.float64)
    if divisor is not None:
        kernel = kernel._replace(weight=torch.full_like(kernel.weight, 1 / divisor))
    # with a stride, ceil_mode changes nothing for this size only
    return Average(x=x, kernel=kernel, fixed=bool(ceil_mode) and any(by != 1 for by in s))


def adaptive(node: Node, x: Node, sides: int) -> Average:
    given = _batched(x, sides)
    flat = len(shape(node)) == 2
    out = (1,) * sides if flat else shape(node)[2:]
    if any(H % n for H, n in zip(given[2:], out, strict=True)):
        raise Unreadable(
            f"it averages {given[2:]} places to {out}, which do not divide: its windows differ in size"
        )
    size = tuple(H // n for H, n in zip(given[2:], out, strict=True))
    kernel = average_pooling(given[1], size, sides=sides, dtype=torch.float64)
    return Average(x=x, kernel=kernel, fixed=True, flat=flat)


def mean_of(node: Node, a: dict[str, Any]) -> Average | None:
    x, dims = a.get("x"), a.get("dim")
    if not isinstance(x, Node) or isinstance(dims, Node) or dims is None or a.get("dtype") is not None:
        return None
    given = shape(x)
    over = {d % len(given) for d in ((dims,) if isinstance(dims, int) else dims)} if given else set()
    if len(given) < 3 or over != set(range(2, len(given))):
        return None  # a mean over something else than all positions
    return adaptive(node, x, len(given) - 2)


def sum_of(node: Node, a: dict[str, Any], sign: int, module: fx.GraphModule) -> Sum | Identity | Scale | None:
    x, other, times = a.get("x"), a.get("other"), a.get("alpha", 1)
    if not isinstance(times, int | float):
        return None
    for one, zero in ((x, other), (other, x)) if sign == 1 else ((x, other),):
        if isinstance(one, Node) and not isinstance(zero, Node) and zero == 0 and shape(one):
            return (
                Identity(x=one, name="add 0", copies=True)
                if node.meta.get("dtype") == one.meta.get("dtype")
                else None
            )
    if times == 1:
        found = scaled(node, x, other, module, "+" if sign == 1 else "−")
        if found is None and sign == 1:
            found = scaled(node, other, x, module, "+")
        if found is not None:
            return found
    if not isinstance(x, Node) or not isinstance(other, Node) or not shape(x) or not shape(other):
        return None
    return Sum(x=x, other=other, times=sign * times, spread=shape(x) != shape(other))


def flatten(node: Node, x: Node) -> Flatten | None:
    given, out = shape(x), shape(node)
    if len(given) < 3 or out != (given[0], prod(given[1:])):
        return None
    return Flatten(x=x)
