"""Activations: one function of one number, at each place by itself, and their derivatives.

    σ(x) = 1/(1 + e^{−x})    σ'(x) = σ(x) σ(−x) <= 1/4    tanh(x) = 2σ(2x) − 1    ReLU(x) = max(0, x)

They commute with every shift and are affine nowhere: none is a convolution.
Source: V. Nair, G. Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines" (2010), section 2;
X. Glorot, A. Bordes, Y. Bengio, "Deep Sparse Rectifier Neural Networks" (2011), section 3.
"""

from math import inf
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.layers._arguments import accumulating, floating, same_kind
from nonconv.layers._compiled import through_compiler
from nonconv.layers._transforms import AtEachPlace, applied


class _Sigmoid(AtEachPlace):
    """σ(x), or σ(−x) where `minus` is set, with the gradient ±σ(x) σ(−x), which is made of both and so
    differentiable to any order.

    (σ(−x) is no σ of −x: that would negate twice, and two more tensors take longer than the exponential.)
    """

    @staticmethod
    def forward(x: Tensor, minus: bool) -> Tensor:
        e = x.exp() if minus else (-x).exp_()
        return e.add_(1).reciprocal_()  # where e overflows, 1/∞ = 0 is the right answer

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        x, ctx.minus = inputs
        ctx.save_for_backward(x, output)
        ctx.save_for_forward(x, output)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        x, y = ctx.saved_tensors
        slope = y * _sigmoid(x, not ctx.minus)
        return (-grads[0] if ctx.minus else grads[0]) * slope, None


def _sigmoid(x: Tensor, minus: bool = False) -> Tensor:
    return applied(_Sigmoid, x, minus)


def _checked(x: Tensor) -> Tensor:
    """x in the dtype to compute in."""
    same_kind(x=x)
    floating(x=x)
    return accumulating(x)[0]


def sigmoid(x: Tensor, *, fast: bool = False, compiled: bool = False) -> Tensor:
    """σ(x) = 1/(1 + e^{−x}).

    Its gradient is σ(x) σ(−x), which stays exact where σ(1 − σ) is 0 (in float32 from x = 17 on).

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    if compiled:
        return through_compiler(sigmoid, locals())
    wide = _checked(x)
    return torch.sigmoid(x) if fast else _sigmoid(wide).to(x.dtype)


def sigmoid_derivative(x: Tensor) -> Tensor:
    """σ'(x) = σ(x) σ(−x), at most 1/4, at x = 0.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    wide = _checked(x)
    return (_sigmoid(wide) * _sigmoid(wide, minus=True)).to(x.dtype)


class _Tanh(AtEachPlace):
    """(1 − e^{−2x})/(1 + e^{−2x}), which is 2σ(2x) − 1, with the slope 1 − tanh²."""

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        e = x.clamp(min=-40).mul_(-2).exp_()  # below −40 the answer is −1, and ∞/∞ would be none
        return (1 - e).div_(e.add_(1))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        (y,) = ctx.saved_tensors
        return torch.addcmul(y.new_ones(()), y, y, value=-1) * grads[0]  # the slope first: ∞ − ∞ is none


def tanh(x: Tensor, *, fast: bool = False, compiled: bool = False) -> Tensor:
    """tanh(x) = 2σ(2x) − 1 = (1 − e^{−2x})/(1 + e^{−2x}).

    The second form is computed: it rounds less.
    Close to x = 0 its error is small beside 1, not beside tanh(x).

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    if compiled:
        return through_compiler(tanh, locals())
    wide = _checked(x)
    return torch.tanh(x) if fast else applied(_Tanh, wide).to(x.dtype)


def tanh_derivative(x: Tensor) -> Tensor:
    """tanh'(x) = 1 − tanh²(x) = 4σ(2x) σ(−2x), at most 1, at x = 0.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    wide = _checked(x)
    return (4 * _sigmoid(2 * wide) * _sigmoid(2 * wide, minus=True)).to(x.dtype)


