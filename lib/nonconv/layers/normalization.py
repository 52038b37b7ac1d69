"""Batch normalisation, in training and in evaluation mode ("in use").

    in training   μ^k, σ^{2k} = mean and variance of Y^k over the batch and all positions
    evaluation    μ^k, σ^{2k} = the running averages that training left behind
    both          Z^k = γ^k (Y^k − μ^k) / √(σ^{2k} + ε) + β^k

Source: S. Ioffe, C. Szegedy, "Batch Normalization" (2015), Algorithms 1 and 2.
"""

from math import inf
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from nonconv.layers._arguments import accumulating, are_counts, floating, per_map, same_kind
from nonconv.layers._compiled import through_compiler
from nonconv.layers._parameters import Device, Dtype
from nonconv.layers._transforms import OneByOne, applied

_HALVES = (torch.float16, torch.bfloat16)


def _is_float32(vector: Any) -> bool:
    return isinstance(vector, Tensor) and vector.dtype == torch.float32


def batch_norm(
    x: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float | None = 0.1,
    eps: float = 1e-5,
    *,
    fast: bool = False,
    compiled: bool = False,
) -> Tensor:
    """Z^k = γ^k (Y^k − μ^k) / √(σ^{2k} + ε) + β^k, with γ = weight, β = bias and Y = x.

    In training μ and σ² are the batch's own (the variance divides by n), and the running averages, where
    given, are changed in place: running ← (1 − momentum) · running + momentum · batch, with the *unbiased*
    variance (dividing by n − 1), as the framework does it.
    In evaluation mode μ and σ² are the running averages.

    Shape: x (N, K, …), all four vectors (K,) -> (N, K, …).

    An x without a single number comes back as it is.

    Raises ValueError: vectors whose shape is not (K,), mixed dtypes (float32 vectors go with a
    16-bit x), ε < 0, ε = 0 in training, a momentum that is not finite,
    no running averages in evaluation mode, a single value per map in training (its variance says nothing).
    """
    if compiled:
        return through_compiler(batch_norm, locals())
    vectors = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    wide = {name: vector for name, vector in vectors.items() if vector is not None}
    if isinstance(x, Tensor) and x.dtype in _HALVES and all(_is_float32(v) for v in wide.values()):
        same_kind(x=x.float(), **wide)  # 16-bit maps with float32 vectors, as autocast calls it
    else:
        same_kind(x=x, **wide)
    floating(x=x)
    if momentum is None or not abs(momentum) < inf:
        raise ValueError(
            f"momentum must be a finite number, not {momentum}"
            + ("; BatchNorm2d(momentum=None) averages over all batches" if momentum is None else "")
        )
    if eps < 0 or (training and eps == 0):
        raise ValueError(f"eps must be positive, not {eps}" + ("" if eps else ", in training"))
    if not training and (running_mean is None or running_var is None):
        raise ValueError("in evaluation mode (training=False) batch norm needs running_mean and running_var")
    if x.numel() == 0:
        return _without_numbers(x, weight, bias)
    if x.dim() < 2:
        raise ValueError(f"x must have at least the two dimensions (N, K), not shape {tuple(x.shape)}")
    K = x.shape[1]
    per_map(K, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias)
    n = x.numel() // K
    if training and n <= 1:
        raise ValueError(
            f"training needs more than one value for each map; x of shape {tuple(x.shape)} has {n}"
        )
    if fast:
        return F.batch_norm(x, running_mean, running_var, weight, bias, training, momentum, eps)

    Y = accumulating(x)[0].reshape(x.shape[0], K, -1)  # (N, K, all positions)
    if training:
        mean, var = moments(Y)
        with torch.no_grad():
            if running_mean is not None:
                running_mean.mul_(1 - momentum).add_(mean, alpha=momentum)
            if running_var is not None:
                running_var.mul_(1 - momentum).add_(var, alpha=momentum * n / (n - 1))
    else:
        assert running_mean is not None  # for the type checker: refused above
        assert running_var is not None
        mean, var = accumulating(running_mean, running_var)
    G = torch.rsqrt(var + eps) if weight is None else weight / torch.sqrt(var + eps)
    centred = Y - mean[:, None]  # first: Y G and μ G may both be large, and their difference small
    if training:  # what the rounding of μ has left: it counts where μ is large beside σ
        centred = centred - centred.detach().mean(2).mean(0)[:, None]
    Z = centred * G[:, None]
    del centred  # where no gradient needs it, its memory is the sum's
    if bias is not None:  # (`addcmul` is one pass, and takes three times as long as these two)
        Z = Z + bias[:, None].to(Y.dtype)
    return Z.to(x.dtype).reshape(x.shape)


def _without_numbers(x: Tensor, *vectors: Tensor | None) -> Tensor:
    """x as it is; the gradients of γ and β are there, and 0."""
    Z = x.clone()
    for vector in vectors:
        if vector is not None and vector.shape == x.shape[1:2]:
            Z = Z + vector.to(x.dtype).reshape(-1, *[1] * (x.dim() - 2))
    return Z


