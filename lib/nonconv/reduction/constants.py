"""What of a graph is a constant of the network: its parameters and buffers alone decide it."""

from torch.fx.node import Node


def held(node: Node) -> list[Node]:
    """The parameters and buffers that alone decide the node's value; [] where something else does too."""
    leaves, seen, waiting = [], set[Node](), [node]
    while waiting:  # each node once: skips lead to the same one on many paths
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one.op == "get_attr":
            leaves.append(one)
        elif one.op in ("call_function", "call_method") and one.all_input_nodes and not draws(one):
            waiting += one.all_input_nodes
        else:
            return []
    return leaves


def draws(node: Node) -> bool:
    return any(word in str(node.target) for word in ("dropout", "rand", "bernoulli"))
