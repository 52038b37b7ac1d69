"""How a step proves itself: in float64, with random statistics, biases and kernels, on random inputs,
at the border too.

A batch norm that was never trained has G ≈ 0.999995 and g = 0, and then wrong formulas look right; so the
numbers are drawn anew, on a copy.
"""

import functools
from math import log2, prod, sqrt
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.reduction.asking import part_at, shape, value_of
from nonconv.reduction.constants import held
from nonconv.reduction.depthwise import TapByTap
from nonconv.reduction.nodes import BatchNorm, Convolution, Layer, Linear, Transposed
from nonconv.reduction.proposals import Proposal, Within
from nonconv.reduction.smaller import few_places

TOLERANCE = 1e-9  # of the largest value
DRAWN = 65_521  # random numbers that all others are copies of; a prime, so that no two rows are alike
SPREAD = 1 << 13  # places from which they are read
GAMMA = (0.5, 1.5)


def random_numbers(layers: list[Layer | None], generator: torch.Generator) -> dict[int, Tensor]:
    """Random numbers in float64 for all these layers' own, by their `id`: kernels, biases, γ, β and the
    running averages. Those of one range lie in one memory, each from another place on: nobody may write to
    them.
    """
    of_range: dict[tuple[float, float], list[Tensor]] = {}

    def draw(tensor: Tensor | None, low: float, high: float) -> None:
        if tensor is not None and tensor.is_floating_point():
            of_range.setdefault((low, high), []).append(tensor)

    for layer in layers:
        if isinstance(layer, BatchNorm):
            draw(layer.mean, -1, 1)
            draw(layer.var, 0.3, 2)
            draw(layer.weight, *GAMMA)
            draw(layer.bias, -1, 1)
        elif isinstance(layer, Convolution | Transposed | Linear):
            weight = layer.kernel.weight if isinstance(layer, Convolution) else layer.weight
            bound = sqrt(6 / max(prod(weight.shape[1:]), 1))
            bound = 2 ** (round(2 * log2(bound)) / 2)  # few ranges
            draw(weight, -bound, bound)
            draw(layer.kernel.bias if isinstance(layer, Convolution) else layer.bias, -1, 1)
    unit = torch.rand(DRAWN, generator=generator, dtype=torch.float64)
    found: dict[int, Tensor] = {}
    place = 0
    for (low, high), tensors in of_range.items():
        pool = torch.empty(max(tensor.numel() for tensor in tensors) + SPREAD, dtype=torch.float64)
        for part in pool.split(DRAWN):
            torch.mul(unit[: len(part)], high - low, out=part).add_(low)
        if (low, high) == GAMMA:
            pool[1::2] *= -1  # γ may be negative
        for tensor in tensors:
            place = (place + 7919) % SPREAD
            found.setdefault(id(tensor), pool[place : place + tensor.numel()].view(tensor.shape))
    return found


