"""What a rule sees of a graph, and what it answers: a proposal, a refusal, or nothing."""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.reduction.kernel import Kernel
from nonconv.reduction.memory import Memory
from nonconv.reduction.nodes import Layer, exact
from nonconv.reduction.reading import read
from nonconv.reduction.shapes import asks_shape_of


class AppendOnes(nn.Module):
    """One more map for each group, 1 everywhere: (N, M, …) -> (N, M + groups, …)."""

    def __init__(self, groups: int = 1) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, x: Tensor) -> Tensor:
        parts = x.chunk(self.groups, 1)
        ones = torch.ones_like(x[:, :1])
        return torch.cat([piece for part in parts for piece in (part, ones)], 1)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"


@dataclass
class Proposal:
    """These nodes, the last of which gives the result, are `modules`, one after the other,
    on the value of x.
    """

    rule: str
    formula: str
    nodes: list[Node]  # in the order of the graph
    x: Node
    modules: list[nn.Module] = field(default_factory=list)
    fixed: bool = False  # for inputs of this size only
    # where set, `modules` have shapes only, and this makes them: what is declined costs nothing
    build: Callable[[], list[nn.Module]] | None = None
    # values that go, and that have the shape of: x (True) or the result (False)
    shaped_as_x: dict[Node, bool] = field(default_factory=dict)
    more: tuple[Any, ...] = ()  # further arguments of the only module

    def built(self) -> "Proposal":
        """The same with modules that hold their numbers."""
        return self if self.build is None else replace(self, modules=self.build(), build=None)


@dataclass
class Within:
    """The maps of `norm` are those of other layers, before it or behind it, moved or copied: each of these
    becomes the module beside it, and `norm` goes.
    """

    rule: str
    formula: str
    nodes: list[Node]  # in the order of the graph
    norm: Node
    x: Node  # what the norm is applied to
    sources: dict[Node, nn.Module]
    inputs: dict[Node, Node]  # of each source
    fixed: bool = False
    ends: list[Node] = field(
        default_factory=list
    )  # whose values must stay; the last node's, where none is named
    more: dict[Node, tuple[Any, ...]] = field(default_factory=dict)  # further arguments of a source

    @property
    def modules(self) -> list[nn.Module]:
        return list(self.sources.values())

    def built(self) -> "Within":
        return self


@dataclass
class Refusal:
    """Here a rule might have applied, but does not."""

    rule: str
    node: Node
    reason: str
    nodes: list[Node] = field(default_factory=list)


class View:
    """A graph as the rules see it: what each node is, and who uses it."""

    def __init__(self, module: fx.GraphModule) -> None:
        self.module = module
        self.layers: dict[Node, Layer | None] = {node: read(node, module) for node in module.graph.nodes}
        self.memory = Memory(module)

    def layer(self, node: Node) -> Layer | None:
        return self.layers.get(node)

    def in_order(self, *nodes: Node) -> list[Node]:
        return sorted(set(nodes), key=self.memory.place.__getitem__)

    def read_by_others(self, node: Node, nodes: list[Node]) -> bool:
        """Is the node's value, or its shape, used outside these nodes?"""
        return any(user not in nodes for user in node.users)

    def value_read_by_others(self, node: Node, nodes: list[Node]) -> bool:
        """Are the node's numbers used outside these nodes? To read a shape or a dtype is no such use."""
        return self.first_read_by_others([node], nodes) is not None

    def first_read_by_others(self, values: list[Node], nodes: list[Node]) -> str | None:
        """The first of these values that is used outside the nodes, and by whom, in words; or None."""
        for value in values:
            for user in value.users:
                if user not in nodes and not asks_shape_of(user, value):
                    return f"{called(value)} by {called(user)}"
        return None

    def remove(self, nodes: Iterable[Node]) -> None:
        """Take nodes that nobody reads any more out of the graph, users first."""
        for node in nodes:
            self.module.graph.erase_node(node)
            del self.layers[node]
            self.memory.forget(node)


def called(node: Node) -> str:
    """The node as the report names it."""
    return str(node.target) if node.op == "call_module" else node.name


Found = Proposal | Within | Refusal | None


@dataclass(frozen=True)
class Rule:
    """What to look for at a node, and the label under which the report speaks of it."""

    label: str
    look: Callable[[View, Node], Found]

    def __call__(self, view: View, node: Node) -> Found:
        """Raises ValueError for an argument that no kernel has, such as a negative variance."""
        return self.look(view, node)

    @property
    def name(self) -> str:
        return self.look.__name__


def rule(label: str) -> Callable[[Callable[[View, Node], Found]], Rule]:
    """A function as a rule with this label. Its docstring is the formula."""
    return lambda look: Rule(label, look)


def convolution(kernel: Kernel, mode: str = "zeros", uneven: bool = False) -> nn.Module:
    """The framework's module of a kernel."""
    weight = kernel.weight
    kind: Any = {3: nn.Conv1d, 4: nn.Conv2d, 5: nn.Conv3d}[weight.dim()]
    module = bare(
        kind,
        weight.shape[1] * kernel.groups,
        weight.shape[0],
        tuple(weight.shape[2:]),
        stride=kernel.stride,
        padding="same" if uneven else kernel.padding,
        dilation=kernel.dilation,
        groups=kernel.groups,
        bias=kernel.bias is not None,
        padding_mode=mode,
    )
    return filled(module, weight, kernel.bias)


def bare(kind: Any, *arguments: Any, **named: Any) -> Any:
    """A layer of this kind that has no numbers yet, and draws none."""
    module = kind.__new__(kind)
    for name, value in vars(_like(kind, arguments, tuple(named.items()))).items():
        vars(module)[name] = value.copy() if isinstance(value, dict | set) else value
    return module


@functools.lru_cache(maxsize=256)
def _like(kind: Any, arguments: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> nn.Module:
    """Made once: to make a layer takes longer than to merge a small one."""
    undrawn = type(kind.__name__, (kind,), {"reset_parameters": lambda self: None})
    return undrawn(*arguments, **dict(named), device="meta")


def filled(module: Any, weight: Tensor, bias: Tensor | None) -> nn.Module:
    module.weight = nn.Parameter(weight.detach())
    module.bias = None if bias is None else nn.Parameter(bias.detach())
    return module.eval()


def exact_kernel(kernel: Kernel) -> Kernel:
    bias = None if kernel.bias is None else exact(kernel.bias)
    return kernel._replace(weight=exact(kernel.weight), bias=bias)
