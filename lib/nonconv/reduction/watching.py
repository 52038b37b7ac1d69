"""What a forward does that no graph holds: it opens contexts, and it changes the network that it runs in."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.utils._pytree import tree_leaves

from nonconv.reduction.constants import draws, held
from nonconv.reduction.shapes import asks_shape, back_to_shapes


class Modes(NamedTuple):
    """What a context manager of torch can change under a forward."""

    grad: bool
    inference: bool
    autocast: tuple[tuple[str, torch.dtype], ...]  # for which devices, to what

    def beside(self, before: "Modes") -> str:
        """The context that makes the one of the other."""
        if self.autocast != before.autocast:
            return "torch.autocast"
        if self.inference != before.inference:
            return "torch.inference_mode"
        return "torch.enable_grad" if self.grad else "torch.no_grad"


def modes() -> Modes:
    on = [kind for kind in ("cpu", "cuda") if torch.is_autocast_enabled(kind)]
    autocast = tuple((kind, torch.get_autocast_dtype(kind)) for kind in on)
    return Modes(torch.is_grad_enabled(), torch.is_inference_mode_enabled(), autocast)


@contextmanager
def autocasts_watched(opens: Callable[[], None]) -> Iterator[None]:
    """Calls `opens` whenever an autocast is opened that is off: it changes no mode, unless one is on outside.
    So is one for a device that is not here.
    """
    kind: Any = torch.autocast
    enter = kind.__enter__

    def entered(autocast: Any) -> Any:
        if not autocast._enabled:
            opens()
        return enter(autocast)

    kind.__enter__ = entered
    try:
        yield
    finally:
        kind.__enter__ = enter


class Held(NamedTuple):
    """What a module has under one name."""

    value: Any
    count: int  # how often a tensor was written to, how much is in a container
    inside: Any  # a container as it was, None for anything else


State = dict[tuple[nn.Module, str], Held]
_OWN = set(vars(nn.Module())) - {"training"}  # what the framework keeps on each module
_CONTAINERS = (list, dict, set, deque)  # a tuple: isinstance is called a hundred thousand times
_SIMPLE = {int, float, bool, str, type(None)}
_PLAIN = {list, dict, set, OrderedDict}
_NOTHING = Held(None, 0, None)


def state(model: nn.Module) -> State:
    """All that the modules hold, and how often each tensor was written to, how long each container is."""
    found: State = {}
    for part in model.modules():
        for own in (vars(part), part._parameters, part._buffers):
            for name, value in own.items():
                if name in _OWN:
                    continue
                if type(value) in _SIMPLE:
                    found[part, name] = Held(value, 0, None)
                else:
                    inside = _as_it_is(value) if type(value) in _PLAIN else None
                    found[part, name] = Held(value, _count(value), inside)
    return found


def _count(value: Any) -> int:
    if isinstance(value, Tensor):
        return 0 if value.is_inference() else value._version
    kind = type(value)
    if kind in _SIMPLE or (kind is tuple and all(type(part) in _SIMPLE for part in value)):
        return 0  # as nearly all of them are
    if not isinstance(value, (*_CONTAINERS, tuple)):
        return 0
    return len(value) + sum(_count(part) for part in (value.values() if isinstance(value, dict) else value))


def _as_it_is(value: Any) -> Any:
    """A copy of a container and of those in it; all else is the same."""
    if type(value) in (dict, OrderedDict):
        return type(value)((key, _as_it_is(part)) for key, part in value.items())
    return type(value)(map(_as_it_is, value)) if type(value) in (list, set, tuple) else value


def unaltered(model: nn.Module, before: State) -> bool:
    """Do the modules hold what they held, as far as one can see? Into objects of the user's one cannot."""
    now = state(model)
    return now.keys() == before.keys() and all(
        here.value is before[key].value
        and here.count == before[key].count
        and not _opaque(here.value)
        and _same(here.inside, before[key].inside)
        for key, here in now.items()
    )


