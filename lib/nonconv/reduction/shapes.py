"""To read a value's shape or dtype is no use of its numbers."""

import builtins
from collections.abc import Iterator

import torch
from torch.fx.node import Node

aten = torch.ops.aten
_KINDS = {"dtype", "device", "layout", "itemsize", "is_cuda", "is_sparse", "is_quantized"}
_ATTRIBUTES = _KINDS | {"shape", "ndim"}
_METHODS = {"size", "dim", "ndimension", "numel", "nelement", "is_floating_point", "is_complex", "get_device"}
_FUNCTIONS = {
    torch.numel,
    torch.is_tensor,
    torch.is_floating_point,
    torch.is_complex,
    builtins.len,
    aten.sym_size,
    aten.sym_numel,
}


def asks_shape(node: Node) -> bool:
    """Does the node read no more of its argument than shape, dtype or device?"""
    if node.op == "call_method":
        return node.target in _METHODS
    if node.op != "call_function":
        return False
    if node.target is builtins.getattr:
        return node.args[1] in _ATTRIBUTES
    return getattr(node.target, "overloadpacket", node.target) in _FUNCTIONS


def asks_kind(node: Node) -> bool:
    """Does the node read no more of its argument than dtype or device?"""
    return node.op == "call_function" and node.target is builtins.getattr and node.args[1] in _KINDS


def back_to_shapes(node: Node) -> Iterator[Node]:
    """The node, and each that its value is computed of, as far back as reads of a shape."""
    waiting, seen = [node], set[Node]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += [] if asks_shape(one) else one.all_input_nodes
            yield one


_LIKE = {"reshape_as", "view_as", "expand_as", "type_as"}


def asks_shape_of(node: Node, value: Node) -> bool:
    """Does the node read no more of this value than shape, dtype or device, whatever it reads of others?"""
    if asks_shape(node):
        return True
    target = getattr(node.target, "overloadpacket", node.target)
    named = str(getattr(target, "__name__", target)).split(".")[-1]
    return named in _LIKE and node.all_input_nodes[:1] != [value]
