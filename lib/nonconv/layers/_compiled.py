"""`compiled=True`: the layer's own formula through `torch.compile`, kept for each kind of argument."""

from collections.abc import Callable
from functools import lru_cache
from types import FunctionType
from typing import Any

import torch
from torch import Tensor

from nonconv.layers._product import as_operators


def through_compiler(layer: Callable[..., Any], given: dict[str, Any]) -> Any:
    """What a layer returns with compiled=True, from all its arguments by name (`locals()` at its start).

    Raises ValueError as the layer, and for fast=True beside it; RuntimeError where nothing can be compiled.
    """
    options = given | {"compiled": False}
    if options.get("fast"):
        raise ValueError(
            "give fast=True, the framework's kernel, or compiled=True, the formula compiled, not both"
        )
    if torch.compiler.is_compiling():  # a compiler that is at work takes the formula as it is
        return layer(**options)
    key = (torch.is_grad_enabled(), *((name, _kind(value)) for name, value in options.items()))
    try:
        with as_operators():
            return _own(layer, key)(**options)
    except ValueError:
        raise
    except Exception as error:
        layer(**options)  # if an argument does not fit, this says which
        raise RuntimeError(_why(error)) from error


def _kind(value: Any) -> Any:
    """What of an argument the compiled code depends on."""
    if isinstance(value, Tensor):
        return value.shape, value.dtype, value.device, value.requires_grad
    if isinstance(value, list | tuple):
        return type(value), *map(_kind, value)
    return type(value), value


@lru_cache(maxsize=256)
def _own(layer: Any, key: Any) -> Callable[..., Any]:
    """The layer with a code object of its own.

    Dynamo counts the variants of a code object and gives up after eight; so each kind of argument has one.
    """
    code = layer.__code__.replace(co_name=f"{layer.__name__}_compiled")
    own = FunctionType(code, layer.__globals__, layer.__name__, layer.__defaults__, layer.__closure__)
    own.__kwdefaults__ = layer.__kwdefaults__
    return torch.compile(own, dynamic=False, fullgraph=True)


def _why(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}".split("\n")[0]
    needs = "a C++ compiler (such as g++) for a CPU, or Triton for a GPU"
    return (
        f"compiled=True needs torch.compile, which failed here ({what[:200]}). It needs {needs}."
        " Leave compiled out: the same formula runs without it; or take the framework's kernel, fast=True."
    )
