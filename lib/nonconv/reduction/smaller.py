"""Smaller inputs for a proof. A layer does the same at every place, so what is right on a few places, border
and all, is right on many; and what is right for one size only shows itself on another.
"""

from typing import Any

import torch
from torch import Tensor

from nonconv.reduction.trees import tree_leaves, tree_map

# of the sides, by their number: a network halves them up to five times, and may ask that it can. Two sides
# that differ show whatever takes the one for the other.
LEAST = {1: (64,), 2: (64, 32), 3: (16, 16, 16)}
SQUARES = 32, 64
PERIOD = {1: 32, 2: 32, 3: 16}


def side(n: int, least: int, period: int) -> int:
    """The smallest side of at least `least` places that differs from n by periods; n where there is none."""
    return n if n < least else least + (n - least) % period


def shrunk(inputs: Any, square: int | None = None) -> Any:
    """The same inputs cut: at most two images, each side as short as `side` allows. `square`: what both sides
    of images have at least.
    """

    def cut(x: Any) -> Any:
        if not isinstance(x, Tensor) or not x.is_floating_point() or not 3 <= x.dim() <= 5:
            return x
        least, period = LEAST[x.dim() - 2], PERIOD[x.dim() - 2]
        least = (square, square) if square and len(least) == 2 else least
        sides = [side(n, at_least, period) for n, at_least in zip(x.shape[2:], least, strict=True)]
        return x[(slice(2), slice(None), *map(slice, sides))]

    return tree_map(cut, inputs)


def two(inputs: Any) -> Any:
    """A batch of one as two."""
    tensors = [x for x in tree_leaves(inputs) if isinstance(x, Tensor) and x.dim()]
    if not tensors or any(len(x) != 1 for x in tensors):
        return inputs
    return tree_map(lambda x: torch.cat([x, x]) if isinstance(x, Tensor) and x.dim() else x, inputs)


def as_many(inputs: Any, like: Any) -> Any:
    """The inputs with at most as many in a batch as in `like`."""

    def cut(x: Any, other: Any) -> Any:
        return x[: len(other)] if isinstance(x, Tensor) and x.dim() else x

    return tree_map(cut, inputs, like)


def few_places(size: tuple[int, ...], reach: int, period: int, most: int = 2) -> tuple[int, ...]:
    """(N, M, H, W) with as few places as show a window of this reach inside and at each border; N at most
    `most`.
    """
    if len(size) < 3:
        return size
    least = max(
        reach + period - 1, 1 + most
    )  # of `period` windows one behind the other one is where the stride is
    return (min(size[0], most), size[1], *(side(n, least, period) for n in size[2:]))
