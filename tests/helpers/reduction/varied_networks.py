"""The same random networks as people write them: they read shapes, decide by them, open contexts, and return
containers.
"""

import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from helpers.reduction.random_networks import NORM, Maker, Network


class Named(NamedTuple):
    first: Tensor
    rest: list[Tensor]


@dataclass
class Held:
    first: Tensor
    rest: list[Tensor]


CONTAINERS: dict[str, Callable[[tuple[Tensor, ...]], Any]] = {
    "tuple": lambda values: values,
    "list": list,
    "tensor": lambda values: values[0] if len(values) == 1 else values,
    "dict": lambda values: {f"y{n}": value for n, value in enumerate(values)},
    "OrderedDict": lambda values: OrderedDict((f"y{n}", value) for n, value in enumerate(values)),
    "named tuple": lambda values: Named(values[0], list(values[1:])),
    "data class": lambda values: Held(values[0], list(values[1:])),
    "nested": lambda values: {"all": [values, {"first": values[0]}]},
}


def asserted(y: Tensor, places: int) -> Tensor:
    torch._assert(y.dim() == places, "the number of dimensions has changed")
    return y


def decided(y: Tensor, places: int) -> Tensor:
    assert len(y.shape) == places, "the number of dimensions has changed"
    for n in y.shape[2:]:
        y = y.view(y.shape) if n % 2 else y.reshape_as(y)
    return y[:] if y.shape[0] > 1 else y


READINGS: dict[str, Callable[[Tensor, int], Tensor]] = {
    "assertion": asserted,
    "view": lambda y, n: y.view(y.shape),
    "size": lambda y, n: y.reshape(y.size(0), y.size(1), *[y.size(d) for d in range(2, n)]),
    "like": lambda y, n: y.reshape_as(y),
    "dtype": lambda y, n: y.to(y.dtype),
    "decision": decided,
}


class Inside(nn.Module):
    """A convolution and a batch norm in a context that a graph does not hold."""

    def __init__(self, sides: int, maps: int, kind: str) -> None:
        super().__init__()
        convolution = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}[sides]
        self.conv, self.norm, self.kind = convolution(maps, maps, 1), NORM[sides](maps), kind

    def forward(self, x: Tensor) -> Tensor:
        if self.kind == "no_grad":
            with torch.no_grad():
                return self.norm(self.conv(x)) + x
        if self.kind == "autocast off":
            with torch.autocast("cpu", enabled=False):
                return self.norm(self.conv(x))
        with torch.autocast("cpu", torch.bfloat16):
            return self.norm(self.conv(x)).to(x.dtype)


class Container(Network):
    """Returns its results in a container."""

    kind = "tuple"

    def forward(self, x: Tensor) -> Any:
        return CONTAINERS[self.kind](super().forward(x))


class Varied(Maker):
    """Draws what `Maker` draws, and beside it readings of shapes, contexts and containers."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.own = random.Random(seed + 1_000_000)
        self.net = Container()
        self.net.kind = self.own.choice(list(CONTAINERS))
        self.varied: set[str] = {self.net.kind}

    def add(self, step: Callable[[Any, list], Any]) -> int:
        if self.own.random() < 0.2:
            name = self.own.choice(list(READINGS))
            self.varied.add(name)
            step = self._read(step, READINGS[name])
        return super().add(step)

    @staticmethod
    def _read(step: Callable[[Any, list], Any], reading: Callable[[Tensor, int], Tensor]) -> Callable:
        dims: list[int] = []  # known at the first call, which is the generator's own

        def read(net: Any, values: list) -> Any:
            y = step(net, values)
            if isinstance(y, Tensor) and not dims:
                dims.append(y.dim())
            return reading(y, dims[0])

        return read

    def conv_norm(self) -> None:
        if self.own.random() < 0.1:
            kind = self.own.choice(("no_grad", "autocast", "autocast off"))
            self.varied.add(kind)
            self.call(self.module(Inside(self.sides, self.shape()[1], kind), "inside"))
        super().conv_norm()
