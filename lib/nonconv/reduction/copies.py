"""Copies of networks and of their inputs, in their own dtype and in float64."""

import copy
import functools
import inspect
import io
import types
import warnings
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import map_aggregate
from torch.utils._pytree import tree_leaves

from nonconv.reduction.deciding import by_kind, decides
from nonconv.reduction.trees import tree_map

_SIMPLE = {int, float, bool, str, type(None)}
_OF_EACH = set(vars(nn.Module()))  # what every module holds
_HALVES = (torch.float16, torch.bfloat16, torch.float32)
_COMPLEX = (torch.complex32, torch.complex64)
_CASTS = {"float": "double", "half": "double", "bfloat16": "double", "cfloat": "cdouble", "chalf": "cdouble"}


def copied(model: nn.Module) -> Any:
    """A copy, also of a network that keeps results of a computation on itself."""
    memo: dict[int, Any] = {}
    for part in model.modules():
        for held in vars(part).values():
            contains = isinstance(held, list | dict | tuple)
            for value in (held,) if not contains else tree_leaves(held) if held else ():
                if isinstance(value, Tensor) and not value.is_leaf:
                    memo[id(value)] = value.detach().clone()
    return _deepcopied(model, memo)


def _deepcopied(model: nn.Module, memo: dict[int, Any]) -> Any:
    """What cannot be copied, a lock or an open file, is shared. What runs out while it is read is not."""
    try:
        known = dict(memo)
        _without_ado(model, known)
        return copy.deepcopy(model, known)
    except Exception:  # whatever an object of the user's raises
        for part in model.modules():
            for value in vars(part).values():
                runs_out = isinstance(value, Iterator) and not isinstance(value, io.IOBase)
                if not isinstance(value, (dict, Tensor)) and not runs_out and not _can_be_copied(value):
                    memo[id(value)] = value
        return copy.deepcopy(model, memo)


def _can_be_copied(value: Any) -> bool:
    try:
        copy.deepcopy(value)
    except Exception:
        return False
    return True


def _without_ado(model: nn.Module, memo: dict[int, Any]) -> None:
    """Puts into `memo` copies of the modules that are copied in the ordinary way, children first: `deepcopy`
    does the same, but goes through each of the dozen containers for hooks that a module has, all empty.
    """
    for part in reversed(list(model.modules())):
        if id(part) in memo or not _ordinary(type(part)) or _OF_EACH - vars(part).keys():
            continue
        memo[id(part)] = twin = type(part).__new__(type(part))
        for name, value in vars(part).items():
            if name == "_compiled_call_impl":
                continue
            if type(value) in _SIMPLE:
                vars(twin)[name] = value
            elif name in _OF_EACH and not value:
                vars(twin)[name] = type(value)()
            else:
                vars(twin)[name] = copy.deepcopy(value, memo)


@functools.cache
def _ordinary(kind: type[nn.Module]) -> bool:
    """Does no class that it comes of say how it is to be copied? The framework's `__setstate__` puts in what
    old files lack, its `__getstate__` leaves out what the compiler made.
    """
    asked = {"__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__slots__"}
    for one in kind.__mro__[:-1]:
        said = asked & vars(one).keys()
        theirs = one.__module__.startswith("torch.nn.modules.") and said == {"__setstate__"}
        if said and not theirs and one is not nn.Module:
            return False
    return kind.__new__ is object.__new__


