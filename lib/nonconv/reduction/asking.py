"""What a node of a graph is asked for: its shape, its kind, its module, its value."""

import operator
from typing import Any

import torch
from torch import fx, nn
from torch.fx.node import Node, map_arg

from nonconv.reduction.functions import applied

_CASTS = {"to", "type_as", "float", "double", "half", "bfloat16", "_to_copy"}


def value_of(node: Node, values: dict[Node, Any], module: fx.GraphModule) -> Any:
    """What one node gives, from the values of those before it. A cast to what the example is already gives
    what it gets: here values may be in float64.
    """
    if node.op == "get_attr":
        return operator.attrgetter(str(node.target))(module)
    if casts_nothing(node, module):
        return values[node.all_input_nodes[0]]
    args, kwargs = map_arg(node.args, values.__getitem__), map_arg(node.kwargs, values.__getitem__)
    if node.op == "call_module":
        return part_at(module, node.target)(*args, **kwargs)  # type: ignore[misc]
    if node.op == "call_method":
        first, *rest = args  # type: ignore[misc]
        return getattr(first, str(node.target))(*rest, **kwargs)
    return node.target(*args, **kwargs)  # type: ignore[operator]


class NodeByNode(fx.Interpreter):
    """Runs a graph that nobody has compiled; what most of its nodes are goes without ado."""

    def run_node(self, n: Node) -> Any:
        if n.op == "call_module" and len(n.args) == 1 and isinstance(n.args[0], Node) and not n.kwargs:
            return self.call_module(n.target, (self.env[n.args[0]],), {})  # type: ignore[arg-type]
        return super().run_node(n)

    def call_module(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return part_at(self.module, target)(*args, **kwargs)


def part_at(module: nn.Module, path: Any) -> nn.Module:
    """What `get_submodule` finds, in less time: nodes are asked for their modules again and again."""
    for name in str(path).split("."):
        module = module._modules[name]  # type: ignore[assignment]
    return module


def casts_nothing(node: Node, module: fx.GraphModule) -> bool:
    """A cast to what the value is already."""
    first = node.all_input_nodes[0] if node.all_input_nodes else node
    same = all(node.meta.get(key) == first.meta.get(key) for key in ("shape", "dtype", "device"))
    return node.op.startswith("call_") and kind_of(node, module) in _CASTS and same


def shape(node: Node) -> tuple[int, ...]:
    """Of the node's value; () where it is no tensor."""
    return node.meta.get("shape", ())


def class_of(module: nn.Module) -> str:
    """The name of its class; of the class that it had before torch.jit compiled it."""
    return str(module.original_name if isinstance(module, torch.jit.ScriptModule) else type(module).__name__)


def kind_of(node: Node, module: fx.GraphModule) -> str:
    """A short name of what the node calls."""
    if node.op == "call_module":
        return class_of(part_at(module, node.target))
    if node.op == "call_method":
        return str(node.target)
    if node.target is applied:
        return f"{str(node.args[0]).rpartition(':')[2]}.apply"
    packet = getattr(node.target, "overloadpacket", node.target)
    return str(getattr(packet, "__name__", node.target))