def _same(one: Any, other: Any) -> bool:
    """Do two containers hold the same objects?"""
    if type(one) in (dict, OrderedDict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if type(one) in (list, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other if type(one) is set else one is other


def tensors_on(model: nn.Module) -> dict[tuple[str, str], list[Tensor]]:
    """The tensors that the modules hold, by the module's path and the name there, in containers and objects
    of the user's too.
    """
    paths = {part: path for path, part in model.named_modules()}
    found = {}
    for (part, name), (value, _, _) in state(model).items():
        inside = vars(value) if _opaque(value) and hasattr(value, "__dict__") else value
        leaves = tree_leaves(inside) if isinstance(inside, (*_CONTAINERS, tuple)) else [inside]
        found[paths[part], name] = [leaf for leaf in leaves if isinstance(leaf, Tensor)]
    return found


Versions = dict[tuple[str, str], list[tuple[Tensor, int]]]


def versions(model: nn.Module) -> Versions:
    """The tensors that the modules hold, and how often each was written to."""
    return {at: [(tensor, _count(tensor)) for tensor in held] for at, held in tensors_on(model).items()}


def kept(now: Versions, before: Versions) -> set[str]:
    """Where other tensors are than before, or tensors that were written to."""

    def same(at: tuple[str, str]) -> bool:
        pairs = zip(now[at], before.get(at, []), strict=False)
        return len(now[at]) == len(before.get(at, [])) and all(a is b and m == n for (a, m), (b, n) in pairs)

    return {".".join(filter(None, at)) for at in now if not same(at)}


def _opaque(value: Any) -> bool:
    """May it change without being another object, or longer?"""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (*_CONTAINERS, tuple)):
        return any(_opaque(part) for part in value)
    return hasattr(value, "__dict__") and not isinstance(value, (Tensor, nn.Module)) and not callable(value)


def changed(model: nn.Module, before: State) -> tuple[str, dict[str, str], bool]:
    """(which tensor a forward has changed or kept that a later call may read, "" if none; what it has kept of
    its own parameters alone: where, by the node's name; whether sizes alone decide all else that is kept).
    Puts all back.

    What the parameters alone decide is the same at each call, whether it is kept or computed anew.
    """
    now, what, by_sizes = state(model), "", True
    kept: dict[str, str] = {}
    for (part, name), (value, version, _) in now.items():
        old, was, inside = before.get((part, name), _NOTHING)
        if value is old and type(value) in _SIMPLE:
            continue
        if "_tensor_constant" in name or (value is old and version == was and not _proxies(value)):
            continue
        path = next((path for path, module in model.named_modules() if module is part), "")
        named = f"{path}.{name}" if path else name
        found = [proxy.node for proxy in _proxies(value)]
        if isinstance(value, Tensor) and value is old and version != was:
            what, by_sizes = what or f"its forward changes its own tensor {named} in place", False
        elif isinstance(value, Tensor) or not all(map(held, found)):
            what = what or f"its forward keeps a tensor on itself ({named}), which the next call may read"
            by_sizes = by_sizes and bool(found) and all(map(_of_sizes, found))
        kept.update({node.name: named for node in found})
        if (part, name) in before:
            _put(part, name, old, inside)
        elif name in vars(part):
            delattr(part, name)
        if _proxies(old):
            what = what or f"its forward keeps a tensor on itself ({named}), deeper than one can see"
            by_sizes = False
    return what, kept, by_sizes


def _of_sizes(node: fx.Node) -> bool:
    """Do sizes, parameters and buffers alone decide the node's value?"""
    return all(
        asks_shape(one) or not (one.op in ("placeholder", "call_module") or draws(one))
        for one in back_to_shapes(node)
    )


def _proxies(value: Any) -> list[fx.Proxy]:
    if isinstance(value, list | dict | tuple | set):
        if not value or (type(value) is tuple and all(type(part) in _SIMPLE for part in value)):
            return []
        leaves = tree_leaves(list(value) if isinstance(value, set) else value)
        return [x for x in leaves if isinstance(x, fx.Proxy)]
    return [value] if isinstance(value, fx.Proxy) else []


def _put(part: nn.Module, name: str, value: Any, inside: Any) -> None:
    if inside is not None:
        value.clear()
        fill: Any = getattr(value, "extend" if type(inside) is list else "update")
        fill(_as_it_is(inside))
    kinds: tuple[dict[str, Any], ...] = (part._parameters, part._buffers)
    next((kind for kind in kinds if name in kind), vars(part))[name] = value
