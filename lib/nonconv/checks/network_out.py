"""A student's network on its way out of the kernel: its layers and its steps, as plain data.

A layer of the framework or of the course is its kind, its settings and its numbers. A Sequential is its list
of layers. Any other module is the steps that its `forward` takes, found by torch.fx, which runs it once on
stand-ins for tensors. `nonconv.checks.network_in` reads such data.
"""

import base64
import math
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.checks.network_kinds import DTYPES, FUNCTION_NAMES, KIND_NAMES, METHODS
from nonconv.reduction.asserting import asserted
from nonconv.reduction.functions import FUNCTIONS, SEARCHED, functions_seen, seen
from nonconv.reduction.reasons import line, whole
from nonconv.reduction.tracing import _Tracer

MAX_NUMBERS = 500_000  # of a network, its kernels, biases and statistics
MAX_MODULES, MAX_STEPS = 500, 5000
MAX_DEPTH = 20  # of modules in modules, and of lists in lists
DTYPE_NAMES = {dtype: name for name, dtype in DTYPES.items()}
PRIVATE = frozenset(vars(nn.Module()))  # where a module keeps its parts


class NoData(Exception):
    """The network cannot leave the kernel as plain data; the message says what of it."""


def described(model: nn.Module) -> dict[str, Any]:
    """{"network": the number of its module, "modules": all of them}. NoData for what cannot be described."""
    found = _Described()
    try:
        return {"network": found.module(model, "", MAX_DEPTH), "modules": found.modules}
    except NoData:
        raise
    except RecursionError:
        raise NoData("it is a network in itself") from None


class _Described:
    """The modules of a network, each once."""

    def __init__(self) -> None:
        self.modules: list[dict[str, Any]] = []
        self.numbers_of: dict[int, int] = {}  # of a module, by its id
        self.kept: list[Any] = []  # so that no id comes again
        self.left, self.steps = MAX_NUMBERS, 0

    def module(self, module: nn.Module, name: str, depth: int) -> int:
        if id(module) in self.numbers_of:
            return self.numbers_of[id(module)]
        if depth == 0 or len(self.modules) == MAX_MODULES:
            raise NoData(f"it has more than {MAX_MODULES} modules, or modules in modules too deep")
        if (reason := whole(module)) is not None:
            raise NoData(f"its part {name or 'as a whole'!r}: {reason}")
        number = self.numbers_of[id(module)] = len(self.modules)
        self.kept.append(module)
        self.modules.append({})  # its place, before its parts have theirs
        kind = _kind(module)
        if kind is not None:
            found = self.layer(module, kind, name, depth)
        elif type(module) is nn.Sequential:
            parts = {
                part: self.module(one, f"{name}.{part}" if name else part, depth - 1)
                for part, one in module._modules.items()
                if one is not None
            }
            found = {"sequential": parts}
        else:
            found = self.of_steps(module, name, depth)
        self.modules[number] = found | {"training": bool(module.training)}
        return number

    def layer(self, module: nn.Module, kind: str, name: str, depth: int) -> dict[str, Any]:
        settings = {
            key: value
            for key, one in vars(module).items()
            if key not in PRIVATE and (value := _setting(one, MAX_DEPTH)) is not _UNTOLD
        }
        return {
            "kind": kind,
            "settings": settings,
            "parameters": {key: self.tensor(one) for key, one in module._parameters.items()},
            "buffers": {key: self.tensor(one) for key, one in module._buffers.items()},
            "parts": {
                key: self.module(one, f"{name}.{key}", depth - 1)
                for key, one in module._modules.items()
                if one is not None
            },
        }

    def tensor(self, tensor: Tensor | None) -> dict[str, Any] | None:
        if tensor is None:
            return None
        if isinstance(tensor, nn.UninitializedParameter | nn.UninitializedBuffer):
            raise NoData("a lazy layer has no size yet; run the network once first")
        self.left -= tensor.numel()
        if self.left < 0:
            raise NoData(
                f"it holds more than {MAX_NUMBERS:,} numbers, and no more are read here: take fewer maps,"
                " or a smaller kernel"
            )
        if tensor.layout != torch.strided or tensor.device.type == "meta" or tensor.dtype not in DTYPE_NAMES:
            raise NoData("it holds a sparse or quantized tensor, or one without numbers")
        plain = tensor.detach().cpu().contiguous()
        data = plain.reshape(-1).view(torch.uint8).numpy().tobytes() if plain.numel() else b""
        return {
            "dtype": DTYPE_NAMES[plain.dtype],
            "shape": list(plain.shape),
            "bytes": base64.b64encode(data).decode("ascii"),
        }

    def of_steps(self, module: nn.Module, name: str, depth: int) -> dict[str, Any]:
        root, graph = _graph(module)
        steps: list[Any] = []
        parts: dict[str, int] = {}
        places: dict[Node, int] = {}
        for node in graph.nodes:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise NoData(f"its forward takes more than {MAX_STEPS} steps")
            places[node] = len(steps)
            target: Any = node.target
            if node.op == "call_module":
                path = str(target)
                parts[path] = self.module(
                    root.get_submodule(path), f"{name}.{path}" if name else path, depth - 1
                )
            elif node.op == "get_attr":
                value: Any = root
                for part in str(target).split("."):
                    value = getattr(value, part)
                if not isinstance(value, Tensor):
                    raise NoData(f"its forward reads {target}, which is no tensor")
                steps.append(["tensor", self.tensor(value)])
                continue
            elif node.op == "placeholder" and str(target).startswith("*"):
                raise NoData("its forward takes any number of arguments: give them names")
            elif node.op == "call_function":
                if target not in FUNCTION_NAMES:
                    raise NoData(f"its forward calls {_called(target)}, which is not read here")
                target = FUNCTION_NAMES[target]
            elif node.op == "call_method" and target not in METHODS:
                raise NoData(f"its forward calls .{target}(), which is not read here")
            given = [self.argument(one, places, MAX_DEPTH) for one in node.args]
            named = {key: self.argument(one, places, MAX_DEPTH) for key, one in node.kwargs.items()}
            steps.append([node.op, target, given, named])
        return {"steps": steps, "parts": parts, "called": type(module).__name__[:80]}

    def argument(self, value: Any, places: dict[Node, int], depth: int) -> Any:
        """An argument of a step: a value of an earlier one, a tensor, or plain."""
        if isinstance(value, Node):
            return {"step": places[value]}
        if isinstance(value, Tensor):
            return {"tensor": self.tensor(value)}
        if depth == 0:
            raise NoData("its forward has lists in lists, too deep")
        if isinstance(value, slice):
            ends = (value.start, value.stop, value.step)
            return {"slice": [self.argument(one, places, depth - 1) for one in ends]}
        if isinstance(value, tuple | list):
            kind = "list" if isinstance(value, list) else "tuple"
            return {kind: [self.argument(one, places, depth - 1) for one in value]}
        if isinstance(value, dict):
            pairs = {str(key): self.argument(one, places, depth - 1) for key, one in value.items()}
            return {"dict": pairs}
        if value is Ellipsis:
            return {"ellipsis": True}
        plain = _setting(value, depth)
        if plain is _UNTOLD:
            raise NoData(f"its forward calls something with a {type(value).__name__}, which is not read here")
        return plain


