"""Containers of classes that a graph cannot hold, in what a network returns: a call makes them again."""

from collections import OrderedDict, defaultdict, deque
from dataclasses import is_dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.fx.immutable_collections import immutable_dict, immutable_list

from nonconv.reduction.functions import found, path_of, written_down

_OF_GRAPHS = (torch.Size, immutable_list, immutable_dict)
_PLAIN = {list, dict, tuple, slice, range}
_SEQUENCES = (list, tuple, deque, set, frozenset)
_FILLED = (list, deque, set)  # once made; the compiler of PyTorch 2.8 knows no union of types


class Parts(NamedTuple):
    """What makes an object: the path of its class, what it contains, and its attributes."""

    where: str
    items: list[Any]
    held: dict[str, Any]


def taken_apart(value: Any) -> Parts | None:
    """What `made_again` needs; None for what a graph holds by itself, or whose class it would not find."""
    kind = type(value)
    if kind in _PLAIN or isinstance(value, _OF_GRAPHS) or not (_of_ones_own(value) and _stands(value)):
        return None
    where, held = path_of(kind), dict(getattr(value, "__dict__", {}))
    if isinstance(value, defaultdict):
        factory = value.default_factory
        held["default_factory"] = path_of(factory) if isinstance(factory, type) else None
        if factory is not None and held["default_factory"] is None:
            return None
    if where is None:
        return None
    if isinstance(value, dict):
        return Parts(where, [[key, dict.__getitem__(value, key)] for key in value], held)
    return Parts(where, list(value) if isinstance(value, _SEQUENCES) else [], held)


def _of_ones_own(value: Any) -> bool:
    held = getattr(value, "__dict__", None)
    if isinstance(value, _SEQUENCES):
        return not hasattr(value, "_fields")
    if isinstance(value, dict):
        return held is not value
    other = (
        isinstance(value, nn.Module | Tensor | fx.Proxy | fx.Node | type)
        or callable(value)
        or is_dataclass(value)
    )
    return bool(held) and not other


def _stands(value: Any) -> bool:
    """Is there a stand-in for a tensor in it, by which the tracer of a loaded graph knows the call?"""
    if isinstance(value, fx.Proxy | fx.Node):
        return True
    if isinstance(value, Tensor | nn.Module | type):
        return False
    held = list(getattr(value, "__dict__", {}).values())
    if isinstance(value, dict):
        held += dict.values(value)
    elif isinstance(value, _SEQUENCES):
        held += value
    return any(_stands(part) for part in held)


def made_again(where: str, items: list[Any], held: dict[str, Any]) -> Any:
    """An object of the class at this path, as it was. Where a compiler must follow, by its constructor."""
    kind = found(where)
    noted = written_down(made_again, (where, items, held), {})
    if noted is not None:
        return noted
    if kind is OrderedDict:
        return OrderedDict([(key, value) for key, value in items])
    if kind is SimpleNamespace:
        return SimpleNamespace(**held)
    if kind is deque:
        return deque(items)
    if issubclass(kind, OrderedDict) and is_dataclass(kind):
        return kind(**dict(items))
    made, more = _empty(kind, items), dict(held)
    if issubclass(kind, defaultdict):
        factory = more.pop("default_factory")
        made.default_factory = factory and found(factory)
    if issubclass(kind, dict):
        put = OrderedDict.__setitem__ if issubclass(kind, OrderedDict) else dict.__setitem__
        for key, value in items:
            put(made, key, value)
    for name, value in more.items():
        object.__setattr__(made, name, value)
    return made


def _empty(kind: Any, items: list[Any]) -> Any:
    """An object without its attributes, and a dict without its keys."""
    plain: Any
    for plain in (tuple, frozenset):
        if issubclass(kind, plain):
            return plain.__new__(kind, items)
    made = kind.__new__(kind)
    if issubclass(kind, _FILLED):
        getattr(made, "update" if issubclass(kind, set) else "extend")(items)
    return made
