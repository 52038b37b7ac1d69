"""Depthwise sums as a compiler takes them best: slices of the maps, multiplied and added.

`_taps` lays a map out as one row, so that a library's products can be used. Where there is no product, with
one map for each kernel, a compiler makes one loop of

    Y_i = Σ_u F_u X_{s·i+d·u}                                     `sum_of_slices`
    ∂/∂X_a = Σ_u F_{p+1−u} G_{a+d·u}, G with s − 1 zeros between and d(p−1) around
    ∂/∂F_u = Σ_i G_i X_{s·i+d·u}

as long as each is a sum of values that are read: left to autograd, the gradient of a slice writes into a
whole map for each tap. It is for `torch.compile` alone; a test holds it equal to `_taps`.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

Numbers = tuple[int, ...]


def slices(X: Tensor, kernel: Numbers, s: Numbers, d: Numbers, out: Numbers) -> Iterator[Tensor]:
    """X_{s·i+d·u} for each tap u, in the kernel's order."""
    for tap in product(*map(range, kernel)):
        where = (
            slice(gap * u, gap * u + step * (n - 1) + 1, step)
            for u, gap, step, n in zip(tap, d, s, out, strict=True)
        )
        yield X[(..., *where)]


class _SumOfSlices(torch.autograd.Function):
    @staticmethod
    def forward(X: Tensor, W: Tensor, s: Numbers, d: Numbers, out: Numbers) -> Tensor:
        kernel = tuple(W.shape[1:])
        taps = W.flatten(1).unbind(1)
        parts = slices(X, kernel, s, d, out)
        products = [w.reshape(-1, *[1] * len(s)) * part for w, part in zip(taps, parts, strict=True)]
        return sum(products[1:], products[0])

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(*inputs[:2])
        ctx.geometry = inputs[2:]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        X, W = ctx.saved_tensors
        s, d, out = ctx.geometry
        kernel, size, G = tuple(W.shape[1:]), tuple(X.shape[2:]), grads[0]
        products = [G * part for part in slices(X.conj(), kernel, s, d, out)]
        places = tuple(range(2, X.dim()))
        dW = torch.stack([p.sum(places).sum(0) for p in products], 1).unflatten(1, kernel)
        if any(step > 1 for step in s):
            spread = G.new_zeros(*G.shape[:2], *(step * (n - 1) + 1 for step, n in zip(s, out, strict=True)))
            spread[(..., *(slice(None, None, step) for step in s))] = G
            G = spread
        around = [(gap * (p - 1), H - n) for gap, p, H, n in zip(d, kernel, size, G.shape[2:], strict=True)]
        G = F.pad(G, [n for both in reversed(around) for n in both])
        flipped = W.conj().flip(tuple(range(1, W.dim())))
        dX = _SumOfSlices.apply(G, flipped, (1,) * len(s), d, size)
        return dX, dW, None, None, None


def sum_of_slices(X: Tensor, W: Tensor, s: Numbers, d: Numbers, out: Numbers) -> Tensor:
    """Y_i = Σ_u F_u X_{s·i+d·u}, map by map: (N, M, …), (M, p, …) -> (N, M, *out)."""
    return _SumOfSlices.apply(X, W, s, d, out)  # type: ignore[return-value]
