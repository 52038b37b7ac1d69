"""What a forward does that no graph holds: it opens contexts, and it changes the network that it runs in."""

from collections import deque
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn
from torch.utils._pytree import tree_leaves


class Modes(NamedTuple):
    """What a context manager of torch can change under a forward."""

    grad: bool
    inference: bool
    autocast: tuple[bool, ...]
    dtypes: tuple[torch.dtype, ...]

    def beside(self, before: "Modes") -> str:
        """The context that makes the one of the other."""
        if (self.autocast, self.dtypes) != (before.autocast, before.dtypes):
            return "torch.autocast"
        if self.inference != before.inference:
            return "torch.inference_mode"
        return "torch.enable_grad" if self.grad else "torch.no_grad"


def modes() -> Modes:
    kinds = ("cpu", "cuda")
    return Modes(
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        tuple(torch.is_autocast_enabled(kind) for kind in kinds),
        tuple(torch.get_autocast_dtype(kind) for kind in kinds),
    )


State = dict[tuple[nn.Module, str], tuple[Any, int]]
_OWN = set(vars(nn.Module())) - {"training"}  # what the framework keeps on each module
_CONTAINERS = (list, dict, set, deque)  # a tuple: isinstance is called a hundred thousand times


def state(model: nn.Module) -> State:
    """All that the modules hold, and how often each tensor was written to, how long each container is."""
    found: State = {}
    for part in model.modules():
        own = {name: value for name, value in vars(part).items() if name not in _OWN}
        for name, value in {**own, **part._parameters, **part._buffers}.items():
            found[part, name] = (value, _count(value))
    return found


def _count(value: Any) -> int:
    if isinstance(value, Tensor):
        return 0 if value.is_inference() else value._version
    return len(value) if isinstance(value, _CONTAINERS) else 0


def unaltered(model: nn.Module, before: State) -> bool:
    """Do the modules hold what they held, as far as one can see? Into objects of the user's one cannot."""
    now = state(model)
    return now.keys() == before.keys() and all(
        value is before[key][0] and count == before[key][1] and not _opaque(value)
        for key, (value, count) in now.items()
    )


def _opaque(value: Any) -> bool:
    """May it change without being another object, or longer?"""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (*_CONTAINERS, tuple)):
        return any(_opaque(part) for part in value)
    return hasattr(value, "__dict__") and not isinstance(value, (Tensor, nn.Module)) and not callable(value)


def changed(model: nn.Module, before: State) -> str:
    """Which tensor a forward has changed or kept, that a later call may read; "" if none. Puts all back."""
    now, what = state(model), ""
    for (part, name), (value, version) in now.items():
        old, was = before.get((part, name), (None, 0))
        if "_tensor_constant" in name or (value is old and version == was and not _proxies(value)):
            continue
        path = next((path for path, module in model.named_modules() if module is part), "")
        named = f"{path}.{name}" if path else name
        if isinstance(value, Tensor) and value is old and version != was:
            what = what or f"its forward changes its own tensor {named} in place"
        elif _proxies(value) or isinstance(value, Tensor):
            what = what or f"its forward keeps a tensor on itself ({named}), which the next call may read"
        if (part, name) in before:
            _put(part, name, old)
        elif name in vars(part):
            delattr(part, name)
    return what


def _proxies(value: Any) -> bool:
    if isinstance(value, list | dict | tuple | set):
        return any(
            isinstance(x, fx.Proxy) for x in tree_leaves(list(value) if isinstance(value, set) else value)
        )
    return isinstance(value, fx.Proxy)


def _put(part: nn.Module, name: str, value: Any) -> None:
    held = next((kind for kind in (part._parameters, part._buffers) if name in kind), None)
    if held is not None:
        held[name] = value
    else:
        vars(part)[name] = value
