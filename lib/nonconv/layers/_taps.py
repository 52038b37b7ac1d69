"""The sum over taps that every convolution is, and its two derivatives: three functions, each other's gradients.

A map is laid out as one row of T numbers. A tap t (u and v, in two dimensions) is then a shift o_t along that row
and a matrix F_t over the maps, and a convolution with its two derivatives reads one scalar in three ways:

    S = Σ_t Σ_l G_l · F_t X_{l+o_t}
    ∂S/∂G_l = Σ_t F_t X_{l+o_t}          `sum_of_taps`: the convolution
    ∂S/∂X_a = Σ_t F_tᵀ G_{a−o_t}         `spread_taps`: the transposed convolution
    ∂S/∂F_t = Σ_l G_l X_{l+o_t}ᵀ         `correlate_taps`: the gradient of the kernel

S is linear in each of G, F and X, so the gradient of each function is the other two, to any order.
No shifted copy of the input is made: a shift is a view, and each tap is added to the sum in place.

Shape:
    X (N, g, m, T), F (taps, g, k, m), G (N, g, k, L), with N images, g groups of m input and k output maps.
"""

from typing import Any

import torch
from torch import Tensor

Shifts = tuple[int, ...]


def _add(Y: Tensor, F: Tensor, X: Tensor) -> None:
    """Y += F X in place for each image and group: a matrix product, or a plain one where m = k = 1 (depthwise)."""
    if F.shape[-2:] == (1, 1):
        Y.addcmul_(F, X)
    else:
        N = len(X)
        Y.flatten(0, 1).baddbmm_(F.expand(N, *F.shape).flatten(0, 1), X.flatten(0, 1))


class _Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, X: Tensor, F: Tensor, shifts: Shifts, L: int) -> Tensor:
        ctx.save_for_backward(X, F)
        ctx.shifts = shifts
        Y = X.new_zeros(X.shape[0], *F.shape[1:3], L)
        for tap, o in zip(F, shifts, strict=True):
            _add(Y, tap, X[..., o : o + L])
        return Y

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        X, F = ctx.saved_tensors
        dX = _Spread.apply(grads[0], F, ctx.shifts, X.shape[-1]) if ctx.needs_input_grad[0] else None
        dF = _Correlate.apply(grads[0], X, ctx.shifts) if ctx.needs_input_grad[1] else None
        return dX, dF, None, None


class _Spread(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, G: Tensor, F: Tensor, shifts: Shifts, T: int) -> Tensor:
        ctx.save_for_backward(G, F)
        ctx.shifts = shifts
        L = G.shape[-1]
        X = G.new_zeros(G.shape[0], F.shape[1], F.shape[3], T)
        for tap, o in zip(F.transpose(-1, -2), shifts, strict=True):
            _add(X[..., o : o + L], tap, G)
        return X

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        G, F = ctx.saved_tensors
        dG = _Sum.apply(grads[0], F, ctx.shifts, G.shape[-1]) if ctx.needs_input_grad[0] else None
        dF = _Correlate.apply(G, grads[0], ctx.shifts) if ctx.needs_input_grad[1] else None
        return dG, dF, None, None


class _Correlate(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, G: Tensor, X: Tensor, shifts: Shifts) -> Tensor:
        ctx.save_for_backward(G, X)
        ctx.shifts = shifts
        L = G.shape[-1]
        if G.shape[2] == X.shape[2] == 1:  # depthwise: one number for each map, a sum of plain products
            return torch.stack([(G * X[..., o : o + L]).sum((0, 3))[..., None] for o in shifts])
        return torch.stack([(G @ X[..., o : o + L].transpose(-1, -2)).sum(0) for o in shifts])

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        G, X = ctx.saved_tensors
        dG = _Sum.apply(X, grads[0], ctx.shifts, G.shape[-1]) if ctx.needs_input_grad[0] else None
        dX = _Spread.apply(G, grads[0], ctx.shifts, X.shape[-1]) if ctx.needs_input_grad[1] else None
        return dG, dX, None


def sum_of_taps(X: Tensor, F: Tensor, shifts: Shifts, L: int) -> Tensor:
    """Y_l = Σ_t F_t X_{l+o_t} for l < L: (N, g, m, T), (taps, g, k, m) -> (N, g, k, L)."""
    return _Sum.apply(X, F, shifts, L)  # type: ignore[return-value]


def spread_taps(G: Tensor, F: Tensor, shifts: Shifts, T: int) -> Tensor:
    """X_a = Σ_t F_tᵀ G_{a−o_t} for a < T: (N, g, k, L), (taps, g, k, m) -> (N, g, m, T)."""
    return _Spread.apply(G, F, shifts, T)  # type: ignore[return-value]
