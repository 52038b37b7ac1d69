"""What a forward writes to outside its network: lists, dicts and variables of its module, of its class, of
the function that it was written in. To reduce is no call: what stood there stands there afterwards, and no
stand-in for a tensor.
"""

import types
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from torch import Tensor, fx, nn

_NOTHING = object()
_KINDS = (list, dict, set, deque)
_LIBRARIES = ("torch", "nonconv", "numpy", "builtins")
_NO_OBJECTS = (Tensor, nn.Module, fx.Proxy, type, types.ModuleType, types.FunctionType, *_KINDS)


@contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """What the network's code changes outside it is put back."""
    values = list(_named(_functions(model)))
    kinds = [kind for part in {type(part) for part in model.modules()} for kind in part.__mro__ if _own(kind)]
    holders = [value for _, _, value in values if hasattr(value, "__dict__") and not _is_no_object(value)]
    holders = list({id(one): one for one in (*kinds, *holders)}.values())
    attributes = [(one, dict(vars(one))) for one in holders]
    found = [value for _, _, value in values] + [value for _, own in attributes for value in own.values()]
    containers = {id(value): value for value in found if isinstance(value, _KINDS)}
    inside = [(value, _inside(value)) for value in containers.values()]
    try:
        yield
    finally:
        for value, was in inside:
            _put_back(value, was)
        for scope, name, value in values:
            if _at(scope, name) is not value:
                _put(scope, name, value)
        for one, before in attributes:
            for name, value in list(vars(one).items()):
                if value is not before.get(name, _NOTHING) and isinstance(value, Tensor | fx.Proxy):
                    with suppress(Exception):  # a class of the user's may forbid it
                        setattr(one, name, before[name]) if name in before else delattr(one, name)


def _own(kind: type) -> bool:
    return kind.__module__.partition(".")[0] not in _LIBRARIES


def _is_no_object(value: Any) -> bool:
    return isinstance(value, _NO_OBJECTS) or type(value).__module__.partition(".")[0] in _LIBRARIES


def _functions(model: nn.Module) -> list[types.FunctionType]:
    """Those of the modules and of their classes, and those that they call of the same package."""
    kinds = {kind for part in {type(part) for part in model.modules()} for kind in part.__mro__ if _own(kind)}
    waiting = [value for kind in kinds for name, value in vars(kind).items() if name != "__init__"]
    waiting += [value for part in model.modules() for value in vars(part).values() if callable(value)]
    found: dict[types.FunctionType, None] = {}
    while waiting:
        one = waiting.pop()
        one = getattr(one, "__func__", getattr(one, "fget", one))
        if not isinstance(one, types.FunctionType) or one in found:
            continue
        found[one] = None
        package = one.__module__.partition(".")[0] if one.__module__ else ""
        called = [value for _, _, value in _named([one]) if isinstance(value, types.FunctionType)]
        waiting += [one for one in called if (one.__module__ or "").partition(".")[0] == package]
    return list(found)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from _codes(one)


def _named(functions: list[types.FunctionType]) -> Iterator[tuple[Any, str, Any]]:
    """(where, under which name, what) of all variables that the functions may read or write outside them."""
    for function in functions:
        scope, package = function.__globals__, (function.__module__ or "").partition(".")[0]
        for cell in function.__closure__ or ():
            yield cell, "", _at(cell, "")
        for code in _codes(function.__code__):
            scopes = [scope]
            for name in code.co_names:
                value = _at(scope, name)
                yield scope, name, value
                if isinstance(value, types.ModuleType) and value.__name__.partition(".")[0] == package:
                    scopes.append(vars(value))
            for other in scopes[1:]:
                yield from ((other, name, other[name]) for name in code.co_names if name in other)


def _at(scope: Any, name: str) -> Any:
    if isinstance(scope, types.CellType):
        try:
            return scope.cell_contents
        except ValueError:  # not filled yet
            return _NOTHING
    return scope.get(name, _NOTHING)


def _put(scope: Any, name: str, value: Any) -> None:
    if isinstance(scope, types.CellType):
        if value is not _NOTHING:
            scope.cell_contents = value
    elif value is _NOTHING:
        scope.pop(name, None)
    else:
        scope[name] = value


def _inside(value: Any, depth: int = 0) -> Any:
    """The objects in a container, each with those in it."""
    if not isinstance(value, _KINDS) or depth > 8:
        return None
    if isinstance(value, dict):
        return [(key, one, _inside(one, depth + 1)) for key, one in dict.items(value)]
    return [(one, one, _inside(one, depth + 1)) for one in value]


def _put_back(value: Any, was: Any) -> None:
    if was is None:
        return
    for _, one, inside in was:
        _put_back(one, inside)
    now = dict.items(value) if isinstance(value, dict) else [(one, one) for one in value]
    if len(value) == len(was) and all(a is b for (_, a), (_, b, _) in zip(now, was, strict=True)):
        return
    value.clear()
    for key, one, _ in was:
        if isinstance(value, dict):
            dict.__setitem__(value, key, one)
        else:
            value.add(one) if isinstance(value, set) else value.append(one)
