"""The memory of numbers that a step took out of a graph, for those that it put in. Kernels are large, and an
allocator that is asked for new memory while old memory goes holds both.
"""

from collections import Counter
from collections.abc import Iterable

import torch
from torch import Tensor, fx, nn

_LEAST = 1 << 12  # numbers: less is not worth it


class Spare:
    """Tensors that nobody reads any more, each alone in its memory."""

    def __init__(self, module: fx.GraphModule) -> None:
        self._free: list[Tensor] = []
        parts = list(module.modules())
        held = [
            x for part in parts for own in (part._parameters, part._buffers, vars(part)) for x in own.values()
        ]
        self._shared = Counter(_place(x) for x in held if isinstance(x, Tensor) and _ordinary(x))

    def offer(self, tensors: Iterable[Tensor | None]) -> None:
        for x in tensors:
            if x is not None and _ordinary(x) and x.numel() >= _LEAST and self._shared[_place(x)] < 2:
                whole = x.is_contiguous() and x.untyped_storage().nbytes() == x.numel() * x.element_size()
                if whole:
                    self._free.append(x.detach())

    def moved(
        self, p: Tensor, dtype: torch.dtype | None = None, device: torch.device | None = None
    ) -> nn.Parameter:
        """The parameter in this dtype on this device, in spare memory where some of its shape is left."""
        dtype, device = dtype or p.dtype, device or p.device
        for at, x in enumerate(self._free):
            if x.shape == p.shape and x.dtype == dtype and x.device == device and _place(x) != _place(p):
                return nn.Parameter(self._free.pop(at).copy_(p.detach()), p.requires_grad)
        return nn.Parameter(p.detach().to(device, dtype), p.requires_grad)

    def clear(self) -> None:
        """What the step left over goes."""
        self._free.clear()


def _ordinary(x: Tensor) -> bool:
    return type(x) in (Tensor, nn.Parameter) and x.layout == torch.strided and x.device.type != "meta"


def _place(x: Tensor) -> int:
    return x.untyped_storage().data_ptr()
