"""torch.no_grad inside a forward: what it computes is computed as ever, and cut off where others read it."""

from typing import Any

from torch import Tensor, fx
from torch.fx.node import Node
from torch.utils._pytree import tree_map

from nonconv.reduction.functions import written_down
from nonconv.reduction.memory import changes
from nonconv.reduction.shapes import asks_shape


def cut(graph: fx.Graph, inside: set[Node], model: Any) -> str:
    """Let no gradient lead from others into these nodes. Why that cannot be, "" where it can."""
    for node in list(graph.nodes):
        if node not in inside or asks_shape(node):
            continue
        written = changes(node, model)
        if written is not None and written not in inside:
            what = f"its forward changes the tensor {written.name} in place under torch.no_grad"
            return f"{what}, which a graph would record"
        others = [user for user in node.users if user not in inside]
        if not others:
            continue
        with graph.inserting_after(node):
            made = graph.call_function(detached, (node,))
        for user in others:
            user.replace_input_with(node, made)
    return ""


def detached(value: Any) -> Any:
    """The same numbers, which no gradient leads through."""
    noted = written_down(detached, (value,), {})
    if noted is not None:
        return noted
    return tree_map(lambda x: x.detach() if isinstance(x, Tensor) else x, value)