class _ReLU(AtEachPlace):
    """max(0, x). The gradient is 0 from x = 0 downwards, whatever comes in; else it passes, at NaN too."""

    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return x.clamp(min=0)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        (y,) = ctx.saved_tensors
        if torch.compiler.is_compiling():
            # a mask of y alone would be stored before, which is not vectorised on every CPU: so its 0 is the
            # gradient's
            zero = torch.fmin(torch.fmax(grads[0], y.new_zeros(())), y.new_zeros(()))
            return torch.where(y <= zero, 0, grads[0])
        return torch.ops.aten.threshold_backward(grads[0], y, 0)  # where(y <= 0, 0, g), without a mask


def _not_in_place(inplace: bool, call: str) -> None:
    if inplace:
        raise ValueError(f"inplace must be False: a layer here leaves x as it is; write x = {call}")


def relu(x: Tensor, inplace: bool = False, *, fast: bool = False, compiled: bool = False) -> Tensor:
    """ReLU(x) = max(0, x). It has no derivative at 0; the gradient takes 0 there, as in the framework.

    Shape: any -> the same.

    Raises ValueError for integers, and for inplace=True.
    """
    if compiled:
        return through_compiler(relu, locals())
    _not_in_place(inplace, "relu(x)")
    same_kind(x=x)
    floating(x=x)
    if fast:
        return F.relu(x)
    return applied(_ReLU, x)


def relu_derivative(x: Tensor) -> Tensor:
    """1 where x > 0, else 0, at 0 itself by convention.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    same_kind(x=x)
    floating(x=x)
    return (x > 0).to(x.dtype)


class _LeakyReLU(AtEachPlace):
    """max(x, 0) + a·min(x, 0), with the slope 1, or a from x = 0 downwards; 0·∞ is computed nowhere.

    The slope is s + a(1 − s) with s = sign(max(x, 0)), and so exactly 1 or a: products and signs, for neither
    `torch.where` nor the storing of x > 0 is vectorised on every CPU. For a from 0 to 1 both are a maximum:
    of x and a·x (but for a = 0, where ∞ would meet it), and of s and a.
    """

    @staticmethod
    def forward(x: Tensor, a: float) -> Tensor:
        if not abs(a) < inf:
            return torch.where(x > 0, x, a * x)
        if 0 < a <= 1:
            y = a * x
            return torch.maximum(x, y, out=y)  # the same in one pass less, and no memory between
        return x.clamp(min=0).add_(x.clamp(max=0), alpha=a)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        x, ctx.a = inputs
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        (x,) = ctx.saved_tensors
        if not abs(ctx.a) < inf:
            return grads[0] * torch.where(x > 0, x.new_ones(()), ctx.a), None
        s = x.clamp(min=0).sign_()
        if 0 <= ctx.a <= 1:
            return grads[0] * s.clamp_(min=ctx.a), None
        return grads[0] * (1 - s).mul_(ctx.a).add_(s), None


def leaky_relu(
    x: Tensor,
    negative_slope: float = 0.01,
    inplace: bool = False,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """x where x > 0, else a·x with a = negative_slope: a unit that is never quite dead.

    Shape: any -> the same.

    Source: A. Maas, A. Hannun, A. Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models"
    (2013), section 2.

    Raises ValueError for integers, and for inplace=True.
    """
    if compiled:
        return through_compiler(leaky_relu, locals())
    _not_in_place(inplace, "leaky_relu(x, …)")
    wide = _checked(x)  # a and the gradient are rounded to 16 bits once, not twice
    a = float(negative_slope)
    return F.leaky_relu(x, a) if fast else applied(_LeakyReLU, wide, a).to(x.dtype)


def leaky_relu_derivative(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """1 where x > 0, else a = negative_slope, at 0 itself by convention.

    Shape: any -> the same.

    Raises ValueError for integers.
    """
    same_kind(x=x)
    floating(x=x)
    return torch.where(x > 0, x.new_ones(()), negative_slope)
