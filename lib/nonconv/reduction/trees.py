"""Tensors in the arguments of a network: in containers, and in objects of the user's own classes (a batch
with its image and mask), each of which is one leaf to torch's trees.
"""

import copy
from collections.abc import Callable
from typing import Any

from torch import Tensor, fx, nn
from torch.utils import _pytree

_NEVER = (Tensor, nn.Module, fx.Proxy, fx.Node, type, int, float, str, type(None))


def tree_map(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """The same tree with what the function makes of each leaf, and of those at its place in the others."""

    def mapped(leaf: Any, *same: Any) -> Any:
        if not _holds_tensors(leaf):
            return function(leaf, *same)
        made = copy.copy(leaf)
        for name, value in getattr(leaf, "__dict__", {}).items():
            vars(made)[name] = tree_map(function, value, *(vars(one)[name] for one in same))
        for key in leaf if isinstance(leaf, dict) else ():
            dict.__setitem__(made, key, tree_map(function, leaf[key], *(one[key] for one in same)))
        return made

    return _pytree.tree_map(mapped, tree, *others)


def tree_leaves(tree: Any) -> list[Any]:
    """All leaves of the tree, one after the other."""
    found: list[Any] = []
    for leaf in _pytree.tree_leaves(tree):
        found += tree_leaves(_parts(leaf)) if _holds_tensors(leaf) else [leaf]
    return found


def _parts(leaf: Any) -> list[Any]:
    held = list(leaf.values()) if isinstance(leaf, dict) else []
    return held + list(getattr(leaf, "__dict__", {}).values())


def _holds_tensors(leaf: Any) -> bool:
    """Is it an object with a tensor in it? One that leads back to itself is no tree, but a leaf."""
    try:
        return _reaches_tensors(leaf, ())
    except RecursionError:
        return False


def _reaches_tensors(leaf: Any, within: tuple[int, ...]) -> bool:
    if isinstance(leaf, _NEVER) or callable(leaf):
        return False
    if id(leaf) in within:
        raise RecursionError
    parts = [one for part in _parts(leaf) for one in _pytree.tree_leaves(part)]
    inside = [isinstance(one, Tensor) or _reaches_tensors(one, (*within, id(leaf))) for one in parts]
    return any(inside)
