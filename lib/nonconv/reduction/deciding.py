"""What a forward decides by sizes: a tracer goes the way that the example goes, and the graph checks that
each later input decides the same.
"""

import copy
import math
import operator
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch._subclasses import FakeTensorMode
from torch._subclasses.fake_tensor import unset_fake_temporarily
from torch.fx.node import Node
from torch.fx.proxy import Attribute

from nonconv.reduction.constants import draws
from nonconv.reduction.functions import one_node
from nonconv.reduction.shapes import asks_kind, asks_shape, back_to_shapes
from nonconv.reduction.trees import tree_map


@one_node
def decides(value: Any, expected: bool | int, by: str) -> None:
    """Raises ValueError where the sizes of the inputs decide otherwise than those of the example did."""
    value = bool(value) if isinstance(expected, bool) else value
    if value != expected:
        raise ValueError(
            f"this network was reduced for inputs for which {by} is {expected}, and here it is {value}: call"
            " reduce with an example of the size that you need"
        )


# functions of Python that take no stand-in


@one_node
def length(sizes: Any) -> Any:
    """How many there are."""
    return len(sizes)


@one_node
def whole_number(n: Any) -> Any:
    """Without what is behind the point."""
    return int(n)


@one_node
def ceil(n: Any) -> Any:
    """⌈n⌉"""
    return math.ceil(n)


@one_node
def floor(n: Any) -> Any:
    """⌊n⌋"""
    return math.floor(n)


def said(value: Any) -> str:
    """A node as one would write it."""
    if isinstance(value, slice):
        return ":".join("" if end is None else said(end) for end in (value.start, value.stop))
    if isinstance(value, tuple | list):
        return ", ".join(map(said, value))
    if not isinstance(value, Node):
        return repr(value)
    if value.target is getattr:
        return f"{said(value.args[0])}.{value.args[1]}"
    if value.target is operator.getitem:
        return f"{said(value.args[0])}[{said(value.args[1])}]"
    if value.op == "call_method":
        return f"{said(value.args[0])}.{value.target}({said(value.args[1:])})"
    if value.op == "call_function" and by_sizes(value):
        name = _NAMES.get(value.target) or getattr(value.target, "__name__", str(value.target))
        sign = _SIGNS.get(name)
        return sign.join(map(said, value.args)) if sign else f"{name}({said(value.args)})"
    return value.name


_NAMES: dict[Any, str] = {length: "len", whole_number: "int"}
_SIGNS = {"eq": " == ", "ne": " != ", "lt": " < ", "le": " <= ", "gt": " > ", "ge": " >= ", "mod": " % "} | {
    "add": " + ",
    "sub": " - ",
    "mul": " * ",
    "floordiv": " // ",
    "truediv": " / ",
}


def by_sizes(node: Node) -> bool:
    """Do sizes, dtypes and devices alone decide the node's value?"""
    return all(
        asks_shape(one)
        or (one.op in ("call_function", "call_method") and one.all_input_nodes and not draws(one))
        for one in back_to_shapes(node)
    )


def by_kind(node: Node) -> bool:
    """Does a dtype or a device take part in what decides?"""
    return any(map(asks_kind, back_to_shapes(node)))


class Example:
    """The values that a graph, while it is being drawn, has for the example; of tensors their shapes only."""

    def __init__(self, root: nn.Module, graph: fx.Graph, inputs: tuple[Any, ...], plain: "Plain") -> None:
        self.mode = FakeTensorMode(allow_non_fake_inputs=True)
        self.inputs = [tree_map(self._shape_of, one) for one in inputs]
        self.graph, self.run = graph, _Shapes(root, garbage_collect_values=False, graph=graph)
        self.plain = plain

    def _shape_of(self, x: Any) -> Any:
        return self.mode.from_tensor(x) if isinstance(x, Tensor) else x

    def value(self, node: Node) -> Any:
        """Runs what is there so far, each node once: in place one may change what another gave."""
        with self.plain.again(), self.mode, torch.no_grad():
            env, holders = self.run.env, iter(self.inputs)
            for one in self.graph.nodes:
                if one.op == "placeholder":
                    env.setdefault(one, next(holders, one.args[0] if one.args else None))
                elif one not in env and one.target is not decides:
                    env[one] = self.run.run_node(one)
            return env[node]


