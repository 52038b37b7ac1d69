"""The graph of a program of torch.export, written like one of torch.fx."""

import inspect
import operator
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch._ops import HigherOrderOperator
from torch.fx.graph import CodeGen
from torch.fx.node import Node, map_arg
from torch.utils._pytree import TreeSpec, tree_map, tree_unflatten

from nonconv.reduction.containers import made_again, taken_apart
from nonconv.reduction.detaching import UNDER_NO_GRAD, detach_what_leaves
from nonconv.reduction.functions import one_node
from nonconv.reduction.reasons import NotTraced
from nonconv.reduction.sizes import CheckSizes, put
from nonconv.reduction.tracing import AUTOCAST_OFF


def _children(spec: TreeSpec) -> list[TreeSpec]:
    """What lies in a container: a method since PyTorch 2.9."""
    return spec.children() if hasattr(spec, "children") else spec.children_specs


def plain(module: Any, like: nn.Module | None = None, check: CheckSizes | None = None) -> fx.GraphModule:
    """The exported graph with the arguments of the original, and without parameters that nobody reads."""
    codegen = module.graph._codegen
    info = codegen.pytree_info
    graph = fx.Graph()
    copies: dict[Node, Any] = {}
    holders = [node for node in module.graph.nodes if node.op == "placeholder"]
    leaves = iter(holders)
    args, kwargs = _children(info.in_spec)
    names = list(info.orig_args)
    defaults = {} if like is None else inspect.signature(like.forward).parameters
    specs = [*_children(args), *_children(kwargs)]
    for name, spec in zip(names, specs, strict=False):
        default = getattr(defaults.get(name), "default", inspect.Parameter.empty)
        _unpacked(graph, graph.placeholder(name, default_value=default), spec, leaves, copies)
    _write(graph, module, copies)
    flat = tree_map(
        lambda x: copies[x] if isinstance(x, Node) else x, list(module.graph.output_node().args[0])
    )
    result = tree_unflatten(flat, info.out_spec)
    graph.output(_as_nodes(graph, result))
    for node in reversed(graph.nodes):
        if node.op == "get_attr" and not node.users:
            graph.erase_node(node)
    graph.set_codegen(CodeGen())
    written = [n.name for n in graph.nodes if isinstance(n.kwargs.get("out"), Node)]
    if written:
        raise NotTraced(f"torch.export looks into a function that has no gradient ({written[0]})")
    if check is not None:
        own = [node for node in graph.nodes if node.op == "placeholder"]
        check.names = [str(node.target) for node in own]
        put(graph, module, check, own)
    found = fx.GraphModule(module, graph, type(like).__name__ if like is not None else "GraphModule")
    for part in found.modules():
        part.training = False
        if isinstance(part, fx.GraphModule):  # a branch of torch.cond, which has to be loaded again too
            part.graph._tracer_cls = part._tracer_cls = fx.Tracer
    detach_what_leaves(found)
    if AUTOCAST_OFF in module.meta or any(node.target is WITH_AUTOCAST for node in module.graph.nodes):
        found.meta[AUTOCAST_OFF] = [""]
    return found


