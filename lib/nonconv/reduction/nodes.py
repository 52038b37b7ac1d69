"""What a node of a graph can be: a convolution with its kernel, a batch norm, an average, a sum, …"""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.fx.node import Node

from nonconv.reduction.asking import shape
from nonconv.reduction.batch_norm import affine_form
from nonconv.reduction.kernel import Kernel


@dataclass(frozen=True, eq=False, kw_only=True)
class Layer:
    """What a node is; `x` is the node that it is applied to."""

    x: Node
    parameters: list[Tensor] = field(default_factory=list)

    @property
    def sides(self) -> int:
        """Dimensions with positions: 0 for (N, M), 2 for (N, M, H, W)."""
        return len(shape(self.x)) - 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Convolution(Layer):
    kernel: Kernel
    mode: str = "zeros"
    uneven: bool = False  # "same" with one row more after than before: no padding in numbers says that


@dataclass(frozen=True, eq=False, kw_only=True)
class Transposed(Layer):
    weight: Tensor
    bias: Tensor | None
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    output_padding: tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    more: tuple[Any, ...] = ()  # its output_size, where it is called with one


@dataclass(frozen=True, eq=False, kw_only=True)
class Linear(Layer):
    weight: Tensor
    bias: Tensor | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Affine(Layer):
    """x · G + g with one number for each place of one dimension: batch norm, a scale, a shift."""

    dim: int | None = 1  # of the maps; None: one number for all

    def affine(self) -> tuple[Tensor, Tensor]:
        """(G, g) in float64, of one number or one for each map. Raises ValueError where there are none."""
        raise NotImplementedError

    def vectors(self, maps: int) -> tuple[Tensor, Tensor]:
        """(G, g), each with one number for each of the maps."""
        G, g = self.affine()
        return G.expand(maps), g.expand(maps)


@dataclass(frozen=True, eq=False, kw_only=True)
class Scale(Affine):
    """x · weight + bias, both constants of the network."""

    weight: Tensor
    bias: Tensor

    def affine(self) -> tuple[Tensor, Tensor]:
        return self.weight, self.bias


@dataclass(frozen=True, eq=False, kw_only=True)
class BatchNorm(Affine):
    mean: Tensor
    var: Tensor
    weight: Tensor | None
    bias: Tensor | None
    eps: float

    def affine(self) -> tuple[Tensor, Tensor]:
        """(G, g) in float64. Raises ValueError where they are none, such as for a negative variance."""
        mean, var = exact(self.mean), exact(self.var)
        gamma = torch.ones_like(mean) if self.weight is None else exact(self.weight)
        beta = torch.zeros_like(mean) if self.bias is None else exact(self.bias)
        return affine_form(gamma, beta, mean, var, self.eps)


@dataclass(frozen=True, eq=False, kw_only=True)
class Average(Layer):
    kernel: Kernel
    fixed: bool  # its size is the input's, so it is another convolution for another input
    flat: bool = False  # (N, K, 1, 1) comes out as (N, K)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sum(Layer):
    """x + times · other."""

    other: Node
    times: float = 1
    spread: bool = False  # the two have different shapes: one is repeated along the other


@dataclass(frozen=True, eq=False, kw_only=True)
class Identity(Layer):
    name: str
    copies: bool = False  # x + 0 is not x itself


@dataclass(frozen=True, eq=False, kw_only=True)
class Flatten(Layer):
    """(N, M, …) to (N, M · …)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Kept(Layer):
    """A layer of a kind that is read, but that must stay, and why."""

    name: str
    why: str

    def might_be(self, kind: str) -> bool:
        """A "conv", "norm", "pool" or "dropout"? Its name, `BatchNorm2d` or `batch_norm`, says so."""
        return kind in self.name.lower()


def exact(tensor: Tensor) -> Tensor:
    """The tensor's numbers in float64, on the CPU (not every device has float64)."""
    return tensor.detach().to("cpu", torch.float64)


def as_convolution_layer(layer: Layer | None) -> Convolution | None:
    """The layer as a convolution, where it is one: batch norm, scales and averages too."""
    if isinstance(layer, Convolution):
        return layer
    if isinstance(layer, Average) and not layer.flat:
        return Convolution(x=layer.x, kernel=layer.kernel)
    if isinstance(layer, Affine) and layer.sides >= 1 and layer.dim in (1, None):
        G, g = layer.vectors(shape(layer.x)[1])
        ones = (1,) * layer.sides
        kernel = Kernel(G.reshape(-1, 1, *ones), g, ones, (0,) * layer.sides, ones, len(G))
        return Convolution(x=layer.x, kernel=kernel, parameters=layer.parameters)
    return None
