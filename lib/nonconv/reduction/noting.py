"""The shape of each value of a graph for the example, without the sums that its numbers would take."""

from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.node import Node

from nonconv.reduction.asking import NodeByNode, part_at
from nonconv.reduction.counting import through
from nonconv.reduction.reasons import whole
from nonconv.reduction.trees import tree_map

_CONVOLUTIONS = {nn.Conv1d: 1, nn.Conv2d: 2, nn.Conv3d: 3}
_SAME_SIZE = {
    nn.BatchNorm1d,
    nn.BatchNorm2d,
    nn.BatchNorm3d,
    nn.Dropout,
    nn.Identity,
    nn.ReLU,
    nn.ReLU6,
    nn.SiLU,
    nn.GELU,
    nn.Hardswish,
    nn.Hardsigmoid,
    nn.Sigmoid,
}


class _Shapes(NodeByNode):
    """Runs the graph; with `quick`, the framework's layers give zeros of the shape that they would give."""

    def __init__(self, module: fx.GraphModule, quick: bool) -> None:
        super().__init__(module)
        self.quick = quick

    def run_node(self, n: Node) -> Any:
        value = super().run_node(n)
        if isinstance(value, Tensor):
            n.meta["shape"], n.meta["dtype"], n.meta["device"] = tuple(value.shape), value.dtype, value.device
        else:  # tensors in a tuple are known by their shapes
            n.meta["value"] = tree_map(lambda x: x.to("meta") if isinstance(x, Tensor) else x, value)
        return value

    def call_module(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.quick and len(args) == 1 and not kwargs and isinstance(args[0], Tensor):
            part = part_at(self.module, target)
            size = _given(part, args[0])
            if size is not None and not whole(part):
                same = size == args[0].shape
                return args[0] if same else args[0].new_zeros(size)
        return super().call_module(target, args, kwargs)


def _given(part: Any, x: Tensor) -> tuple[int, ...] | None:
    """The shape of what a layer gives; None where it is to be run."""
    kind = type(part)
    if "forward" in vars(part):
        return None
    if kind in _SAME_SIZE:
        return tuple(x.shape)
    sides = _CONVOLUTIONS.get(kind)
    fits = sides is not None and x.dim() == sides + 2 and not isinstance(part.padding, str)
    return through(part, tuple(x.shape))[0] if fits or kind is nn.Linear else None


def note_shapes(module: fx.GraphModule, inputs: tuple[Any, ...]) -> None:
    """Each node's meta then holds the shape, dtype and device of its value."""
    with torch.no_grad():
        try:
            _Shapes(module, quick=True).run(*inputs)
        except Exception:  # zeros are not what it asks for
            _Shapes(module, quick=False).run(*inputs)
