"""`torch.stack((a, b, …)).sum(0)` and `.mean(0)` written as a + b + …, which is what they are."""

import operator
from typing import Any

import torch
from torch import fx
from torch.fx.node import Node


def added_up(module: fx.GraphModule) -> fx.GraphModule:
    """The graph, whose nodes know their shapes and kinds of numbers, with such sums written out."""
    for node in list(module.graph.nodes):
        name = str(getattr(node.target, "__name__", node.target)).split(".")[0]
        if not node.op.startswith("call_") or name not in ("sum", "mean") or len(node.args) < 1:
            continue
        stack = node.args[0]
        dims = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim")
        parts, along = _stacked(stack)
        if not parts or dims not in (along, [along], (along,)) or _does_more(node):
            continue
        with module.graph.inserting_before(stack):  # type: ignore[arg-type]
            total = parts[0]
            for part in parts[1:]:
                total = _call(module, operator.add, total, part, node)
            if name == "mean":
                total = _call(module, operator.truediv, total, len(parts), node)
        node.replace_all_uses_with(total)
        module.graph.erase_node(node)
        module.graph.erase_node(stack)  # type: ignore[arg-type]
        module.recompile()
    return module


def _call(module: fx.GraphModule, function: Any, one: Node, other: Any, like: Node) -> Node:
    made = module.graph.call_function(function, (one, other))
    made.meta = dict(like.meta)
    return made


def _does_more(node: Node) -> bool:
    """Does it keep the dimension, or make another kind of numbers, as a sum of truth values does?"""
    alike = node.meta.get("dtype") == node.args[0].meta.get("dtype")  # type: ignore[union-attr]
    more = [value for value in (*node.args[2:], *(v for k, v in node.kwargs.items() if k != "dim"))]
    return any(more) or not alike or not node.meta["dtype"].is_floating_point


def _stacked(node: Any) -> tuple[list[Node], int]:
    """The tensors that the node alone puts one behind the other, for one reader, and the new dimension."""
    if not isinstance(node, Node) or node.op != "call_function" or len(node.users) != 1:
        return [], 0
    if node.target not in (torch.stack, torch.ops.aten.stack.default):
        return [], 0
    parts = node.args[0] if node.args else node.kwargs.get("tensors")
    along = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim", 0)
    if not isinstance(parts, list | tuple) or not all(isinstance(part, Node) for part in parts):
        return [], 0
    return (list(parts), along) if len(parts) > 1 and isinstance(along, int) else ([], 0)  # type: ignore[arg-type]
