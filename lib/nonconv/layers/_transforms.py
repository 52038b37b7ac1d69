"""What `torch.func` needs to know of a function with a gradient of its own: `vmap` of it."""

from typing import Any

import torch
from torch import Tensor


def one_by_one(function: Any, info: Any, in_dims: tuple[Any, ...], *args: Any) -> tuple[Any, Any]:
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


def at_each_place(function: Any, _: Any, in_dims: tuple[Any, ...], *args: Any) -> tuple[Any, Any]:
    """A function of one number at each place: mapped over a dimension it is itself."""
    return function.apply(*args), in_dims[0]
