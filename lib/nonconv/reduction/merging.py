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


def merge_transposed(
    weight: Tensor, bias: Tensor | None, G: Tensor, g: Tensor, groups: int = 1
) -> tuple[Tensor, Tensor]:
    """(O, o) of the one transposed convolution that does what the transposed (F, b) and then (G, g) do.

    As `merge`, but a transposed kernel has its output maps in the second dimension, those of one group:

        O^{mk}_{uv} = G^{K/g·n+k} F^{mk}_{uv} for m in group n (counted from 0),    o^k = G^k b^k + g^k

    Shape: weight (M, K/groups, p, q), bias, G, g (K,) -> as weight, as bias.

    Raises ValueError: groups that do not divide M, vectors without one number for each of the K maps,
    mixed dtypes.
    """
    same_kind(weight=weight, bias=bias, G=G, g=g)
    if weight.dim() < 3 or groups < 1 or weight.shape[0] % groups:
        raise ValueError(
            f"weight must be a kernel (M, K/groups, …) whose M maps groups = {groups} divide, not"
            f" {tuple(weight.shape)}"
        )
    K = weight.shape[1] * groups
    per_map(K, bias=bias, G=G, g=g)
    of_group = G.reshape(groups, 1, -1, *[1] * (weight.dim() - 2))  # (groups, 1, K/groups, 1, 1)
    O = (weight.unflatten(0, (groups, -1)) * of_group).flatten(0, 1)
    return O, g.clone() if bias is None else G * bias + g


def merge_before(
    weight: Tensor, bias: Tensor | None, G: Tensor, g: Tensor, groups: int = 1
) -> tuple[Tensor, Tensor]:
    """(O, o) of the one convolution that does what batch norm (G, g) and then (F, b) do:

        O^{mk}_{uv} = F^{mk}_{uv} G^m,    o^k = Σ_m Σ_{u,v} F^{mk}_{uv} g^m + b^k

    Exact without a border, and with one that repeats values of its input (mirror, replicate, circular). Not
    with one of zeros: the zeros are put behind batch norm, where its input would be −g^m/G^m; see `ones_map`.

    Shape: weight (K, M/groups, p, q), bias (K,), G, g (M,) -> as weight, as bias.
    A linear layer's (K, M) will do.

    Raises ValueError: groups that do not divide K, vectors without one number for each of the M maps,
    mixed dtypes.
    """
    of_map, shift = _per_input_map(weight, bias, G, g, groups)
    O = weight * of_map
    o = (weight * shift).flatten(1).sum(1)
    return O, o if bias is None else o + bias


def ones_map(weight: Tensor, G: Tensor, g: Tensor, groups: int = 1) -> Tensor:
    """The kernel that does what batch norm (G, g) and then F do on a border of zeros,
    if each group gets one more map:

        O^{mk}_{uv} = F^{mk}_{uv} G^m for m <= M,    O^{(M+1)k}_{uv} = Σ_m F^{mk}_{uv} g^m

    Map M + 1 of the input is 1 everywhere; its border is 0, as the other maps' is, so g counts inside only.

    Shape: weight (K, M/groups, p, q), G, g (M,) -> (K, M/groups + 1, p, q).
    Raises ValueError as `merge_before`.
    """
    of_map, shift = _per_input_map(weight, None, G, g, groups)
    return torch.cat([weight * of_map, (weight * shift).sum(1, keepdim=True)], 1)


def _per_input_map(
    weight: Tensor, bias: Tensor | None, G: Tensor, g: Tensor, groups: int
) -> tuple[Tensor, Tensor]:
    """G and g as factors of the kernel: output map k of group n sees the input maps of group n."""
    same_kind(weight=weight, bias=bias, G=G, g=g)
    if weight.dim() < 2 or groups < 1 or weight.shape[0] % groups:
        raise ValueError(
            f"weight must be a kernel (K, M/groups, …) whose K maps groups = {groups} divide, not"
            f" {tuple(weight.shape)}"
        )
    K, M = weight.shape[0], weight.shape[1] * groups
    per_map(K, bias=bias)
    per_map(M, G=G, g=g)

    def spread(vector: Tensor) -> Tensor:  # (M,) -> (K, M/groups, 1, 1)
        rows = vector.reshape(groups, -1).repeat_interleave(K // groups, 0)
        return rows.reshape(K, -1, *[1] * (weight.dim() - 2))

    return spread(G), spread(g)


def merge_as_on_the_slides(
    weight: Tensor, bias: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, var: Tensor, eps: float
) -> tuple[Tensor, Tensor]:
    """The *wrong* merge of the seminar's slides, kept to be shown wrong:
    o^k = b^k + β^k − γ^k μ^k / √(σ^{2k} + ε).

    The kernel is right; the bias misses by exactly (1 − G^k) b^k, so it holds only where b^k = 0 or G^k = 1.

    Shape: weight (K, M/groups, p, q), all others (K,) -> as weight, (K,).
    """
    G, g = affine_form(gamma, beta, mean, var, eps)
    O, _ = merge(weight, None, G, g)
    return O, bias + g


def fold(conv: Any, norm: Any) -> Any:
    """A copy of `conv` that does what `conv` and then `norm` (in evaluation mode) do; neither is changed.

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
            "the batch norm has no running averages, so in evaluation mode it would still depend on the batch"
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
