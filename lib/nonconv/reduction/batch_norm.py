"""Batch norm in evaluation mode is an affine map,
and that map is a depthwise convolution with a 1×1 kernel.
"""

import torch
from torch import Tensor

from nonconv.layers._arguments import floating, per_map, same_kind


def affine_form(weight: Tensor, bias: Tensor, mean: Tensor, var: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """(G, g) with which batch norm in evaluation mode is Z^k = G^k Y^k + g^k:

        G^k = γ^k / √(σ^{2k} + ε),    g^k = β^k − γ^k μ^k / √(σ^{2k} + ε)

    `weight` is γ, `bias` is β, `mean` and `var` are the running averages μ and σ².

    Shape: all (K,) -> (K,), (K,).

    Raises ValueError: vectors of different shape, dtype or device, ε < 0, a negative variance,
    a variance of 0 with ε = 0.
    """
    same_kind(weight=weight, bias=bias, mean=mean, var=var)
    floating(weight=weight)
    if weight.dim() != 1:
        raise ValueError(f"weight must have shape (K,), one number for each map, not {tuple(weight.shape)}")
    per_map(weight.shape[0], bias=bias, mean=mean, var=var)
    if eps < 0:
        raise ValueError(f"eps must not be negative, but it is {eps}")
    if bool((var < 0).any()):
        raise ValueError(f"a variance is never negative, but the smallest in var is {float(var.min())}")
    if eps == 0 and bool((var == 0).any()):
        raise ValueError("with eps = 0 each variance must be positive, but one in var is 0")
    G = weight / torch.sqrt(var + eps)
    return G, bias - mean * G


def depthwise_1x1(G: Tensor, g: Tensor) -> tuple[Tensor, Tensor]:
    """(kernel, bias) of the depthwise 1×1 convolution Z^k = G^k Y^k + g^k; call it with `groups=K`.

    Shape: G (K,), g (K,) -> (K, 1, 1, 1), (K,).

    Raises ValueError: vectors of different shape, dtype or device.
    """
    same_kind(G=G, g=g)
    if G.dim() != 1:
        raise ValueError(f"G must have shape (K,), one number for each map, not {tuple(G.shape)}")
    per_map(G.shape[0], g=g)
    return G.reshape(-1, 1, 1, 1), g
