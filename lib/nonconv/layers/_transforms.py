"""What `torch.func` needs to know of a function with a gradient of its own: `vmap` and `jvp` of it."""

from functools import partial
from typing import Any

import torch
from torch import Tensor


def _one_by_one(function: Any, info: Any, in_dims: tuple[Any, ...], *args: Any) -> tuple[Any, Any]:
    """The function of each slice along the mapped dimension, stacked: (results, their dimensions)."""
    results = []
    for n in range(info.batch_size):
        own = [
            arg.select(dim, n) if isinstance(dim, int) and isinstance(arg, Tensor) else arg
            for arg, dim in zip(args, in_dims, strict=True)
        ]
        results.append(function.apply(*own))
    if isinstance(results[0], Tensor):
        return torch.stack(results), 0
    stacked = tuple(torch.stack(parts) for parts in zip(*results, strict=True))
    return stacked, (0,) * len(stacked)


class OneByOne(torch.autograd.Function):
    """Mapped over a dimension it is the function of each slice."""

    def __init_subclass__(cls) -> None:
        cls.vmap = staticmethod(partial(_one_by_one, cls))  # type: ignore[method-assign]


class AtEachPlace(torch.autograd.Function):
    """A function of one number at each place: mapped over a dimension it is itself, and its tangent is the
    slope times what comes in, as its gradient is."""

    def __init_subclass__(cls) -> None:
        cls.vmap = staticmethod(partial(_itself, cls))  # type: ignore[method-assign]
        cls.jvp = staticmethod(partial(_sloped, cls))  # type: ignore[method-assign]


def _itself(function: Any, _: Any, in_dims: tuple[Any, ...], *args: Any) -> tuple[Any, Any]:
    return function.apply(*args), in_dims[0]


def _sloped(function: Any, ctx: Any, *tangents: Any) -> Any:
    found = function.backward(ctx, *tangents)
    return found[0] if isinstance(found, tuple) else found
