"""Activations: one function of one number, at each place by itself, and their derivatives.

    σ(x) = 1/(1 + e^{−x})    σ'(x) = σ(x) σ(−x) <= 1/4    tanh(x) = 2σ(2x) − 1    ReLU(x) = max(0, x)

They commute with every shift and are affine nowhere: none is a convolution.
Source: V. Nair, G. Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines" (2010), section 2;
X. Glorot, A. Bordes, Y. Bengio, "Deep Sparse Rectifier Neural Networks" (2011), section 3.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import accumulating, floating, same_kind


class _Sigmoids(torch.autograd.Function):
    """σ(x) and σ(−x) at once: σ(x)' = σ(x) σ(−x) and σ(−x)' = −σ(x) σ(−x), so the two are each other's slope."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor]:
        small = torch.exp(-x.abs())  # in (0, 1]: nothing overflows, however large |x| is
        near_one = 1 / (1 + small)
        near_zero = small * near_one
        positive = x >= 0
        plus, minus = torch.where(positive, near_one, near_zero), torch.where(positive, near_zero, near_one)
        ctx.save_for_backward(plus, minus)
        return plus, minus

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        plus, minus = ctx.saved_tensors
        return (grads[0] - grads[1]) * plus * minus


def _sigmoids(x: Tensor, times: int = 1) -> tuple[Tensor, Tensor]:
    same_kind(x=x)
    floating(x=x)
    (wide,) = accumulating(x)
    return _Sigmoids.apply(wide if times == 1 else times * wide)  # type: ignore[return-value]


def sigmoid(x: Tensor, *, fast: bool = False) -> Tensor:
    """σ(x) = 1/(1 + e^{−x}), as e^{−|x|}/(1 + e^{−|x|}) where x < 0, so that nothing overflows.

    Its gradient is σ(x) σ(−x), which stays exact where σ(1 − σ) is 0 (in float32 from x = 17 on).

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    return torch.sigmoid(x) if fast else _sigmoids(x)[0].to(x.dtype)


def sigmoid_derivative(x: Tensor) -> Tensor:
    """σ'(x) = σ(x) σ(−x), at most 1/4, at x = 0.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    plus, minus = _sigmoids(x)
    return (plus * minus).to(x.dtype)


def tanh(x: Tensor, *, fast: bool = False) -> Tensor:
    """tanh(x) = 2σ(2x) − 1 = σ(2x) − σ(−2x).

    The difference of two numbers near 1/2: close to x = 0 the error is small beside 1, not beside tanh(x).

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    if fast:
        return torch.tanh(x)
    plus, minus = _sigmoids(x, times=2)
    return (plus - minus).to(x.dtype)


def tanh_derivative(x: Tensor) -> Tensor:
    """tanh'(x) = 1 − tanh²(x) = 4σ(2x) σ(−2x), at most 1, at x = 0.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    plus, minus = _sigmoids(x, times=2)
    return (4 * plus * minus).to(x.dtype)


def relu(x: Tensor, *, fast: bool = False) -> Tensor:
    """ReLU(x) = max(0, x). It has no derivative at 0; the gradient takes 0 there, as in the framework.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    same_kind(x=x)
    floating(x=x)
    if fast:
        return F.relu(x)
    return torch.where(x <= 0, x.new_zeros(()), x)  # so asked, NaN stays NaN


def relu_derivative(x: Tensor) -> Tensor:
    """1 where x > 0, else 0, at 0 itself by convention.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    same_kind(x=x)
    floating(x=x)
    return (x > 0).to(x.dtype)


def leaky_relu(x: Tensor, negative_slope: float = 0.01, *, fast: bool = False) -> Tensor:
    """x where x > 0, else a·x with a = negative_slope: a unit that is never quite dead.

    Shape: any -> the same.

    Source: A. Maas, A. Hannun, A. Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models" (2013),
    section 2.

    Raises ValueError for integers.
    """
    same_kind(x=x)
    floating(x=x)
    if fast:
        return F.leaky_relu(x, negative_slope)
    return torch.where(x > 0, x, negative_slope * x)


def leaky_relu_derivative(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """1 where x > 0, else a = negative_slope, at 0 itself by convention.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    same_kind(x=x)
    floating(x=x)
    return torch.where(x > 0, x.new_ones(()), negative_slope)
