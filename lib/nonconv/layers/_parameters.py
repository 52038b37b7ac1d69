"""How the modules' own numbers start: kernels, biases and matrices as the framework draws them."""

from math import prod, sqrt

import torch
from torch import nn


def kernel_and_bias(
    weight: tuple[int, ...], maps: int, bias: bool
) -> tuple[nn.Parameter, nn.Parameter | None]:
    """Kernel and bias as the framework draws them."""
    kernel = nn.Parameter(torch.empty(*weight))
    nn.init.kaiming_uniform_(kernel, a=sqrt(5))
    bound = 1 / sqrt(prod(weight[1:]))
    return kernel, nn.Parameter(torch.empty(maps).uniform_(-bound, bound)) if bias else None


def matrix(rows: int, columns: int) -> nn.Parameter:
    """A matrix of numbers between ±1/√columns."""
    return nn.Parameter(torch.empty(rows, columns).uniform_(-1, 1) / sqrt(columns))


def squeezed(channels: int, ratio: int) -> int:
    """channels / ratio. Raises ValueError if that is no integer."""
    if channels < 1 or ratio < 1 or channels % ratio:
        raise ValueError(f"the squeeze ratio {ratio} must divide the {channels} channels")
    return channels // ratio
