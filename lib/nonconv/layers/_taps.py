"""The sum over taps that every convolution is, and its two derivatives:
three functions, each other's gradients.

A map is laid out as one row of T numbers. A tap t (u and v, in two dimensions) is then a shift o_t along that
row and a matrix F_t over the maps, and a convolution with its two derivatives reads one scalar in three ways:

    S = Σ_t Σ_l G_l · F_t X_{l+o_t}
    ∂S/∂G_l = Σ_t F_t X_{l+o_t}          `sum_of_taps`: the convolution
    ∂S/∂X_a = Σ_t F_tᵀ G_{a−o_t}         `spread_taps`: the transposed convolution
    ∂S/∂F_t = Σ_l G_l X_{l+o_t}ᵀ         `correlate_taps`: the gradient of the kernel

S is linear in each of G, F and X, so the gradient of each function is the other two, to any order. Of complex
numbers the framework's gradient is the conjugate one: what a function is linear in is conjugated there.
No shifted copy of the input is made: a shift is a view, and each tap is added to the sum in place.

Shape:
    X (N, g, m, T), F (taps, g, k, m), G (N, g, k, L), with N images, g groups of m input and k output maps.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from nonconv.layers import _places
from nonconv.layers._transforms import OneByOne, applied

Shifts = tuple[int, ...]


def _add(Y: Tensor, F: Tensor, X: Tensor, first: bool = False) -> None:
    """Y += F X in place (Y = F X the first time) for each image and group.

    A matrix product, or a plain one where m = k = 1 (depthwise).
    """
    if not _depthwise(F):
        N = X.shape[0]
        Y.flatten(0, 1).baddbmm_(F.expand(N, *F.shape).flatten(0, 1), X.flatten(0, 1), beta=0 if first else 1)
    elif first:
        torch.mul(F, X, out=Y)
    else:
        Y.addcmul_(F, X)


def _depthwise(F: Tensor) -> bool:
    return F.shape[-2:] == (1, 1)


def _pieces(X: Tensor, F: Tensor) -> Sequence[Tensor]:
    """All images at once; or, depthwise on a CPU, one by one: then they stay in its cache from tap to tap.

    (A graph, which may be for any number of images, takes them at once.)
    """
    drawn = torch.compiler.is_compiling() or torch.jit.is_tracing()  # type: ignore[attr-defined]
    return X.split(1) if _depthwise(F) and X.device.type == "cpu" and not drawn else [X]


def _together(G: Tensor, m: int, taps: int) -> int:
    """Taps to take in one product, for a result (or its gradient) G.

    On a GPU all of them: its kernels are fast and each start of one costs, so the taps are copied side by
    side, as long as the copy holds at most 2²⁸ numbers. On a CPU several where the maps are few, but never
    more rows than the result has: there the copy costs more than the products gain.
    """
    if G.is_cuda:
        return max(1, min(taps, 2**28 // max(1, G.numel() // G.shape[2] * m)))
    return max(1, min(32, G.shape[2]) // m)


def _parts(F: Tensor, shifts: Shifts, c: int) -> Iterator[tuple[Tensor, Shifts]]:
    """(g, k, c·m) and the c shifts that belong to it, c taps side by side."""
    for t in range(0, len(shifts), c):
        yield F[t : t + c].permute(1, 2, 0, 3).flatten(2), shifts[t : t + c]


def _shifted(X: Tensor, shifts: Shifts, L: int) -> Tensor:
    """X at each of the shifts, one below the other, (N, g, c·m, L): a view where there is one shift only."""
    rows = [X[..., o : o + L] for o in shifts]
    return rows[0] if len(rows) == 1 else torch.cat(rows, 2)


class _Bilinear(OneByOne):
    """A function that is linear in each of its two tensors; what follows them are numbers."""

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(*inputs[:2])
        ctx.save_for_forward(*inputs[:2])
        ctx.shifts, ctx.rest = inputs[2], inputs[2:]

    @staticmethod
    def moved(function: Any, ctx: Any, *tangents: Any) -> Any:
        """f(dA, B) + f(A, dB)."""
        A, B = ctx.saved_tensors
        parts = [] if tangents[0] is None else [function.apply(tangents[0], B, *ctx.rest)]
        if tangents[1] is not None:
            parts.append(function.apply(A, tangents[1], *ctx.rest))
        return sum(parts[1:], parts[0])


class _Sum(_Bilinear):
    @staticmethod
    def forward(X: Tensor, F: Tensor, shifts: Shifts, L: int) -> Tensor:
        if _places.worth_it(X, F, F.shape[2], F.shape[3] * len(shifts), L):
            return _places.sum_of_taps(X, F, shifts, L)
        Y = X.new_empty(X.shape[0], *F.shape[1:3], L)
        for x, y in zip(_pieces(X, F), _pieces(Y, F), strict=True):
            c = 1 if _depthwise(F) else _together(y, F.shape[3], len(shifts))
            for number, (taps, some) in enumerate(_parts(F, shifts, c)):
                _add(y, taps, _shifted(x, some, L), first=number == 0)
        return Y

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        X, F = ctx.saved_tensors
        dX = (
            applied(_Spread, grads[0], F.conj(), ctx.shifts, X.shape[-1]) if ctx.needs_input_grad[0] else None
        )
        dF = applied(_Correlate, grads[0], X.conj(), ctx.shifts) if ctx.needs_input_grad[1] else None
        return dX, dF, None, None


class _Spread(_Bilinear):
    @staticmethod
    def forward(G: Tensor, F: Tensor, shifts: Shifts, T: int) -> Tensor:
        L = G.shape[-1]
        if F.shape[3] >= 16 and _places.worth_it(G, F, F.shape[2], F.shape[3] * len(shifts), L):
            return _places.spread_taps(G, F, shifts, T)
        X = G.new_zeros(G.shape[0], F.shape[1], F.shape[3], T)
        for x, g in zip(_pieces(X, F), _pieces(G, F), strict=True):
            c = 1 if _depthwise(F) else _together(g, F.shape[3], len(shifts))
            for taps, some in _parts(F, shifts, c):
                if len(some) == 1:
                    _add(x[..., some[0] : some[0] + L], taps.transpose(-1, -2), g)
                    continue
                rows = (taps.transpose(-1, -2) @ g).split(F.shape[3], 2)  # one for each shift
                for o, row in zip(some, rows, strict=True):
                    x[..., o : o + L] += row
        return X

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        G, F = ctx.saved_tensors
        dG = applied(_Sum, grads[0], F.conj(), ctx.shifts, G.shape[-1]) if ctx.needs_input_grad[0] else None
        dF = applied(_Correlate, G.conj(), grads[0], ctx.shifts) if ctx.needs_input_grad[1] else None
        return dG, dF, None, None


class _Correlate(_Bilinear):
    @staticmethod
    def forward(G: Tensor, X: Tensor, shifts: Shifts) -> Tensor:
        L = G.shape[-1]
        k, m = G.shape[2], X.shape[2]
        if _places.worth_it(G, X, k, m * len(shifts), L):
            return _places.correlate_taps(G, X, shifts)
        if k == m == 1:  # depthwise: one number for each map, a sum of plain products
            dF = G.new_zeros(len(shifts), *G.shape[1:3], 1)
            for x, g in zip(_pieces(X, dF), _pieces(G, dF), strict=True):
                dF += torch.stack([(g * x[..., o : o + L]).sum(3).sum(0)[..., None] for o in shifts])
            return dF
        c = _together(G, m, len(shifts))
        some = [shifts[t : t + c] for t in range(0, len(shifts), c)]
        products = [(G @ _shifted(X, part, L).transpose(-1, -2)).sum(0) for part in some]  # each (g, k, c·m)
        return torch.cat(products, 2).unflatten(2, (len(shifts), m)).permute(2, 0, 1, 3).contiguous()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        G, X = ctx.saved_tensors
        dG = applied(_Sum, X.conj(), grads[0], ctx.shifts, G.shape[-1]) if ctx.needs_input_grad[0] else None
        dX = (
            applied(_Spread, G.conj(), grads[0], ctx.shifts, X.shape[-1]) if ctx.needs_input_grad[1] else None
        )
        return dG, dX, None


def sum_of_taps(X: Tensor, F: Tensor, shifts: Shifts, L: int) -> Tensor:
    """Y_l = Σ_t F_t X_{l+o_t} for l < L: (N, g, m, T), (taps, g, k, m) -> (N, g, k, L)."""
    return applied(_Sum, X, F, shifts, L)


def spread_taps(G: Tensor, F: Tensor, shifts: Shifts, T: int) -> Tensor:
    """X_a = Σ_t F_tᵀ G_{a−o_t} for a < T: (N, g, k, L), (taps, g, k, m) -> (N, g, m, T)."""
    return applied(_Spread, G, F, shifts, T)
