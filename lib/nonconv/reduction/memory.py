"""Who changes what in place: which values of a graph may share memory, and where it is written to."""

import functools
import inspect
import operator
from collections.abc import Iterator
from typing import Any

from torch import fx
from torch.fx.node import Node

from nonconv.reduction.asking import kind_of, part_at
from nonconv.reduction.shapes import asks_shape

_IN_PLACE = (
    operator.iadd,
    operator.isub,
    operator.imul,
    operator.itruediv,
    operator.ifloordiv,
    operator.ipow,
    operator.imatmul,
    operator.iand,
    operator.ior,
    operator.ixor,
    operator.setitem,
)


def changes(node: Node, module: fx.GraphModule) -> Node | None:
    """The node whose value this one changes in place, or None."""
    target, first = node.target, node.args[0] if node.args else None
    named = str(getattr(target, "__name__", target))
    if named == "requires_grad_":  # which changes no number
        return None
    if node.op == "call_module":
        inside = part_at(module, target)
        within = any(getattr(part, "inplace", False) for part in inside.modules())
    elif node.op == "call_method":
        within = named.endswith("_") and not named.endswith("__")
    elif node.op == "call_function":
        schema = getattr(target, "_schema", None)
        within = target in _IN_PLACE or (named.endswith("_") and not named.endswith("__"))
        within = within or bool(schema and schema.is_mutable) or _asks_in_place(node)
        out = node.kwargs.get("out")
        if isinstance(out, Node):
            return out
    else:
        return None
    return first if within and isinstance(first, Node) else None


def _asks_in_place(node: Node) -> bool:
    if "inplace" in node.kwargs:
        return bool(node.kwargs["inplace"])
    names = _arguments(node.target)
    at = names.index("inplace") if "inplace" in names else len(node.args)
    return at < len(node.args) and bool(node.args[at])


@functools.lru_cache(maxsize=1024)
def _arguments(function: Any) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


# Calls whose result never shares memory with what they are given.
_LAYERS = ("conv", "conv_transpose", "avg_pool", "max_pool")
_MODULES = ("Conv", "ConvTranspose", "BatchNorm", "AvgPool", "MaxPool")
_FRESH = (
    {f"{kind}{sides}d" for kind in (*_LAYERS, *_MODULES) for sides in (1, 2, 3)}
    | {"add", "sub", "mul", "truediv", "div", "matmul", "cat", "stack", "linear", "Linear", "batch_norm"}
    | {"relu", "sigmoid", "tanh", "softmax", "gelu", "silu", "hardtanh", "leaky_relu", "elu"}
    | {"ReLU", "ReLU6", "Sigmoid", "Tanh", "Softmax", "GELU", "SiLU", "LeakyReLU", "ELU"}
)


class Memory:
    """Which values may share memory, and where each such group is written to."""

    def __init__(self, module: fx.GraphModule) -> None:
        self._leader: dict[Node, Node] = {}
        self.place: dict[Node, float] = {node: number for number, node in enumerate(module.graph.nodes)}
        self._of_group: dict[Node, list[tuple[Node, Node]]] = {}  # `writes`, by the leader of the memory
        for node in module.graph.nodes:
            written = changes(node, module)
            if written is not None:
                self._of_group.setdefault(self._find(written), []).append((node, written))
                self._join(node, written)
            elif node.op.startswith("call") and not asks_shape(node) and kind_of(node, module) not in _FRESH:
                for given in node.all_input_nodes:
                    self._join(node, given)

    @property
    def writes(self) -> list[tuple[Node, Node]]:
        """(who writes, whose value)."""
        return [pair for group in self._of_group.values() for pair in group]

    def _find(self, node: Node) -> Node:
        while (up := self._leader.get(node, node)) is not node:
            node = up
        return node

    def _join(self, one: Node, other: Node) -> None:
        one, other = self._find(one), self._find(other)
        if one is not other:
            self._leader[one] = other
            if one in self._of_group:
                self._of_group.setdefault(other, []).extend(self._of_group.pop(one))

    def members(self, node: Node) -> Iterator[Node]:
        leader = self._find(node)
        return (other for other in self.place if self._find(other) is leader)

    def stands_for(self, new: Node, old: Node, place: float) -> None:
        """A new node at this place, which replaces an old one."""
        self.place[new] = place
        self._join(new, old)

    def forget(self, node: Node) -> None:
        """The node is no longer in the graph; what it may share memory with still may."""
        del self.place[node]
        group = self._of_group.get(self._find(node))  # who writes shares what it writes to
        if group:
            group[:] = [(writer, value) for writer, value in group if writer is not node]

    def written(self, node: Node) -> bool:
        """Does anyone write to memory that the node's value may share?"""
        return bool(self._of_group.get(self._find(node)))

    def written_behind(self, reader: Node, node: Node) -> bool:
        """Does anyone write to the node's memory after `reader` has read it?"""
        group = self._of_group.get(self._find(node), [])
        return any(self.place[writer] > self.place[reader] for writer, _ in group)

    def hazard(self, nodes: list[Node], at: float) -> Node | None:
        """Who writes in place such that `nodes` cannot move to this place, or None.

        They read a value that another node changes on the way there, or one of them changes a value that is
        there before and is read later.
        """
        for node in nodes:
            begin, end = sorted((self.place[node], at))
            for group in {self._find(given) for given in (node, *node.all_input_nodes)}:
                for writer, value in self._of_group.get(group, []):
                    if writer not in nodes:
                        reads = any(self._find(given) is group for given in node.all_input_nodes)
                        if reads and begin < self.place[writer] < end:
                            return writer
                    elif writer is node and any(
                        self.place[m] < self.place[writer] for m in self.members(value) if m not in nodes
                    ):
                        return writer
        return None
