"""Batch norm in evaluation mode by its formula. On a CPU the framework's own gradient of it is wrong where
the input has its channels last and the gradient that arrives has not: by as much as itself.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

_ORDER = ("input", "weight", "bias", "running_mean", "running_var", "training", "momentum", "eps", "cudnn")
_OF_F = ("input", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps")
_aten = torch.ops.aten.batch_norm
_NORMS: dict[Any, tuple[str, ...]] = {
    F.batch_norm: _OF_F,
    **dict.fromkeys((torch.batch_norm, _aten, _aten.default), _ORDER),
}


class NormByFormula(TorchFunctionMode):
    """Within, Y = G·X + g for each batch norm with running averages; all else runs as it does."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func in _NORMS:
            a = dict(zip(_NORMS[func], args, strict=False)) | (kwargs or {})
            if not a.get("training", False) and a.get("running_mean") is not None:
                return _formula(a)
        return func(*args, **(kwargs or {}))


def _formula(a: dict[str, Any]) -> Tensor:
    x, (mean, var) = a["input"], (a["running_mean"], a["running_var"])
    G = torch.rsqrt(var + a.get("eps", 1e-5))
    G = G if a.get("weight") is None else G * a["weight"]
    g = -mean * G if a.get("bias") is None else a["bias"] - mean * G
    sides = [1] * (x.dim() - 2)
    return x * G.view(-1, *sides) + g.view(-1, *sides)