class Inputs:
    """Random inputs of steps: copies of parts of one pool, since to draw takes longer."""

    def __init__(self, generator: torch.Generator) -> None:
        self.pool = torch.randn(DRAWN, generator=generator, dtype=torch.float64)
        self.place = 0

    def drawn(self, size: tuple[int, ...]) -> Tensor:
        n, start = prod(size), self.place
        self.place = (start + n + 7919) % DRAWN  # another place for each
        if start + n <= DRAWN:
            return self.pool[start : start + n].reshape(size).clone()
        return self.pool.repeat((start + n) // DRAWN + 1)[start : start + n].reshape(size).clone()


def step_errors(
    found: Proposal | Within, module: fx.GraphModule, inputs: Inputs
) -> tuple[float | None, float | None, float]:
    """(largest error inside, at the border, largest value):
    the nodes as they run against the modules instead of them, on as few places as show the whole window.

    "At the border" is each position whose window reaches beyond the input.
    None where there are no such positions.

    Raises ValueError if the two give different shapes.
    """
    sizes = {} if found.fixed else _few(found, module)
    try:
        return _errors(found, module, inputs, sizes)
    except Exception:  # what lies between may hold for the example's size only
        if not sizes:
            raise
        return _errors(found, module, inputs, {})


_OF_ONE_IMAGE = (nn.modules.conv._ConvNd, nn.modules.batchnorm._BatchNorm)


def _few(found: Proposal | Within, module: fx.GraphModule) -> dict[Node, tuple[int, ...]]:
    """Smaller sizes of what the step is applied to; {} where its inputs differ in theirs."""
    given = [x for node in found.nodes for x in node.all_input_nodes if x not in found.nodes and shape(x)]
    outside = [x for x in given if not held(x)]
    sides = {shape(x)[2:] for x in outside if any(n != 1 for n in shape(x)[2:])}  # 1×1 goes with all
    if len(sides) > 1 or not outside:
        return {}
    if any(isinstance(part, nn.Linear) for part in found.modules):
        return {x: (min(shape(x)[0], 2), *shape(x)[1:]) for x in outside}
    reach, period = 1, 1
    for part in found.modules:
        if isinstance(part, nn.modules.conv._ConvNd):
            reach = max(
                reach, *(d * (p - 1) + 1 for d, p in zip(part.dilation, part.kernel_size, strict=True))
            )
            period *= max(part.stride)
    # whatever moves numbers about might mix two images, these layers cannot
    calls = [part_at(module, node.target) for node in found.nodes if node.op == "call_module"]
    alone = len(calls) == len(found.nodes) and all(isinstance(part, _OF_ONE_IMAGE) for part in calls)
    return {x: few_places(shape(x), reach, period, 1 if alone else 2) for x in outside}


def _errors(
    found: Proposal | Within,
    module: fx.GraphModule,
    inputs: Inputs,
    sizes: dict[Node, tuple[int, ...]],
) -> tuple[float | None, float | None, float]:
    nodes = found.nodes
    values: dict[Node, Any] = {}
    for node in nodes:
        for given in node.all_input_nodes:
            if given in nodes or given in values:
                continue
            if shape(given) and not held(given):
                values[given] = _random(given, sizes.get(given, shape(given)), inputs)
            else:
                values[given] = _known(given, module)
    at: Tensor | None = None
    with torch.no_grad(), TapByTap():
        if isinstance(found, Within):
            ends, gots = found.ends or nodes[-1:], _within(found, dict(values), module)
        else:
            more = fx.map_arg(found.more, values.__getitem__)
            got, at = _one_after_the_other(found.modules, values[found.x].clone(), more)
            ends, gots = nodes[-1:], {nodes[-1]: got}
        for node in nodes:
            values[node] = value_of(node, values, module)
    errors = [_error(gots[end], values[end], at) for end in ends]
    return max(errors, key=lambda one: (one[0] or 0) / (one[2] or 1))


def _error(got: Tensor, expected: Tensor, at: Tensor | None) -> tuple[float | None, float | None, float]:
    if got.shape != expected.shape:
        raise ValueError(f"it would give the shape {tuple(got.shape)} instead of {tuple(expected.shape)}")
    error = (got - expected).abs()
    scale = _largest(expected) or 0.0
    if at is None or error.dim() != at.dim() + 2:
        return _largest(error), None, scale
    if not error.numel():
        return None, None, scale
    error = error.amax((0, 1))
    return _largest(error[~at]), _largest(error[at]), scale


def _random(node: Node, size: tuple[int, ...], inputs: Inputs) -> Tensor:
    dtype = node.meta.get("dtype", torch.float64)
    if not dtype.is_floating_point and not dtype.is_complex:
        raise ValueError(f"{node.name} holds whole numbers ({dtype})")
    return torch.complex(inputs.drawn(size), inputs.drawn(size)) if dtype.is_complex else inputs.drawn(size)


def _known(node: Node, module: fx.GraphModule) -> Any:
    """What parameters and buffers alone decide, and whatever is no tensor."""
    if not held(node):
        return node.meta["value"]
    return value_of(node, {given: _known(given, module) for given in node.all_input_nodes}, module)


def _one_after_the_other(
    modules: list[nn.Module], x: Tensor, more: tuple[Any, ...]
) -> tuple[Tensor, Tensor | None]:
    at = None
    for part in modules:
        before, x = x, part(x, *more)
        if isinstance(part, nn.Conv1d | nn.Conv2d | nn.Conv3d):
            at = at_border(part, tuple(before.shape[2:]), tuple(x.shape[2:]))
    return x, at


def _within(found: Within, values: dict[Node, Any], module: fx.GraphModule) -> Any:
    for node in found.nodes:
        part = found.sources.get(node)
        if node is found.norm:
            values[node] = values[found.x]
        else:
            values[node] = (
                value_of(node, values, module)
                if part is None
                else part(
                    values[found.inputs[node]], *fx.map_arg(found.more.get(node, ()), values.__getitem__)
                )
            )
    return values


def at_border(conv: Any, size: tuple[int, ...], out: tuple[int, ...]) -> Tensor:
    """True at each output position whose window reaches beyond the input, (H', W')."""
    return _reaching(conv.kernel_size, conv.stride, conv.padding, conv.dilation, size, out)


@functools.lru_cache(maxsize=256)
def _reaching(
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    padding: Any,
    dilation: tuple[int, ...],
    size: tuple[int, ...],
    out: tuple[int, ...],
) -> Tensor:
    touched = torch.zeros(out, dtype=torch.bool)
    for axis, (H, n) in enumerate(zip(size, out, strict=True)):
        reach = dilation[axis] * (kernel[axis] - 1)
        P = (reach // 2) if padding == "same" else padding[axis]
        first = torch.arange(n) * stride[axis] - P
        along = (first < 0) | (first + reach >= H)
        touched |= along.reshape([-1 if a == axis else 1 for a in range(len(out))])
    return touched


def _largest(x: Tensor) -> float | None:
    return x.abs().max().item() if x.numel() else None
