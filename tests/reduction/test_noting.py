"""The shapes that are noted without the sums are those of a run."""

import pytest
import torch
from torch import Tensor, fx, nn
from torch.nn import functional as F
from torch.utils._pytree import tree_leaves

from nonconv.reduction.asking import NodeByNode
from nonconv.reduction.noting import _Shapes, note_shapes

Shape = tuple[tuple[int, ...], torch.dtype]


def pruned() -> nn.Module:
    conv = nn.Conv2d(3, 8, 3)
    conv.weight = nn.Parameter(conv.weight.detach()[:5])  # and `out_channels` still says 8
    conv.bias = nn.Parameter(torch.zeros(5))
    return conv


class Forward(nn.Conv2d):
    """Of its own, so that its name says nothing."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x)[:, :1]


def by_hand() -> nn.Module:
    conv = nn.Conv2d(3, 4, 1)
    conv.forward = lambda x: x.mean(1)  # type: ignore[method-assign]
    return conv


NETS = {
    "one side": (nn.Sequential(nn.Conv1d(3, 4, 3, 2, 1), nn.BatchNorm1d(4), nn.ReLU(True)), (2, 3, 9)),
    "two sides": (nn.Sequential(nn.Conv2d(3, 6, (3, 1), (2, 1), (0, 2), groups=3), nn.SiLU()), (2, 3, 9, 8)),
    "three sides": (nn.Sequential(nn.Conv3d(1, 2, 2, dilation=2), nn.BatchNorm3d(2)), (1, 1, 5, 6, 7)),
    "same": (nn.Sequential(nn.Conv2d(3, 4, 2, padding="same"), nn.MaxPool2d(2)), (1, 3, 7, 8)),
    "linear": (nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.GELU(), nn.Linear(5, 2)), (2, 3, 2, 2)),
    "pruned": (nn.Sequential(pruned(), nn.ReLU()), (1, 3, 6, 6)),
    "a class of its own": (nn.Sequential(Forward(3, 4, 1)), (1, 3, 6, 6)),
    "a forward of its own": (nn.Sequential(by_hand()), (1, 3, 6, 6)),
    "without a batch": (nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(0)), (3, 6, 6)),
}


def noted(graph: fx.GraphModule) -> list[Shape]:
    return [
        (node.meta["shape"], node.meta["dtype"])
        for node in graph.graph.nodes
        if node.op != "output" and "shape" in node.meta
    ]


def leaves(net: nn.Module) -> fx.GraphModule:
    """Each child is one node."""

    class Tracer(fx.Tracer):
        def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
            return True

    return fx.GraphModule(net, Tracer().trace(net))


@pytest.mark.parametrize(("net", "size"), NETS.values(), ids=NETS)
def test_the_shapes_are_those_of_a_run(net: nn.Module, size: tuple[int, ...]) -> None:
    x = torch.randn(size)
    quick, run = leaves(net.eval()), leaves(net.eval())
    note_shapes(quick, (x,))
    with torch.no_grad():
        _Shapes(run, quick=False).run(x)
    assert noted(quick) == noted(run)


class Asks(nn.Module):
    """What zeros would not pass."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv(x)
        torch._assert((y != 0).all(), "zeros")
        return F.relu(y)


def test_a_network_that_zeros_do_not_pass_is_run() -> None:
    graph = fx.symbolic_trace(Asks().eval())
    note_shapes(graph, (torch.ones(1, 1, 3, 3),))
    assert noted(graph)[-1] == ((1, 1, 3, 3), torch.float32)


@pytest.mark.parametrize(("net", "size"), NETS.values(), ids=NETS)
def test_a_graph_run_node_by_node_gives_what_it_gives_compiled(net: nn.Module, size: tuple[int, ...]) -> None:
    x, graph = torch.randn(size), leaves(net.eval())
    with torch.no_grad():
        expected, got = graph(x), NodeByNode(graph).run(x)
    for one, other in zip(tree_leaves(got), tree_leaves(expected), strict=True):
        assert torch.equal(one, other)  # exact: the same calls
