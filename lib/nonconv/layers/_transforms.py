"""Functions with a gradient of their own, as `torch.func` (vmap, jvp) and as a compiler take them.

Dynamo reads a function with a gradient, and refuses one that has a jvp of its own, too. So a function here is
written without these rules, and gets them where it is called outside of a compiler.
"""

from functools import cache, partial
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_map


def applied(function: Any, *args: Any) -> Any:
    """`function.apply(*args)`, with its rules for vmap and jvp where they can be asked for.

    To `torch.jit.trace` a size is a tensor, which it does not find again in a tuple: here it gets the number.
    """
    if torch.compiler.is_compiling():
        return function.apply(*args)
    if torch.jit.is_tracing():  # type: ignore[attr-defined]
        args = args[:1] + tree_map(_as_number, args[1:])
    return _ruled(function).apply(*args)


def _as_number(arg: Any) -> Any:
    return int(arg) if isinstance(arg, Tensor) and arg.dim() == 0 else arg


@cache
def _ruled(function: Any) -> Any:
    own: Any = type(function.__name__, (function,), {"__module__": function.__module__})
    own.vmap = staticmethod(partial(function.mapped, own))
    own.jvp = staticmethod(partial(function.moved, own))
    return own


class OneByOne(torch.autograd.Function):
    """Mapped over a dimension it is the function of each slice."""

    @staticmethod
    def mapped(function: Any, info: Any, in_dims: tuple[Any, ...], *args: Any) -> tuple[Any, Any]:
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


class AtEachPlace(torch.autograd.Function):
    """A function of one number at each place: mapped over a dimension it is itself, and its tangent is the
    slope times what comes in, as its gradient is."""

    @staticmethod
    def mapped(function: Any, _: Any, in_dims: tuple[Any, ...], *args: Any) -> tuple[Any, Any]:
        return function.apply(*args), in_dims[0]

    @staticmethod
    def moved(function: Any, ctx: Any, *tangents: Any) -> Any:
        found = function.backward(ctx, *tangents)
        return found[0] if isinstance(found, tuple) else found
