"""What a forward does that no graph holds: it opens contexts, and it changes the network that it runs in."""

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
_OWN = ("_parameters", "_buffers", "_modules")


def state(model: nn.Module) -> State:
    """All that the modules hold, and how often each tensor was written to."""
    found: State = {}
    for part in model.modules():
        held = {name: value for name, value in vars(part).items() if name not in _OWN}
        for name, value in {**held, **part._parameters, **part._buffers}.items():
            inference = isinstance(value, Tensor) and value.is_inference()
            found[part, name] = (value, value._version if isinstance(value, Tensor) and not inference else 0)
    return found


def changed(model: nn.Module, before: State) -> str:
    """Which tensor a forward has changed or kept, that a later call may read; "" if none. Puts all back."""
    now, what = state(model), ""
    for (part, name), (value, version) in now.items():
        old, was = before.get((part, name), (None, 0))
        if "_tensor_constant" in name or (value is old and version == was and not _proxies(value)):
            continue
        path = next((path for path, module in model.named_modules() if module is part), "")
        named = f"{path}.{name}" if path else name
        if value is old and version != was:
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
