"""How a reduction proves itself: in float64, with random statistics, biases and kernels, on random inputs,
at the border too.

A batch norm that was never trained has G ≈ 0.999995 and g = 0, and then wrong formulas look right; so the
numbers are drawn anew, on a copy.
"""

import copy
import operator
from math import prod, sqrt
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node, map_arg
from torch.utils._pytree import tree_leaves, tree_map

from nonconv.reduction.nodes import BatchNorm, Convolution, Layer, Linear, Transposed
from nonconv.reduction.tracing import shape

TOLERANCE = 1e-9  # of the largest value, or of 1


def in_float64(model: nn.Module) -> nn.Module:
    """A copy on the CPU whose floating-point tensors are all float64."""
    twin = copy.deepcopy(model).to("cpu", torch.float64)
    for part in twin.modules():
        for name, value in list(vars(part).items()):
            if (
                isinstance(value, Tensor) and value.is_floating_point()
            ):  # a tensor that is neither parameter nor buffer
                setattr(part, name, value.detach().to("cpu", torch.float64))
    return twin


def randomise(layers: list[Layer | None], generator: torch.Generator) -> None:
    """Draw the numbers of all these layers anew, in place: kernels, biases, γ, β and the running averages."""

    def draw(tensor: Tensor | None, low: float, high: float) -> None:
        if tensor is not None:
            with torch.no_grad():
                tensor.uniform_(low, high, generator=generator)

    for layer in layers:
        if isinstance(layer, BatchNorm):
            draw(layer.mean, -1, 1)
            draw(layer.var, 0.3, 2)
            draw(layer.weight, 0.5, 1.5)
            draw(layer.bias, -1, 1)
            if layer.weight is not None:
                with torch.no_grad():
                    layer.weight[1::2] *= -1  # γ may be negative
        elif isinstance(layer, Convolution | Transposed | Linear):
            weight = layer.kernel.weight if isinstance(layer, Convolution) else layer.weight
            bound = sqrt(6 / max(prod(weight.shape[1:]), 1))
            draw(weight, -bound, bound)
            draw(layer.kernel.bias if isinstance(layer, Convolution) else layer.bias, -1, 1)


def random_like(inputs: Any, generator: torch.Generator) -> Any:
    """The inputs with random numbers in float64 where they are real;
    whole numbers stay, they may be indices.
    """

    def drawn(x: Any) -> Any:
        if isinstance(x, Tensor) and x.is_floating_point():
            return torch.randn(x.shape, generator=generator, dtype=torch.float64)
        return x.cpu() if isinstance(x, Tensor) else x

    return tree_map(drawn, inputs)


def value_of(node: Node, values: dict[Node, Any], module: fx.GraphModule) -> Any:
    """What one node gives, from the values of those before it."""
    if node.op == "get_attr":
        return operator.attrgetter(str(node.target))(module)
    args, kwargs = map_arg(node.args, values.__getitem__), map_arg(node.kwargs, values.__getitem__)
    if node.op == "call_module":
        return module.get_submodule(str(node.target))(*args, **kwargs)  # type: ignore[misc]
    if node.op == "call_method":
        first, *rest = args  # type: ignore[misc]
        return getattr(first, str(node.target))(*rest, **kwargs)
    return node.target(*args, **kwargs)  # type: ignore[operator]


def step_errors(
    nodes: list[Node], x: Node, modules: list[nn.Module], module: fx.GraphModule, generator: torch.Generator
) -> tuple[float | None, float | None, float]:
    """(largest error inside, at the border, largest value):
    the nodes as they run against the modules instead of them.

    "At the border" is each position whose window reaches beyond the input.
    None where there are no such positions.

    Raises ValueError if the two give different shapes.
    """
    values: dict[Node, Any] = {}
    for node in nodes:
        for given in node.all_input_nodes:
            if given in nodes or given in values:
                continue
            if given.op == "get_attr":
                values[given] = value_of(given, {}, module)
            elif given is x:
                values[given] = torch.randn(shape(given), generator=generator, dtype=torch.float64)
            else:
                values[given] = given.meta["value"]
    got = values[x].clone()
    with torch.no_grad():
        at: Tensor | None = None
        for part in modules:
            before = got
            got = part(got)
            if isinstance(part, nn.Conv1d | nn.Conv2d | nn.Conv3d):
                at = at_border(part, tuple(before.shape[2:]), tuple(got.shape[2:]))
        for node in nodes:
            values[node] = value_of(node, values, module)
    expected = values[nodes[-1]]
    if got.shape != expected.shape:
        raise ValueError(f"it would give the shape {tuple(got.shape)} instead of {tuple(expected.shape)}")
    error = (got - expected).abs()
    scale = max(1.0, _largest(expected) or 0.0)
    if at is None or error.dim() != at.dim() + 2:
        return _largest(error), None, scale
    return _largest(error[..., ~at]), _largest(error[..., at]), scale


def at_border(conv: Any, size: tuple[int, ...], out: tuple[int, ...]) -> Tensor:
    """True at each output position whose window reaches beyond the input, (H', W')."""
    touched = torch.zeros(out, dtype=torch.bool)
    for axis, (H, n) in enumerate(zip(size, out, strict=True)):
        reach = conv.dilation[axis] * (conv.kernel_size[axis] - 1)
        P = (reach // 2) if conv.padding == "same" else conv.padding[axis]
        first = torch.arange(n) * conv.stride[axis] - P
        along = (first < 0) | (first + reach >= H)
        touched |= along.reshape([-1 if a == axis else 1 for a in range(len(out))])
    return touched


def _largest(x: Tensor) -> float | None:
    return x.abs().max().item() if x.numel() else None


def difference(one: Any, other: Any) -> tuple[float, float]:
    """(largest error, largest value) between two results of any structure;
    ∞ where they are not of one kind.
    """
    a, b = tree_leaves(one), tree_leaves(other)
    if len(a) != len(b):
        return float("inf"), 1.0
    error, scale = 0.0, 1.0
    for left, right in zip(a, b, strict=True):
        if not isinstance(left, Tensor) or not isinstance(right, Tensor):
            error = error if left is right or left == right else float("inf")
        elif left.shape != right.shape or left.dtype != right.dtype:
            return float("inf"), scale
        elif left.numel():
            apart = (left.double() - right.double()).abs().max().item()
            error = max(error, apart if apart == apart else float("inf"))  # a NaN is no agreement
            scale = max(scale, right.double().abs().max().item())
    return error, scale
