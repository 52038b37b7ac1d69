"""Which functions a tracer writes down as one node, where it would look through them."""

import functools
import importlib
import inspect
import operator
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import torch
from torch import fx, nn
from torch.utils import checkpoint
from torch.utils._pytree import tree_leaves

from nonconv import layers

FUNCTIONS = tuple(f for f in map(layers.__dict__.get, layers.__all__) if inspect.isfunction(f))
PARTS = tuple(dict.fromkeys(sys.modules[f.__module__] for f in FUNCTIONS))
# where the course's functions are looked for, one after the other: to wrap them takes its time
SEARCHED: tuple[tuple[ModuleType, ...], ...] = ((), (layers,), (layers, *PARTS))


def written_down(function: Callable[..., Any], args: Any, kwargs: Any) -> fx.Proxy | None:
    """The stand-in for what the function gives, if it is called for one: its tracer notes the call."""
    stands = [x for x in tree_leaves((args, kwargs)) if isinstance(x, fx.Proxy)]
    return stands[0].tracer.create_proxy("call_function", function, args, kwargs) if stands else None


def seen(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but a tracer writes down that it is called."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        noted = written_down(function, args, kwargs)
        return function(*args, **kwargs) if noted is None else noted

    return call


def one_node(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that graphs call. A saved graph is traced once more as it is loaded: then the call is
    written down, and not looked into.
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        noted = written_down(call, args, kwargs)
        return function(*args, **kwargs) if noted is None else noted

    return call


@contextmanager
def functions_seen(tracer: fx.Tracer) -> Iterator[None]:
    """A function with a gradient of its own is one node; torch.fx would look through it. A norm's check
    of its input's dimensions, which a stand-in for a tensor has none of, says nothing.
    """
    kind: Any = torch.autograd.Function
    plain = vars(kind)["apply"]

    def apply(cls: Any, *args: Any, **kwargs: Any) -> Any:
        if not any(isinstance(x, fx.Proxy) for x in tree_leaves((args, kwargs))):
            return plain.__func__(cls, *args, **kwargs)
        if cls.__module__.startswith("nonconv.layers"):
            raise TypeError(f"{cls.__name__} is inside a layer of the course")
        if cls is checkpoint.CheckpointFunction:  # it computes anew what it would have to keep
            run, _, *given = args
            return run(*given)
        where = path_of(cls)
        if where is None:
            return tracer.create_proxy("call_function", _applied(cls), args, kwargs)
        name = f"{cls.__name__}_apply"
        return tracer.create_proxy("call_function", applied, (where, *args), kwargs, name)

    checks = {norm: vars(norm)["_check_input_dim"] for norm in _CHECKING}
    kind.apply = classmethod(apply)
    for norm, check in checks.items():
        norm._check_input_dim = _unless_traced(check)
    try:
        yield
    finally:
        kind.apply = plain
        for norm, check in checks.items():
            norm._check_input_dim = check


_CHECKING: tuple[Any, ...] = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


def _unless_traced(check: Callable[..., None]) -> Callable[..., None]:
    return lambda norm, x: None if isinstance(x, fx.Proxy) else check(norm, x)


def applied(where: str, *args: Any, **kwargs: Any) -> Any:
    """`apply` of the function with a gradient of its own at this path. A graph that holds the class itself
    could not be saved.
    """
    function = found(where)
    noted = written_down(applied, (where, *args), kwargs)
    return function.apply(*args, **kwargs) if noted is None else noted


def path_of(kind: type) -> str | None:
    """Where a class is found again, None for one that was made inside a function."""
    where = f"{kind.__module__}:{kind.__qualname__}"
    try:
        return where if found(where) is kind else None
    except (AttributeError, ImportError):
        return None


_FOUND: dict[str, Any] = {}  # a compiler follows no import


def found(where: str) -> Any:
    """The class at a path as `path_of` writes it."""
    if where not in _FOUND:
        module, _, name = where.partition(":")
        _FOUND[where] = operator.attrgetter(name)(importlib.import_module(module))
    return _FOUND[where]


@functools.cache
def _applied(cls: Any) -> Callable[..., Any]:
    def apply(*args: Any, **kwargs: Any) -> Any:
        noted = written_down(apply, args, kwargs)
        return cls.apply(*args, **kwargs) if noted is None else noted

    apply.__name__ = apply.__qualname__ = f"{cls.__name__}_apply"
    return apply
