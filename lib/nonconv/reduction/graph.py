"""A network as a graph: traced, with the shape of each value, and who changes what in place."""

import copy
import functools
import inspect
import operator
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node
from torch.nn.utils import parametrize
from torch.utils._pytree import tree_leaves

from nonconv import layers
from nonconv.layers import (
    activation,
    attention,
    connected,
    convolution,
    deformable,
    gates,
    normalization,
    pooling,
    recurrent,
    transposed,
)

PARTS = (
    activation,
    attention,
    connected,
    convolution,
    deformable,
    gates,
    normalization,
    pooling,
    recurrent,
    transposed,
)
FUNCTIONS = tuple(f for f in map(layers.__dict__.get, layers.__all__) if inspect.isfunction(f))


class NotTraced(Exception):
    """The network's forward cannot be written down as a graph; says why."""


def hook_on(module: nn.Module) -> str | None:
    """The kind of hook that is registered on this very module, or None."""
    kinds = {
        "a forward hook": module._forward_hooks,
        "a forward pre-hook": module._forward_pre_hooks,
        "a backward hook": module._backward_hooks,
        "a backward pre-hook": module._backward_pre_hooks,
    }
    return next((kind for kind, hooks in kinds.items() if hooks), None)


def whole(module: nn.Module) -> str | None:
    """Why this module must stay as it is, whatever is inside, or None."""
    hook = hook_on(module)
    if hook:
        return f"it has {hook}, which a merged layer would not call"
    if parametrize.is_parametrized(module):
        return "its weight is computed anew at each call (a parametrization)"
    return None


class _Tracer(fx.Tracer):
    """Layers of the framework and of the course stay whole, and so do modules that must not be looked into."""

    def __init__(self, *searched: ModuleType) -> None:
        super().__init__(autowrap_functions=FUNCTIONS if searched else ())
        self._autowrap_search.extend(searched)  # `layers.relu(x)` is found as well as an imported `relu(x)`

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        ours = type(m).__module__.startswith("nonconv.layers")
        # a layer under a name of its own, whose forward is still the framework's
        inherits = type(m).forward in _FORWARDS and "forward" not in vars(m)
        return bool(whole(m)) or ours or inherits or super().is_leaf_module(m, module_qualified_name)


_FORWARDS = {
    kind.forward
    for kind in vars(nn).values()
    if inspect.isclass(kind)
    and issubclass(kind, nn.Module)
    and "forward" in vars(kind)
    and kind not in (nn.Module, nn.Sequential)
}


def trace(model: nn.Module, inputs: tuple[Any, ...]) -> tuple[fx.GraphModule, str]:
    """(graph module, how) with torch.fx, or else with torch.export, whose graph is for these sizes only.

    The graph module shares its layers with the model; so give it a copy.

    Raises NotTraced if neither can.
    """
    for module in model.modules():
        for name, value in list(vars(module).items()):
            if inspect.isfunction(value) and value in FUNCTIONS:  # self.activation = layers.relu
                setattr(module, name, _seen(value))
    first = ""
    # to wrap the course's functions takes its time: look for them only where they are the reason, and then everywhere
    for searched in ((), (layers,), (layers, *PARTS)):
        try:
            graph = _Tracer(*searched).trace(model)
            return fx.GraphModule(model, graph, type(model).__name__), "torch.fx"
        except Exception as error:  # a forward may raise anything when it meets a stand-in for a tensor
            first = _line(error)
    hooked = [name for name, module in model.named_modules() if hook_on(module)]
    if hooked:
        raise NotTraced(f"torch.fx: {first}; torch.export would lose the hook on {hooked[0]!r}")
    try:
        with torch.no_grad():
            program = torch.export.export(model, inputs)
        module = program.module(check_guards=False)
    except Exception as error:
        raise NotTraced(f"torch.fx: {first}; torch.export: {_line(error)}") from error
    assert isinstance(module, fx.GraphModule)
    written = [n.name for n in module.graph.nodes if isinstance(n.kwargs.get("out"), Node)]
    if written:
        raise NotTraced(
            f"torch.fx: {first}; torch.export looks into a function that has no gradient ({written[0]})"
        )
    return module, f"torch.export, for inputs of this size only (torch.fx: {first})"


def trace_again(
    model: nn.Module, inputs: tuple[Any, ...], traced: fx.GraphModule, how: str
) -> tuple[fx.GraphModule, str]:
    """What `trace` of another copy of the traced network gives; it takes less time.

    Raises NotTraced as `trace`.
    """
    constants = [n for n in traced.graph.nodes if n.op == "get_attr" and "_tensor_constant" in str(n.target)]
    if how != "torch.fx" or constants:  # tensors that belong to the graph, not to the network
        return trace(model, inputs)
    return fx.GraphModule(model, copy.deepcopy(traced.graph), type(model).__name__), how


