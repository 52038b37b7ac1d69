"""Products and sums with constants of the network, read as one scale and shift for each map."""

import operator
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.reduction.asking import shape
from nonconv.reduction.constants import held
from nonconv.reduction.nodes import Scale, exact

aten = torch.ops.aten
TIMES = (operator.mul, operator.imul, torch.mul, torch.multiply, aten.mul, aten.mul_)
BY = (operator.truediv, operator.itruediv, torch.div, torch.true_divide, aten.div, aten.div_)
TIMES_METHODS, BY_METHODS = ("mul", "mul_", "multiply"), ("div", "div_", "true_divide")
MINUS, MINUS_METHODS = (operator.neg, torch.neg, torch.negative, aten.neg), ("neg", "negative")
_LARGEST = 1 << 16  # numbers of a constant; one for each map is never as many


def constant(value: Any, module: fx.GraphModule) -> Tensor | None:
    """A number, a parameter, a buffer or what the graph computes of these alone, in float64; or None."""
    if isinstance(value, Tensor):
        return exact(value) if value.is_floating_point() and value.numel() <= _LARGEST else None
    if isinstance(value, int | float):
        return torch.tensor(float(value), dtype=torch.float64)
    if not isinstance(value, Node):
        return None
    found = _computed(value, module)
    return constant(found, module) if isinstance(found, Tensor) else None


def _computed(node: Node, module: fx.GraphModule) -> Any:
    if node.op == "get_attr":
        return operator.attrgetter(str(node.target))(module)
    if not held(node) or node.op not in ("call_function", "call_method"):
        return None
    given = {value: _computed(value, module) for value in node.all_input_nodes}
    args, kwargs = fx.map_arg((node.args, node.kwargs), given.__getitem__)
    with torch.no_grad():
        if node.op == "call_method":
            return getattr(args[0], str(node.target))(*args[1:], **kwargs)
        return node.target(*args, **kwargs)  # type: ignore[operator]


def scaled(node: Node, x: Any, other: Any, module: fx.GraphModule, how: str) -> Scale | None:
    """x · other, x / other or x + other as a scale, if `other` is a constant with one number for each map."""
    if not isinstance(x, Node) or shape(x) != shape(node) or len(shape(x)) < 2:
        return None
    if x.meta.get("dtype") != node.meta.get("dtype"):
        return None
    found = constant(other, module)
    if found is None:
        return None
    given = shape(x)
    size = (1,) * (len(given) - found.dim()) + tuple(found.shape)
    places = [d for d, n in enumerate(size) if n != 1]
    if len(size) > len(given) or len(places) > 1 or places == [0]:
        return None
    dim = places[0] if places else None
    if dim not in (None, 1, len(given) - 1):
        return None
    vector = found.reshape(-1)
    one, zero = torch.ones_like(vector), torch.zeros_like(vector)
    weight, bias = {"·": (vector, zero), "/": (1 / vector, zero), "+": (one, vector), "−": (one, -vector)}[
        how
    ]
    return Scale(x=x, dim=dim, weight=weight, bias=bias, parameters=_parameters(other, module))


def _parameters(value: Any, module: fx.GraphModule) -> list[Tensor]:
    leaves = [_computed(leaf, module) for leaf in held(value)] if isinstance(value, Node) else [value]
    return [leaf for leaf in leaves if isinstance(leaf, nn.Parameter)]