class _Shapes(fx.Interpreter):
    """Calls no hook, and leaves no tensor without numbers on a module."""

    def call_module(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        part = self.module.get_submodule(target)
        if not _leaves_nothing(part):
            with unset_fake_temporarily():
                part = copy.deepcopy(part)
            for one in part.modules():
                one._forward_hooks.clear()
                one._forward_pre_hooks.clear()
        return part.forward(*args, **kwargs)


def _leaves_nothing(part: nn.Module) -> bool:
    """A layer of the framework or of the course keeps nothing of what it is called with."""
    where = getattr(type(part).forward, "__module__", "")
    inside = [one for one in part.modules() if one is not part]
    hooked = any(one._forward_hooks or one._forward_pre_hooks for one in inside)
    return where.startswith(("torch.nn.modules.", "nonconv.layers.")) and not hooked


class Plain:
    """How modules are called and asked outside of tracing, where torch.fx puts its own way in their class."""

    def __init__(self) -> None:
        self.own = self._now()

    @staticmethod
    def _now() -> dict[str, Any]:
        return {name: getattr(nn.Module, name) for name in ("__call__", "__getattr__")}

    @contextmanager
    def again(self) -> Iterator[None]:
        traced = self._now()
        try:
            for name, way in self.own.items():
                setattr(nn.Module, name, way)
            yield
        finally:
            for name, way in traced.items():
                setattr(nn.Module, name, way)


class Stand(fx.Proxy):
    """Stands for a value while a forward is traced."""

    tracer: Any

    def __getattr__(self, name: str) -> Attribute:
        return StandForAttribute(self, name)

    def __len__(self) -> int:
        return self.tracer.length(self)

    def __int__(self) -> int:
        return self.tracer.number(self)

    def __ceil__(self) -> fx.Proxy:
        return self.tracer.create_proxy("call_function", ceil, (self,), {})

    def __floor__(self) -> fx.Proxy:
        return self.tracer.create_proxy("call_function", floor, (self,), {})


class StandForAttribute(Attribute):
    tracer: Any

    def __len__(self) -> int:
        return self.tracer.length(self)


class DecidesBySizes(fx.Tracer):
    """A tracer that knows what the sizes of an example decide."""

    inputs: tuple[Any, ...] | None = None  # of the example, where there is one
    _example: Example | None = None

    def trace(self, root: Any, concrete_args: Any = None) -> fx.Graph:
        self._plain = Plain()
        return super().trace(root, concrete_args)

    def proxy(self, node: Node) -> fx.Proxy:
        return Stand(node, self)

    def to_bool(self, obj: fx.Proxy) -> bool:
        value = self._known(obj)
        if value is None:
            return super().to_bool(obj)
        self._decides(obj, bool(value))
        return bool(value)

    def iter(self, obj: fx.Proxy) -> Iterator[Any]:
        if not isinstance(self._known(obj), tuple | list):
            return super().iter(obj)
        return (obj[number] for number in range(self.length(obj)))  # type: ignore[index]

    def length(self, obj: fx.Proxy) -> int:
        """How many dimensions, say."""
        value = self._known(obj)
        if not isinstance(value, tuple | list):
            return fx.Proxy.__len__(obj)
        self._decides(self.create_proxy("call_function", length, (obj,), {}), len(value))
        return len(value)

    def number(self, obj: fx.Proxy) -> int:
        """What `int` makes of it. To torch.export such a size is fixed, too."""
        value = self._known(obj)
        if not isinstance(value, int | float):
            raise TypeError("its forward decides by numbers or sizes that only a call has")
        self._decides(self.create_proxy("call_function", whole_number, (obj,), {}), int(value))
        return int(value)

    def _decides(self, by: fx.Proxy, value: Any) -> None:
        self.create_proxy("call_function", decides, (by, value, said(by.node)), {})

    def _known(self, obj: fx.Proxy) -> Any:
        """Its value for the example, where sizes alone decide it; else None."""
        if self.inputs is None or not by_sizes(obj.node):
            return None
        if self._example is None:
            self._example = Example(self.root, self.graph, self.inputs, self._plain)
        try:
            return self._example.value(obj.node)
        except Exception:  # what insists on numbers
            return None
