"""A network as a graph, with torch.fx, and the shape of each value."""

import inspect
import typing
from collections import OrderedDict
from dataclasses import fields, is_dataclass
from types import FunctionType, ModuleType, UnionType
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.proxy import ParameterProxy

from nonconv.reduction.arguments import decided, only
from nonconv.reduction.asserting import asker, traced
from nonconv.reduction.containers import made_again, taken_apart
from nonconv.reduction.deciding import DecidesBySizes
from nonconv.reduction.detaching import UNDER_NO_GRAD
from nonconv.reduction.functions import FUNCTIONS, SEARCHED, functions_seen, seen
from nonconv.reduction.naming import graph_module
from nonconv.reduction.reasons import NotTraced, Refused, line, whole
from nonconv.reduction.watching import Modes, autocasts_watched, changed, modes, state

AUTOCAST_OFF = "nonconv autocast off"  # in the meta of a graph: where its forward opens one


class _Whole(Exception):
    """A module that must not be looked into, which tracing finds out on its way."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path, self.reason = path, reason


class _Tracer(DecidesBySizes):
    """Layers of the framework and of the course stay whole,
    and so do modules that must not be looked into.
    """

    learns = True  # will somebody train the graph's parameters?

    def __init__(
        self,
        given: dict[str, Any],
        kept: dict[str, str],
        *searched: ModuleType,
        inputs: tuple[Any, ...] | None = None,  # of the example, where there is one
    ) -> None:
        super().__init__(
            autowrap_functions=FUNCTIONS if searched else (),
            # so that to read the shape of a parameter is no use of it
            param_shapes_constant=inputs is not None,
        )
        self.inputs = inputs
        self.stand_ins: list[fx.Proxy] = []  # for parameters
        self.paths: dict[int, str] = {}  # of parameters and buffers, by their `id`
        self._autowrap_search.extend(searched)  # `layers.relu(x)` is found as well as an imported `relu(x)`
        self.given, self.kept = given, kept
        self.inside: list[tuple[str, Modes]] = [("", modes())]
        self.off: list[str] = []  # where an autocast is opened that is off

    def trace(self, root: Any, concrete_args: Any = None) -> fx.Graph:
        own = (*root.named_buffers(), *root.named_parameters())
        self.paths = {id(x): name for name, x in own}
        return super().trace(root, concrete_args)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        """What torch.fx does; it would search all parameters for this one, at each reading."""
        path = self.paths.get(id(attr_val))
        if path is None or not isinstance(attr_val, nn.Parameter):
            return super().getattr(attr, attr_val, parameter_proxy_cache)
        if path not in parameter_proxy_cache:
            made = (
                (lambda node: ParameterProxy(self, node, path, attr_val)) if self.inputs is not None else None
            )
            parameter_proxy_cache[path] = self.create_proxy("get_attr", path, (), {}, proxy_factory_fn=made)
        return parameter_proxy_cache[path]

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        ours = type(m).__module__.startswith(("nonconv.layers", "nonconv.reduction.sizes"))
        # a layer under a name of its own, whose forward is still the framework's
        forward = inspect.getattr_static(type(m), "forward", None)  # torch.jit has none to ask for
        inherits = forward in _FORWARDS and "forward" not in vars(m)
        if isinstance(m, nn.DataParallel) and not m.device_ids:  # it calls what it holds
            inherits = False
        stays = bool(whole(m)) or module_qualified_name in self.kept
        if stays or ours or inherits:
            return True
        return super().is_leaf_module(m, module_qualified_name) and not isinstance(m, nn.DataParallel)

    def call_module(self, m: Any, forward: Any, args: Any, kwargs: Any) -> Any:
        self._watch()
        self.inside.append((self.path_of_module(m), modes()))
        try:
            return super().call_module(m, forward, args, kwargs)
        finally:
            self.inside.pop()

    def create_proxy(
        self,
        kind: Any,
        target: Any,
        args: Any,
        kwargs: Any,
        name: Any = None,
        type_expr: Any = None,
        proxy_factory_fn: Any = None,  # torch.fx asks by this name whether shapes can be constants
    ) -> Any:
        self._watch()
        made = super().create_proxy(kind, target, args, kwargs, name, type_expr, proxy_factory_fn)
        if isinstance(made, ParameterProxy):
            self.stand_ins.append(made)
        if self.inside[0][1].grad and not modes().grad:
            made.node.meta[UNDER_NO_GRAD] = True
        return made

    def to_bool(self, obj: fx.Proxy) -> bool:
        expected = traced(obj, asker())
        return super().to_bool(obj) if expected is None else expected

    def let_go(self) -> None:
        """The tracer refers to itself, and so do stand-ins for parameters: they would keep the network."""
        for one in (self, *self.stand_ins):
            for held in ("root", "tensor_attrs", "param", "inputs", "_example"):
                vars(one).pop(held, None)

    def _watch(self) -> None:
        """torch.fx writes no context manager down."""
        path, entered = self.inside[-1]
        now = modes()
        if now not in (entered, entered._replace(grad=False)):
            raise _Whole(path, f"its forward opens {now.beside(entered)}, which torch.fx would lose")

    def autocast_off(self) -> None:
        self.off.append(self.inside[-1][0])

    def create_arg(self, a: Any) -> Any:
        if isinstance(a, Tensor) and id(a) in self.paths:
            return self.create_node("get_attr", self.paths[id(a)], (), {})
        if isinstance(a, nn.Module):
            raise TypeError(f"a function takes the module {self.path_of_module(a)!r} as an argument")
        # it would be the same whatever they learn
        if self.learns and isinstance(a, Tensor) and a.grad_fn is not None:
            raise TypeError("it computes with parameters that it does not read by their names")
        if (parts := taken_apart(a)) is not None:
            items, held = self.create_arg(parts.items), self.create_arg(parts.held)
            return self.create_node("call_function", made_again, (parts.where, items, held), {})
        if isinstance(a, OrderedDict):  # torch.fx would give a dict, or a bare one for a class of its own
            if is_dataclass(a):
                held = {f.name: getattr(a, f.name) for f in fields(a)}
                kept = {name: self.create_arg(value) for name, value in held.items() if value is not None}
                return self.create_node("call_function", type(a), (), kept)
            pairs = [(key, self.create_arg(value)) for key, value in a.items()]
            return self.create_node("call_function", type(a), (pairs,), {})
        return super().create_arg(a)

    def create_args_for_root(self, root_fn: Any, is_module: bool, concrete_args: Any = None) -> Any:
        function, args = self._one_by_one(root_fn) or super().create_args_for_root(
            root_fn, is_module, concrete_args
        )
        return function, [self._decided(arg) for arg in args]

    def _one_by_one(self, forward: Any) -> tuple[Any, list[Any]] | None:
        """A call of a forward(*args, **kwargs), and as many arguments as the example has; torch.fx would make
        one of all.
        """
        kinds = list(inspect.signature(forward).parameters.values())[1:]
        any_number = [kind.name for kind in kinds if kind.kind is inspect.Parameter.VAR_POSITIONAL]
        any_name = [kind.name for kind in kinds if kind.kind is inspect.Parameter.VAR_KEYWORD]
        if self.inputs is None or not (any_number or any_name):
            return None
        named = [kind for kind in kinds if kind.name not in any_number + any_name]
        if any_number:
            names = {kind.name for kind in kinds}
            named = named[: [kind.name for kind in kinds].index(any_number[0])]
            more = [f"{any_number[0]}_{n}" for n in range(len(self.inputs) - len(named))]
            named += [inspect.Parameter(_other_than(names, name), _POSITIONAL) for name in more]
        args: list[Any] = [self.root]
        for kind in named:
            left_out = () if kind.default is inspect.Parameter.empty else (kind.default,)
            args.append(self.create_proxy("placeholder", kind.name, left_out, {}))
        # as it is called: a decorator may look for what was left out among what has a name
        given = (
            len(self.inputs)
            if any_number
            else sum(kind.kind in _IN_ORDER for kind in named[: len(self.inputs)])
        )
        by_name = [kind.name for kind in named[given:]]

        def call(net: nn.Module, *values: Any) -> Any:
            return forward(net, *values[:given], **dict(zip(by_name, values[given:], strict=True)))

        return call, args

    def _decided(self, arg: Any) -> Any:
        """An argument that is None, a truth value or a string may decide the way: it is what the example
        says, and the graph checks that.
        """
        name = str(arg.node.target) if isinstance(arg, fx.Proxy) else ""
        if name not in self.given:
            return arg
        value = self.given[name]
        self.create_proxy("call_function", only, (arg, value, name), {})
        return value


_POSITIONAL = inspect.Parameter.POSITIONAL_ONLY
_IN_ORDER = (_POSITIONAL, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _other_than(names: set[str], name: str) -> str:
    while name in names:
        name += "_"
    return name


_FORWARDS = {
    kind.forward
    for kind in vars(nn).values()
    if inspect.isclass(kind)
    and issubclass(kind, nn.Module)
    and kind.forward not in (nn.Module.forward, nn.Sequential.forward)
}


def trace(model: nn.Module, inputs: tuple[Any, ...]) -> tuple[fx.GraphModule, dict[str, str], dict[str, str]]:
    """(graph module, modules that were kept whole: why, nodes whose value the forward keeps on the network:
    where) with torch.fx.

    The graph module shares its layers with the model; so give it a copy.

    Raises NotTraced.
    """
    for module in model.modules():
        for name, value in list(vars(module).items()):
            if type(value) is FunctionType and value in FUNCTIONS:  # self.activation = layers.relu
                setattr(module, name, seen(value))
    kept: dict[str, str] = {}
    while True:
        try:
            graph, remembered = _traced(model, decided(model, inputs), inputs, kept)
        except _Whole as found:
            if not found.path:
                raise Refused(found.reason) from found
            kept[found.path] = found.reason
            continue
        return graph, kept, remembered


def _traced(
    model: nn.Module, given: dict[str, Any], inputs: tuple[Any, ...], kept: dict[str, str]
) -> tuple[fx.GraphModule, dict[str, str]]:
    first = ""  # not the error itself, whose frames would hold the network
    before, what, by_sizes = state(model), "", False
    for searched in SEARCHED:
        tracer, random = _Tracer(given, kept, *searched, inputs=inputs), torch.get_rng_state()
        try:
            with functions_seen(tracer), autocasts_watched(tracer.autocast_off):
                graph = tracer.trace(model)
        except _Whole:
            raise
        except Exception as error:  # a forward may raise anything when it meets a stand-in for a tensor
            first = first or line(error)
            continue
        finally:
            what, remembered, by_sizes = changed(model, before)
            tracer.let_go()
        if what:  # what is kept by sizes alone torch.export may compute anew
            raise (NotTraced if by_sizes else Refused)(what)
        if modes() != tracer.inside[0][1]:
            raise Refused("its forward leaves gradients or autocast switched as they were not before")
        if not torch.equal(torch.get_rng_state(), random):
            raise Refused(
                "its forward may draw at random what no input decides, and a graph would keep the numbers of"
                " one draw"
            )
        graph._tracer_cls = fx.Tracer  # which loads it again; ours needs to know what it was called with
        for node in graph.nodes:
            if not _written_anywhere(node.type):
                node.type = None
        module, moved = graph_module(model, graph)
        if off := tracer.off or vars(model).get("meta", {}).get(AUTOCAST_OFF):
            module.meta[AUTOCAST_OFF] = off
        for old, new in moved.items():
            kept |= {new + path.removeprefix(old): why for path, why in kept.items() if path.startswith(old)}
        return module, remembered
    if what and not by_sizes:
        raise Refused(what)
    raise NotTraced(what or first)


def _written_anywhere(kind: Any) -> bool:
    """Is an annotation found again where the graph's code is loaded? A string (`from __future__ import
    annotations`) and a class of the user's are not, nor, up to torch 2.8, is `Tensor | None`.
    """
    if isinstance(kind, UnionType | str) or "<locals>" in getattr(kind, "__qualname__", ""):
        return False
    parts = typing.get_args(kind)
    known = getattr(typing.get_origin(kind) or kind, "__module__", "builtins")
    return known.partition(".")[0] in ("builtins", "torch", "typing", "collections") and all(
        part is ... or _written_anywhere(part) for part in parts
    )