def _seen(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but a tracer writes down that it is called."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        stands = [x for x in tree_leaves((args, kwargs)) if isinstance(x, fx.Proxy)]
        if stands:
            return stands[0].tracer.create_proxy("call_function", function, args, kwargs)
        return function(*args, **kwargs)

    return call


def _line(error: Exception) -> str:
    """The first line of what an error says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class _Shapes(fx.Interpreter):
    def run_node(self, n: Node) -> Any:
        value = super().run_node(n)
        if isinstance(value, Tensor):
            n.meta["shape"], n.meta["dtype"], n.meta["device"] = tuple(value.shape), value.dtype, value.device
        else:
            n.meta["value"] = value
        return value


def note_shapes(module: fx.GraphModule, inputs: tuple[Any, ...]) -> None:
    """Run the graph once; each node's meta then holds its value's shape, dtype and device."""
    with torch.no_grad():
        _Shapes(module).run(*copy.deepcopy(inputs))


def shape(node: Node) -> tuple[int, ...]:
    """Of the node's value; () where it is no tensor."""
    return node.meta.get("shape", ())


# ---------------------------------------------------------------------------------------------------------------
# what is changed in place

_IN_PLACE = (operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ifloordiv, operator.ipow,
             operator.imatmul, operator.iand, operator.ior, operator.ixor, operator.setitem)  # fmt: skip


def changes(node: Node, module: fx.GraphModule) -> Node | None:
    """The node whose value this one changes in place, or None."""
    target, first = node.target, node.args[0] if node.args else None
    named = str(getattr(target, "__name__", target))
    if node.op == "call_module":
        inside = module.get_submodule(str(target))
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
    try:
        names = list(inspect.signature(node.target).parameters)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    at = names.index("inplace") if "inplace" in names else len(node.args)
    return at < len(node.args) and bool(node.args[at])


# Calls whose result never shares memory with what they are given.
_FRESH = {"add", "sub", "mul", "truediv", "div", "matmul", "cat", "stack", "relu", "sigmoid", "tanh", "softmax", "gelu",
          "silu", "hardtanh", "leaky_relu", "elu", "max_pool1d", "max_pool2d", "max_pool3d", "conv1d", "conv2d", "conv3d",
          "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "linear", "batch_norm", "avg_pool1d", "avg_pool2d",
          "avg_pool3d", "ReLU", "ReLU6", "Sigmoid", "Tanh", "Softmax", "GELU", "SiLU", "LeakyReLU", "ELU", "MaxPool1d",
          "MaxPool2d", "MaxPool3d", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d",
          "Linear", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "AvgPool1d", "AvgPool2d", "AvgPool3d"}  # fmt: skip


def kind_of(node: Node, module: fx.GraphModule) -> str:
    """A short name of what the node calls."""
    if node.op == "call_module":
        return type(module.get_submodule(str(node.target))).__name__
    if node.op == "call_method":
        return str(node.target)
    packet = getattr(node.target, "overloadpacket", node.target)
    return str(getattr(packet, "__name__", node.target))


class Memory:
    """Which values may share memory, and where each such group is written to."""

    def __init__(self, module: fx.GraphModule) -> None:
        self._leader: dict[Node, Node] = {}
        self.place = {node: number for number, node in enumerate(module.graph.nodes)}
        self.writes: list[tuple[Node, Node]] = []  # (who writes, whose value)
        for node in module.graph.nodes:
            written = changes(node, module)
            if written is not None:
                self.writes.append((node, written))
                self._join(node, written)
            elif node.op.startswith("call") and kind_of(node, module) not in _FRESH:
                for given in node.all_input_nodes:
                    self._join(node, given)

    def _find(self, node: Node) -> Node:
        while (up := self._leader.get(node, node)) is not node:
            node = up
        return node

    def _join(self, one: Node, other: Node) -> None:
        self._leader[self._find(one)] = self._find(other)

    def members(self, node: Node) -> Iterator[Node]:
        leader = self._find(node)
        return (other for other in self.place if self._find(other) is leader)

    def stands_for(self, new: Node, old: Node) -> None:
        """A new node at the place of an old one, which it replaces."""
        self.place[new] = self.place[old]
        self._join(new, old)

    def forget(self, node: Node) -> None:
        """The node is no longer in the graph; what it may share memory with still may."""
        del self.place[node]
        self.writes = [(writer, value) for writer, value in self.writes if writer is not node]

    def written(self, node: Node) -> bool:
        """Does anyone write to memory that the node's value may share?"""
        leader = self._find(node)
        return any(self._find(value) is leader for _, value in self.writes)

    def hazard(self, nodes: list[Node]) -> Node | None:
        """Who writes in place such that `nodes` cannot move to the place of the last of them, or None.

        They read a value that another node changes before that place, or one of them changes a value that is there
        before and stays in use.
        """
        if not self.writes:
            return None
        last = max(self.place[node] for node in nodes)
        for writer, value in self.writes:
            group = self._find(value)
            if writer in nodes:
                if any(self.place[m] < self.place[writer] for m in self.members(value) if m not in nodes):
                    return writer
                continue
            for node in nodes:
                reads = any(self._find(given) is group for given in node.all_input_nodes)
                if reads and self.place[node] < self.place[writer] < last:
                    return writer
        return None
