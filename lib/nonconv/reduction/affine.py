"""Products and sums with constants of the network, read as one scale and shift for each map."""

import operator
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.reduction.asking import shape
from nonconv.reduction.constants import held
from nonconv.reduction.memory import changes
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
    found = computed(value, module)
    return constant(found, module) if isinstance(found, Tensor) else None


def computed(node: Node, module: fx.GraphModule) -> Any:
    """What parameters and buffers alone decide; None for anything else, and where somebody writes to it."""
    if node.op == "get_attr":
        return operator.attrgetter(str(node.target))(module)
    return _computed(node, module) if held(node) and not _written(node, module) else None


def _written(node: Node, module: fx.GraphModule) -> bool:
    """Is what the node is computed of, or what is computed of that, changed in place?"""
    seen, waiting = {node}, [node]
    while waiting:
        one = waiting.pop()
        if any(changes(user, module) is one for user in one.users):
            return True
        beside = [*one.all_input_nodes, *(user for user in one.users if held(user))]
        beside = [other for other in beside if other not in seen and other.op != "get_attr"]
        seen.update(beside)
        waiting += beside
    return False


def _computed(node: Node, module: fx.GraphModule) -> Any:
    if node.op == "get_attr":
        return operator.attrgetter(str(node.target))(module)
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
    return Scale(x=x, dim=dim, weight=weight, bias=bias, parameters=parameters_of(other, module))


def multiplied_and_added(
    node: Node, module: fx.GraphModule, shift: Any, one: Any, other: Any, times: Any
) -> Scale | None:
    """shift + times · one · other, as torch.addcmul computes it, if all but one factor are constants."""
    product = scaled(node, one, other, module, "·") or scaled(node, other, one, module, "·")
    added = product and scaled(node, product.x, shift, module, "+")
    if product is None or added is None or not isinstance(times, int | float):
        return None
    if None not in (product.dim, added.dim) and product.dim != added.dim:
        return None
    return Scale(
        x=product.x,
        dim=added.dim if product.dim is None else product.dim,
        weight=times * product.weight * torch.ones_like(added.weight),
        bias=added.bias * torch.ones_like(product.weight),
        parameters=[*product.parameters, *added.parameters],
    )


def parameters_of(value: Any, module: fx.GraphModule) -> list[Tensor]:
    leaves = [_computed(leaf, module) for leaf in held(value)] if isinstance(value, Node) else [value]
    return [leaf for leaf in leaves if isinstance(leaf, nn.Parameter)]