def _write(
    graph: fx.Graph, module: Any, copies: dict[Node, Any], path: str = "", learns: bool = True
) -> None:
    """Copies what the module's graph computes. What lies under `torch.no_grad`, or under an autocast, is a
    graph of its own there, at this path; the first is noted, see `detaching`.
    """
    for node in module.graph.nodes:
        if node.op in ("placeholder", "output"):
            continue
        if node.target in (WITH_GRAD, WITH_AUTOCAST):
            if node.target is WITH_AUTOCAST and node.args[2]:
                raise NotTraced("its forward opens torch.autocast, which the graph would lose")
            body, *given = node.args[1:] if node.target is WITH_GRAD else node.args[4:]
            inner = getattr(module, body.target)
            values = map_arg(given, copies.__getitem__)
            copies.update(zip(inner.graph.find_nodes(op="placeholder"), values, strict=True))
            below = node.args[0] if node.target is WITH_GRAD else learns
            _write(graph, inner, copies, f"{path}{body.target}.", below)
            copies[node] = map_arg(inner.graph.output_node().args[0], copies.__getitem__)
            continue
        if node.target is operator.getitem and isinstance(copies.get(node.args[0]), tuple | list):
            copies[node] = copies[node.args[0]][node.args[1]]
            continue
        copies[node] = copy = graph.node_copy(node, copies.__getitem__)
        if node.op in ("get_attr", "call_module"):
            copy.target = path + node.target
        if not learns:
            copy.meta[UNDER_NO_GRAD] = True
            copy.meta |= _noted(copy.meta.get("val"))
        if isinstance(node.target, HigherOrderOperator):  # torch.cond would see no stand-in for a tensor
            copy.args, copy.target = (f"higher_order.{node.target.name()}", *copy.args), made
        elif _of_sizes_alone(node):
            copy.args, copy.target = (str(copy.target), *copy.args), made


WITH_GRAD = torch.ops.higher_order.wrap_with_set_grad_enabled
WITH_AUTOCAST = torch.ops.higher_order.wrap_with_autocast


def _noted(value: Any) -> dict[str, Any]:
    """What `note_shapes` would write down."""
    if isinstance(value, Tensor):
        return {"shape": tuple(value.shape), "dtype": value.dtype}
    return {"value": value}


def _of_sizes_alone(node: Node) -> bool:
    """Does an operator of torch make a tensor of sizes that are in a list, and of no tensor?"""
    nested = [one for one in node.all_input_nodes if one not in node.args]
    tensors = [one for one in node.all_input_nodes if isinstance(one.meta.get("val"), Tensor)]
    return isinstance(node.target, torch._ops.OpOverload) and bool(nested) and not tensors


@one_node
def made(operator_of_torch: str, *args: Any, **kwargs: Any) -> Any:
    """What the operator, `aten.zeros.default` say, makes of sizes, or `higher_order.cond` of its branches.
    They would not see a stand-in for a tensor, or for a size in a list.
    """
    return operator.attrgetter(operator_of_torch)(torch.ops)(*args, **kwargs)


def not_saved(graph: fx.Graph) -> str:
    """The kind of nodes that hold in this process only, "" if there are none."""
    kinds = (str(getattr(node.target, "__module__", "")) for node in graph.nodes)
    return "torch.vmap" if any(kind.startswith("torch._functorch") for kind in kinds) else ""


def _unpacked(graph: fx.Graph, node: Node, spec: TreeSpec, leaves: Iterator[Node], copies: dict) -> None:
    """The leaves of one argument, taken out of it."""
    if spec.is_leaf():
        copies[next(leaves)] = node
        return
    children = _children(spec)
    keys = spec.context if spec.type is dict else range(len(children))
    for key, child in zip(keys, children, strict=True):
        _unpacked(graph, graph.call_function(operator.getitem, (node, key)), child, leaves, copies)


def _as_nodes(graph: fx.Graph, value: Any) -> Any:
    """Containers that a graph does not hold are made by a call."""
    if (parts := taken_apart(value)) is not None:
        items, held = _as_nodes(graph, parts.items), _as_nodes(graph, parts.held)
        return graph.call_function(made_again, (parts.where, items, held))
    if isinstance(value, OrderedDict) and not is_dataclass(value):
        pairs = [(key, _as_nodes(graph, held)) for key, held in value.items()]
        return graph.call_function(type(value), (pairs,))
    if is_dataclass(value):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        kept = {name: _as_nodes(graph, part) for name, part in held.items() if part is not None}
        return graph.call_function(type(value), (), kept)  # type: ignore[arg-type]
    if isinstance(value, dict):
        return {key: _as_nodes(graph, held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        parts = [_as_nodes(graph, part) for part in value]
        if hasattr(value, "_fields"):  # inside a container its class would have no name in the graph's code
            return graph.call_function(type(value), tuple(parts))
        return type(value)(parts)
    return value