class _Moments(OneByOne):
    """μ = Σ Y / n, σ² = Σ (Y − μ)² / n; ∂μ/∂Y = 1/n and ∂σ²/∂Y = 2 (Y − μ)/n, in one pass for both."""

    @staticmethod
    def forward(Y: Tensor) -> tuple[Tensor, Tensor]:
        n = Y.numel() // Y.shape[1]
        mean = Y.mean(2).mean(0)
        var = (Y - mean[:, None]).square_().sum(2).sum(0) / n
        return mean, var

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(inputs[0], output[0])
        ctx.save_for_forward(inputs[0], output[0])

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        Y, mean = ctx.saved_tensors
        n = Y.numel() // Y.shape[1]
        slope = 2 * grads[1] / n
        return (Y * slope[:, None]).add_((grads[0] / n - slope * mean)[:, None])

    @staticmethod
    def moved(_: Any, ctx: Any, *tangents: Any) -> Any:
        Y, mean = ctx.saved_tensors
        moved = 2 * (Y - mean[:, None]) * tangents[0]
        return tangents[0].mean(2).mean(0), moved.mean(2).mean(0)


def moments(Y: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and (biased) variance of each map over the batch and all positions.

    Shape: Y (N, K, …) -> two vectors (K,).

    Raises ValueError for integers, less than two dimensions, or no number at all.
    """
    same_kind(Y=Y)
    floating(Y=Y)
    if Y.dim() < 2 or Y.numel() == 0:
        raise ValueError(f"Y must have the dimensions (N, K, …) and some numbers, not shape {tuple(Y.shape)}")
    return applied(_Moments, Y.reshape(*Y.shape[:2], -1))


class BatchNorm2d(nn.Module):
    """`batch_norm` for maps, with γ, β and the running averages;
    attributes named as `torch.nn.BatchNorm2d`'s.

    With momentum=None the running averages are the means of all batches so far: the momentum of batch n is
    1/n, with n = num_batches_tracked. Without track_running_stats the batch's own μ and σ² are taken in
    evaluation mode, too.

    Shape: x (N, K, H, W) -> (N, K, H, W).
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Device = None,
        dtype: Dtype = None,
        *,
        bias: bool = True,
        fast: bool = True,
    ) -> None:
        super().__init__()
        if not are_counts(num_features):
            raise ValueError(f"num_features must be at least 1, not {num_features!r}")
        self.num_features = num_features
        self.eps, self.momentum, self.fast = eps, momentum, fast
        self.affine, self.track_running_stats = affine, track_running_stats
        K, place = num_features, {"device": device, "dtype": dtype}
        self.weight = nn.Parameter(torch.ones(K, **place)) if affine else None  # type: ignore[call-overload]
        self.bias = nn.Parameter(torch.zeros(K, **place)) if affine and bias else None  # type: ignore[call-overload]
        for name, start in (("running_mean", torch.zeros), ("running_var", torch.ones)):
            self.register_buffer(name, start(K, **place) if track_running_stats else None)
        self.register_buffer(
            "num_batches_tracked", torch.tensor(0, device=device) if track_running_stats else None
        )

    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def reset_parameters(self) -> None:
        self.reset_running_stats()
        if self.weight is not None:
            nn.init.ones_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def reset_running_stats(self) -> None:
        """As before the first batch: μ = 0, σ² = 1."""
        for value, buffer in ((0, self.running_mean), (1, self.running_var), (0, self.num_batches_tracked)):
            if buffer is not None:
                buffer.fill_(value)

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *args: Any) -> None:
        """A state that was saved without the number of batches is taken as it is."""
        if self.num_batches_tracked is not None:
            state_dict.setdefault(prefix + "num_batches_tracked", self.num_batches_tracked)
        super()._load_from_state_dict(state_dict, prefix, *args)

    def forward(self, x: Tensor) -> Tensor:
        if x.dim() != 4:
            raise ValueError(f"x must have the four dimensions (N, K, H, W), not shape {tuple(x.shape)}")
        momentum = self.momentum
        tracked = self.track_running_stats or not self.training
        if self.training and tracked and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if momentum is None:
                momentum = 1 / int(self.num_batches_tracked)
        return batch_norm(
            x,
            self.running_mean if tracked else None,
            self.running_var if tracked else None,
            self.weight,
            self.bias,
            self.training or self.running_mean is None,
            0.0 if momentum is None else momentum,
            self.eps,
            fast=self.fast,
        )

    def extra_repr(self) -> str:
        more = "" if self.affine else ", affine=False"
        more += "" if self.track_running_stats else ", track_running_stats=False"
        return f"{self.num_features}, eps={self.eps}, momentum={self.momentum}{more}"
