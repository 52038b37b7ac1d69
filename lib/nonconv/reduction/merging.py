"""Convolution, then batch norm: X –(F, b)→ Y –(G, g)→ Z, merged into one convolution X –(O, o)→ Z."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from nonconv.layers._arguments import per_map, same_kind
from nonconv.reduction.batch_norm import affine_form


def merge(weight: Tensor, bias: Tensor | None, G: Tensor, g: Tensor) -> tuple[Tensor, Tensor]:
    """(O, o) of the one convolution that does what (F, b) and then (G, g) do:

        O^{mk}_{uv} = G^k F^{mk}_{uv},    o^k = G^k b^k + g^k

    The bias goes through batch norm too. `weight` is F, `bias` is b (None counts as zero).

    Shape: weight (K, M/groups, p, q), bias (K,), G (K,), g (K,) -> as weight, as bias.

    Raises ValueError: vectors that do not have one number for each of the K output maps, mixed dtypes.
    """
    same_kind(weight=weight, bias=bias, G=G, g=g)
    if weight.dim() < 2:
        raise ValueError(f"weight must be a kernel (K, M/groups, …), not of shape {tuple(weight.shape)}")
    K = weight.shape[0]
    per_map(K, bias=bias, G=G, g=g)
    O = weight * G.reshape(K, *[1] * (weight.dim() - 1))  # (K, M/groups, p, q)
    return O, g.clone() if bias is None else G * bias + g


def merge_as_on_the_slides(
    weight: Tensor, bias: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    """The *wrong* merge of the seminar's slides, kept to be shown wrong: o^k = b^k + β^k − γ^k μ^k / √(σ^{2k} + ε).

    The kernel is right; the bias misses by exactly (1 − G^k) b^k, so it holds only where b^k = 0 or G^k = 1.

    Shape: weight (K, M/groups, p, q), all others (K,) -> as weight, (K,).
    """
    G, g = affine_form(gamma, beta, mean, var, eps)
    O, _ = merge(weight, None, G, g)
    return O, bias + g


def fold(conv: Any, norm: Any) -> Any:
    """A copy of `conv` that does what `conv` and then `norm` (in use) do; neither is changed.

    Any modules with the attributes of `torch.nn.Conv2d` and `torch.nn.BatchNorm2d` will do, ours among them.

    Raises ValueError: `norm` in training mode (then it depends on the batch and is no convolution) or without
    running averages, a number of maps that differs, dtypes or devices that differ.
    """
    if norm.training:
        raise ValueError(
            "the batch norm is in training mode, where it depends on the batch and is no convolution;"
            " call .eval() on it first"
        )
    if norm.running_mean is None or norm.running_var is None:
        raise ValueError(
            "the batch norm has no running averages, so in use it would still depend on the batch"
        )
    K = conv.weight.shape[0]
    if norm.num_features != K:
        raise ValueError(f"the convolution has {K} output maps, but the batch norm has {norm.num_features}")
    ones = torch.ones_like(norm.running_mean)
    gamma = ones if norm.weight is None else norm.weight
    beta = torch.zeros_like(ones) if norm.bias is None else norm.bias
    folded = copy.deepcopy(conv)
    with torch.no_grad():
        O, o = merge(
            conv.weight, conv.bias, *affine_form(gamma, beta, norm.running_mean, norm.running_var, norm.eps)
        )
    folded.weight, folded.bias = nn.Parameter(O), nn.Parameter(o)
    return folded