_UNTOLD = object()


def _setting(value: Any, depth: int) -> Any:
    """A setting of a layer as JSON, or _UNTOLD."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else {"number": repr(value)}
    if isinstance(value, torch.dtype):
        return {"dtype_of": DTYPE_NAMES[value]} if value in DTYPE_NAMES else _UNTOLD
    if isinstance(value, torch.device):
        return {"device": "cpu"}
    if isinstance(value, tuple | list) and depth:
        inside = [_setting(one, depth - 1) for one in value]
        if any(one is _UNTOLD for one in inside):
            return _UNTOLD
        return {"list" if isinstance(value, list) else "tuple": inside}
    if callable(value) and _hashable(value) and value in FUNCTION_NAMES:
        return {"function": FUNCTION_NAMES[value]}
    return _UNTOLD


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _kind(module: nn.Module) -> str | None:
    """The name of the layer that this module is; a class that only inherits its `forward` is that layer, an
    object that has a method of its own is none."""
    if any(callable(getattr(type(module), name, None)) for name in vars(module)):
        return None
    for kind in type(module).__mro__:
        if kind in KIND_NAMES:
            return KIND_NAMES[kind] if type(module).forward is kind.forward else None
    return None


def _called(target: Any) -> str:
    return f"{getattr(target, '__module__', None) or ''}.{getattr(target, '__name__', target)}".lstrip(".")


class _Steps(_Tracer):
    """As `reduce` traces, but layers are those that can be described, and one that is no part of the network
    (it stands in a list, or in a function) is made one. Nobody will train it: what was computed of its
    parameters may be a constant.
    """

    learns = False

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return _kind(m) is not None or super().is_leaf_module(m, module_qualified_name)

    def _watch(self) -> None:
        """A `with torch.no_grad():` inside changes no output."""

    def create_arg(self, a: Any) -> Any:
        if isinstance(a, nn.Parameter) and not any(a is one for one in self.root.parameters()):
            return super().create_arg(a.detach())  # of a layer that is no part
        return super().create_arg(a)

    def path_of_module(self, mod: nn.Module) -> str:
        for name, one in self.root.named_modules():
            if one is mod:
                return name
        name = f"part_{len(self.root._modules)}"
        self.root.add_module(name, mod)
        return name


def _graph(module: nn.Module) -> tuple[nn.Module, fx.Graph]:
    """The steps of a module's forward, and a module that has its parts. NoData says why there are none."""
    first: Exception | None = None
    root = _shell(module)
    for searched in SEARCHED:
        tracer = _Steps({}, {}, *searched)
        try:
            with functions_seen(tracer):
                return root, _without_assertions(tracer.trace(root))
        except NoData:
            raise
        except Exception as error:  # a forward may raise anything when it meets a stand-in for a tensor
            first = first or error
    raise NoData(f"no list of the steps of its forward can be made ({line(first)[:200]})")


def _without_assertions(graph: fx.Graph) -> fx.Graph:
    """They change no output; nor does what is computed for them alone."""
    for node in reversed(graph.nodes):
        if node.target is asserted:
            waiting = [node]
            while waiting:
                one = waiting.pop()
                if not one.users and one.op.startswith("call"):
                    waiting += one.all_input_nodes
                    graph.erase_node(one)
    return graph


def _shell(module: nn.Module) -> nn.Module:
    """The module once more, with the same parts: tracing adds to it what it finds elsewhere."""
    twin = object.__new__(type(module))  # of a GraphModule, too, whose own __new__ makes a class
    twin.__dict__.update(module.__dict__)
    for name in ("_modules", "_parameters", "_buffers"):
        twin.__dict__[name] = dict(module.__dict__[name])
    for name, value in list(vars(twin).items()):
        if callable(value) and _hashable(value) and value in FUNCTIONS:  # self.activation = layers.relu
            twin.__dict__[name] = seen(value)
    return twin
