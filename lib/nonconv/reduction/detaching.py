"""What a forward computes under `torch.no_grad`: a graph knows no such context, so each of these values is
detached where it leaves.
"""

import operator
from typing import Any

from torch import Tensor, fx
from torch.fx.node import Node, map_arg

from nonconv.reduction.asking import shape
from nonconv.reduction.memory import changes
from nonconv.reduction.shapes import asks_shape_of

UNDER_NO_GRAD = "nonconv under no_grad"  # in the meta of such nodes


def detach_what_leaves(module: fx.GraphModule) -> bool:
    """Ends the gradient where a value that was computed under `torch.no_grad` is read outside of it. Has that
    changed the graph? Then the new nodes have no shapes yet.

    Raises ValueError where something that was computed outside is changed in place inside.
    """
    noted = [node for node in module.graph.nodes if node.meta.pop(UNDER_NO_GRAD, False)]
    within = {node for node in noted if node.op.startswith("call")}
    if not within:
        return False
    for node in module.graph.nodes:  # who takes a part of a tuple reads no number
        if node.target is operator.getitem and node.args[0] in within and not shape(node.args[0]):
            within.add(node)
    for node in [node for node in module.graph.nodes if node in within]:
        written = changes(node, module)
        if written is not None and written not in within:
            raise ValueError(f"under torch.no_grad it changes in place what was computed before ({written})")
        readers = [user for user in node.users if user not in within and not asks_shape_of(user, node)]
        if readers:
            _replace(node, _ended(node), readers)
    module.recompile()
    return True


def _ended(node: Node) -> Any:
    """What stands for the node's value where no gradient leads to it."""
    graph, parts = node.graph, node.meta.get("value")
    with graph.inserting_before(node.next):
        if not isinstance(parts, tuple | list):
            return graph.call_method("detach", (node,)) if _learns(node.meta.get("dtype")) else node
        ends = [graph.call_function(operator.getitem, (node, number)) for number in range(len(parts))]
        return type(parts)(
            graph.call_method("detach", (end,)) if isinstance(part, Tensor) and _learns(part.dtype) else end
            for end, part in zip(ends, parts, strict=True)
        )


def _learns(dtype: Any) -> bool:
    """May a gradient lead to numbers of this kind?"""
    return dtype is not None and (dtype.is_floating_point or dtype.is_complex)


def _replace(node: Node, by: Any, readers: list[Node]) -> None:
    for reader in readers:
        reader.args = map_arg(reader.args, lambda one: by if one is node else one)
        reader.kwargs = map_arg(reader.kwargs, lambda one: by if one is node else one)
