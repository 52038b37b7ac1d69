"""A network as a graph: traced, with the shape of each value."""

import copy
import functools
import inspect
from collections.abc import Callable
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
    """Layers of the framework and of the course stay whole,
    and so do modules that must not be looked into.
    """

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
    # to wrap the course's functions takes its time:
    # look for them only where they are the reason, and then # everywhere
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


def kind_of(node: Node, module: fx.GraphModule) -> str:
    """A short name of what the node calls."""
    if node.op == "call_module":
        return type(module.get_submodule(str(node.target))).__name__
    if node.op == "call_method":
        return str(node.target)
    packet = getattr(node.target, "overloadpacket", node.target)
    return str(getattr(packet, "__name__", node.target))
