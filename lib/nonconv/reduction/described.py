"""A graph as plain data: what each node is, and what it costs."""

from torch import fx
from torch.fx.node import Node

from nonconv.reduction.asking import part_at, shape
from nonconv.reduction.counting import macs
from nonconv.reduction.nodes import Average, BatchNorm, Convolution, Linear, Sum, Transposed
from nonconv.reduction.proposals import View
from nonconv.reduction.report import Step


class Described:
    """Remembers what it said of a node, until `forget`."""

    def __init__(self, module: fx.GraphModule, view: View) -> None:
        self.module, self.view = module, view
        self.described: dict[Node, Step | None] = {}  # None: it is not shown
        self.costs: dict[Node, int] = {}

    def forget(self, node: Node) -> None:
        """It is not what it was."""
        self.described.pop(node, None)
        self.costs.pop(node, None)

    def macs(self) -> int:
        for node in self.module.graph.nodes:
            if node not in self.costs:
                self.costs[node] = macs(self.view.layer(node), node)
        return sum(self.costs[node] for node in self.module.graph.nodes)

    def steps(self) -> list[Step]:
        """The graph as plain data."""
        found: list[Step] = []
        for node in self.module.graph.nodes:
            if node not in self.described:
                given = tuple(one.name for one in node.all_input_nodes if self._shown(one))
                shown = Step(node.name, self._kind(node), self._label(node), given)
                self.described[node] = shown if self._shown(node) else None
            if (step := self.described[node]) is not None:
                found.append(step)
        return found

    def _shown(self, node: Node) -> bool:
        return node.op != "get_attr" and bool(shape(node) or node.op == "output")

    def _kind(self, node: Node) -> str:
        layer = self.view.layer(node)
        if node.op in ("placeholder", "output"):
            return "input" if node.op == "placeholder" else "output"
        if isinstance(layer, Convolution | Transposed | Linear):
            return "convolution"
        if isinstance(layer, BatchNorm):
            return "batch norm"
        if isinstance(layer, Average):
            return "average"
        return "sum" if isinstance(layer, Sum) else "other"

    def _label(self, node: Node) -> str:
        layer = self.view.layer(node)
        if isinstance(layer, Convolution):
            weight = layer.kernel.weight
            grouped = f", {layer.kernel.groups} groups" if layer.kernel.groups > 1 else ""
            sizes = "×".join(str(n) for n in weight.shape[2:])
            return f"{sizes}, {weight.shape[1] * layer.kernel.groups} → {weight.shape[0]}{grouped}"
        if isinstance(layer, Linear):
            return f"linear {layer.weight.shape[1]} → {layer.weight.shape[0]}"
        if node.op == "call_module":
            return type(part_at(self.module, node.target)).__name__
        return str(getattr(node.target, "__name__", node.target)) if node.op.startswith("call") else node.name
