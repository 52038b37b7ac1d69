"""`torch.autocast` for layers that are written out: what the framework does for its own.

Without it a 16-bit map from the layer before would meet float32 parameters.
"""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import torch
from torch import Tensor
from torch.utils._pytree import tree_map

P = ParamSpec("P")
R = TypeVar("R")


def under_autocast(layer: Callable[P, R]) -> Callable[P, R]:
    """The layer; where autocast is on, its tensors but whole numbers and float64 have its dtype."""

    @functools.wraps(layer)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        kind = _cast_on(args, kwargs)
        if not kind:
            return layer(*args, **kwargs)
        return _without_autocast(layer, kind, torch.get_autocast_dtype(kind), args, kwargs)

    return call


def in_float32(layer: Callable[P, Tensor]) -> Callable[P, Tensor]:
    """The layer; where autocast is on, it computes in float32, since its tensors hold places, and gives the
    dtype of the first. torchvision does so.
    """

    @functools.wraps(layer)
    def call(*args: P.args, **kwargs: P.kwargs) -> Tensor:
        kind = _cast_on(args, kwargs)
        if not kind:
            return layer(*args, **kwargs)
        x: Any = args[0] if args else next(iter(kwargs.values()))
        return _without_autocast(layer, kind, torch.float32, args, kwargs).to(x.dtype)

    return call


def _cast_on(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The kind of device on which autocast is at work on the first argument, or ""."""
    x = args[0] if args else next(iter(kwargs.values()), None)
    kind = x.device.type if isinstance(x, Tensor) else ""
    return kind if kind and torch.amp.is_autocast_available(kind) and torch.is_autocast_enabled(kind) else ""


def _without_autocast(
    layer: Callable[..., Any], kind: str, dtype: torch.dtype, args: Any, kwargs: Any
) -> Any:
    def cast(value: Any) -> Any:
        fits = isinstance(value, Tensor) and value.is_floating_point() and value.dtype != torch.float64
        return value.to(dtype) if fits else value

    with torch.autocast(kind, enabled=False):
        return layer(*tree_map(cast, args), **tree_map(cast, kwargs))