def not_copied(model: nn.Module) -> list[str]:
    """Functions on its modules that hold layers of the network: a copy has the same function, and so calls
    the same layers.
    """
    own = set(model.modules())
    found: list[str] = []
    for path, part in model.named_modules():
        for name, value in vars(part).items():
            if not inspect.isfunction(value) or name == "_compiled_call_impl":  # which no copy has
                continue
            held = [*_within(value), *(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
            if any(getattr(one, "__self__", one) in own for one in held if isinstance(one, _LAYERS)):
                found.append(f"{path}.{name}" if path else name)
    return found


_LAYERS = (nn.Module, types.MethodType)


def _within(function: types.FunctionType) -> list[Any]:
    """What it holds of where it was written."""
    found = [function.__globals__.get(name) for name in function.__code__.co_names]
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # not filled yet
            found.append(cell.cell_contents)
    return found


def copied_inputs(inputs: Any) -> Any:
    """The same inputs, which no gradient leads out of."""
    return tree_map(lambda x: x.detach().clone() if isinstance(x, Tensor) else x, inputs)


def _exact(tensor: Tensor) -> Tensor:
    if tensor.is_floating_point():
        return tensor.to("cpu", torch.float64)
    return tensor.to("cpu", torch.complex128 if tensor.is_complex() else None)


def in_float64(model: nn.Module, spent: bool = False, others: dict[int, Tensor] | None = None) -> Any:
    """A copy on the CPU whose floating-point tensors are all float64; casts in its graph, which nobody has
    compiled, follow. What is `spent` is needed no more: its numbers go while those of the copy come.
    `others`: other numbers for some tensors, by their `id`.
    """
    others = others or {}
    memo: dict[int, Any] = {}
    for part in model.modules():  # so that no copy is made that is only there to be converted
        if isinstance(part, torch.jit.ScriptModule):
            continue
        for held in (part._parameters, part._buffers, vars(part)):
            for name, value in list(held.items()):
                if isinstance(value, Tensor):
                    if id(value) not in memo:
                        memo[id(value)] = _twin(value, others.get(id(value)))
                    if spent:
                        held[name] = memo[id(value)]
    if spent:
        twin = model
    else:
        twin = _with_its_graph(model, memo) if isinstance(model, fx.GraphModule) else _deepcopied(model, memo)
    for part in twin.modules():
        if isinstance(part, torch.jit.ScriptModule):
            with warnings.catch_warnings():  # of gradients that its copied parameters have not
                warnings.simplefilter("ignore")
                part.to("cpu", torch.float64)
    if isinstance(twin, fx.GraphModule):
        _follow(twin)
    return twin


def _with_its_graph(model: fx.GraphModule, memo: dict[int, Any]) -> fx.GraphModule:
    """A copy whose graph nobody has compiled: that takes longer than to run it once."""
    layers = nn.Module()
    held = ("_modules", "_parameters", "_buffers")
    vars(layers).update({name: vars(model)[name] for name in held})
    layers = _deepcopied(layers, memo)
    twin = fx.GraphModule(nn.Module(), fx.Graph())
    vars(twin).update({name: vars(layers)[name] for name in held})
    twin.training, twin._graph = model.training, copy.deepcopy(model.graph)
    return twin


def lend(twin: nn.Module, model: nn.Module) -> dict[int, weakref.ref[Tensor]]:
    """Lets the parameters of a copy of a network lie in the network's own memory, where they are the same.
    From here until `give_back` nobody may write to them; gives their places.
    """
    there, lent = dict(model.named_parameters()), dict[int, weakref.ref[Tensor]]()
    for name, p in twin.named_parameters():
        q = there.get(name)
        if q is None or not (_alone(p) and _alone(q)) or (p.dtype, p.device) != (q.dtype, q.device):
            continue
        # exact: one is a copy of the other, and if nobody has written to it, it still is
        if p.shape == q.shape and (p._version == 0 or torch.equal(p, q)):
            p.data = q.data
            lent[_place(q)] = weakref.ref(p)
    return lent


def give_back(model: nn.Module, lent: dict[int, weakref.ref[Tensor]]) -> None:
    """What is still there of these places lies in memory of its own again."""
    there = [p for p in model.parameters() if type(p) is nn.Parameter and p.layout == torch.strided]
    somewhere = [p for p in (ref() for ref in lent.values()) if p is not None]  # in a list of the user's, say
    for p in (*there, *somewhere):
        if _place(p) in lent:
            p.data = p.data.clone()


def _place(x: Tensor) -> int:
    return x.untyped_storage().data_ptr()


def _alone(p: nn.Parameter) -> bool:
    """Is it an ordinary parameter, with memory that no other tensor is a part of?"""
    if type(p) is not nn.Parameter or p.layout != torch.strided or p.is_inference():
        return False
    return p.untyped_storage().nbytes() == p.numel() * p.element_size()


def let_go(model: nn.Module) -> None:
    """The numbers of a network that is needed no more. A graph refers to itself: they would stay until
    somebody collects what nobody reaches.
    """
    for part in model.modules():
        if not isinstance(part, torch.jit.ScriptModule):  # which has no such dicts of its own
            part._parameters.clear()
            part._buffers.clear()


def _twin(tensor: Tensor, other: Tensor | None) -> Tensor:
    exact = _exact(tensor.detach()) if other is None else other
    if exact.data_ptr() == tensor.data_ptr():
        exact = exact.clone()
    return nn.Parameter(exact, tensor.requires_grad) if isinstance(tensor, nn.Parameter) else exact


def _follow(module: fx.GraphModule) -> None:
    """Casts to a smaller dtype, and tensors made in one, are in float64."""

    def wide(value: Any) -> Any:
        if isinstance(value, torch.dtype):
            return torch.float64 if value in _HALVES else torch.complex128 if value in _COMPLEX else value
        if isinstance(value, torch.device):
            return torch.device("cpu")
        return value

    for node in list(module.graph.nodes):
        if not node.op.startswith("call"):
            continue
        asserts = node.target is torch.ops.aten._assert_tensor_metadata.default
        if asserts or (node.target is decides and by_kind(node)):
            module.graph.erase_node(node)  # in float64 it would be another
            continue
        args, kwargs = map_aggregate(node.args, wide), map_aggregate(node.kwargs, wide)
        target = _CASTS.get(node.target, node.target) if node.op == "call_method" else node.target
        if (target, args, kwargs) != (node.target, node.args, node.kwargs):
            node.target, node.args, node.kwargs = target, args, kwargs


def exactly(inputs: Any) -> Any:
    """The inputs in float64 on the CPU; whole numbers stay, they may be indices."""
    return tree_map(lambda x: _exact(x.detach().clone()) if isinstance(x, Tensor) else x, inputs)


def random_like(inputs: Any, generator: torch.Generator) -> Any:
    """Other inputs of the same kind: never below 0 where the example is not, whole numbers as they are."""

    def drawn(x: Any) -> Any:
        if not isinstance(x, Tensor) or not (x.is_floating_point() or x.is_complex()) or not x.numel():
            return x
        return _drawn(x.detach().cpu(), generator).to(x.device, x.dtype)

    return tree_map(drawn, inputs)


def _drawn(x: Tensor, generator: torch.Generator) -> Tensor:
    if x.is_complex():
        return torch.randn(x.shape, generator=generator, dtype=torch.complex128)
    finite = x[x.isfinite()].double()
    low, high = (finite.min().item(), finite.max().item()) if finite.numel() else (0.0, 0.0)
    if low == high == 0:
        return torch.randn(x.shape, generator=generator, dtype=torch.float64)
    if low >= 0:
        low, high = (low, high) if low < high else (low / 2, 2 * low)
        drawn = torch.rand(x.shape, generator=generator, dtype=torch.float64) * (high - low) + low
    else:
        size = finite.square().mean().sqrt()
        drawn = torch.randn(x.shape, generator=generator, dtype=torch.float64) * size
    return torch.where(x.isfinite(), drawn, x.double())
