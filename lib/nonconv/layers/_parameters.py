"""How the modules' own numbers start: kernels, biases and matrices as the framework draws them."""

from math import prod, sqrt

import torch
from torch import Tensor, nn

from nonconv.layers._arguments import are_counts

Device = torch.device | str | int | None
Dtype = torch.dtype | None


def empty(*shape: int, device: Device, dtype: Dtype) -> nn.Parameter:
    """A parameter whose numbers `reset_parameters` draws, which `torch.nn.utils.skip_init` leaves out."""
    return nn.Parameter(torch.empty(shape, device=device, dtype=dtype))


def draw_kernel_and_bias(kernel: Tensor, bias: Tensor | None) -> None:
    """As the framework draws those of a convolution."""
    nn.init.kaiming_uniform_(kernel, a=sqrt(5))
    draw_uniform(1 / sqrt(prod(kernel.shape[1:])), bias)


def draw_uniform(bound: float, *parameters: Tensor | None) -> None:
    """Numbers between ±bound, one parameter after the other."""
    for parameter in parameters:
        if parameter is not None:
            nn.init.uniform_(parameter, -bound, bound)


def draw_matrix(*matrices: Tensor) -> None:
    """Numbers between ±1/√columns."""
    for matrix in matrices:
        nn.init.uniform_(matrix, -1, 1)
        with torch.no_grad():
            matrix.div_(sqrt(matrix.shape[-1]))


def squeezed(channels: int, ratio: int) -> int:
    """channels / ratio. Raises ValueError if that is no integer."""
    if not are_counts(channels, ratio) or channels % ratio:
        raise ValueError(f"the squeeze ratio {ratio} must divide the {channels} channels")
    return channels // ratio
