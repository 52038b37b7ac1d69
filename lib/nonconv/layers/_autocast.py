"""`torch.autocast` for layers that are written out: what the framework does for its own.

Without it a 16-bit map from the layer before would meet float32 parameters.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_map

_KINDS = {"cpu", "cuda", "mps", "xpu"}  # others may not even be asked


def is_on(x: Any) -> bool:
    """Is autocast at work where this tensor lies?"""
    kind = x.device.type if isinstance(x, Tensor) else ""
    return kind in _KINDS and torch.is_autocast_enabled(kind)


def under_autocast(layer: Callable[..., Any], given: dict[str, Any], dtype: torch.dtype | None = None) -> Any:
    """What a layer returns for all its arguments by name (`locals()` at its start), the tensors of which but
    whole numbers and float64 have autocast's dtype.

    Where places are among them they have the dtype that is given, and the result that of the first, as in
    torchvision.
    """
    x, *_ = given.values()
    kind = x.device.type
    to = dtype or torch.get_autocast_dtype(kind)

    def cast(value: Any) -> Any:
        fits = isinstance(value, Tensor) and value.is_floating_point() and value.dtype != torch.float64
        return value.to(to) if fits else value

    with torch.autocast(kind, enabled=False):
        result = layer(**tree_map(cast, given))
    return result if dtype is None else result.to(x.dtype)
