"""Parallel branches that are added are one convolution: kernels of one stride add up, once they have one size.

Source: X. Ding et al., "RepVGG: Making VGG-style ConvNets Great Again" (2021), section 3.3; there the convolutions
have no bias of their own, here they may.
"""

import torch
from torch import Tensor
from torch.nn import functional

from nonconv.layers._arguments import pair, per_map, same_kind


def identity(maps: int, size: int | tuple[int, int] = 1, *, dtype: torch.dtype = torch.float32) -> Tensor:
    """The kernel that changes nothing: 1 in the middle, from each map to itself. Run it with padding (p − 1)/2.

    Shape: (maps, maps, p, q). Raises ValueError: maps < 1, an even size (it has no middle).
    """
    p, q = pair(size, "size", least=1)
    if maps < 1 or p % 2 == 0 or q % 2 == 0:
        raise ValueError(
            f"identity needs maps >= 1 and odd sizes, which have a middle, not {maps} and {(p, q)}"
        )
    weight = torch.zeros(maps, maps, p, q, dtype=dtype)
    weight[range(maps), range(maps), p // 2, q // 2] = 1
    return weight


def widen(weight: Tensor, size: int | tuple[int, int]) -> Tensor:
    """The same kernel with zeros around it, centred. ValueError unless it grows by an even number each way.

    Shape: (K, M, p, q) -> (K, M, *size).
    """
    p, q = pair(size, "size", least=1)
    _four_dimensional(weight)
    rows, columns = p - weight.shape[2], q - weight.shape[3]
    if min(rows, columns) < 0 or rows % 2 or columns % 2:
        raise ValueError(
            f"a kernel of {tuple(weight.shape[2:])} cannot stand in the middle of {(p, q)}:"
            " both sizes must be odd or both even, and none smaller"
        )
    return functional.pad(weight, (columns // 2, columns // 2, rows // 2, rows // 2))


def _four_dimensional(weight: Tensor) -> None:
    if weight.dim() != 4:
        raise ValueError(
            f"a kernel has the four dimensions (K, M/groups, p, q), not shape {tuple(weight.shape)}"
        )


def add_branches(*branches: tuple[Tensor, Tensor | None]) -> tuple[Tensor, Tensor | None]:
    """(O, o) of the one convolution that is the sum of all (weight, bias), each with its own SAME border.

    Shape: weights (K, M, p_i, q_i), biases (K,) -> (K, M, max p_i, max q_i), (K,).

    Raises ValueError: no branch, maps that differ, an odd kernel beside an even one, mixed dtypes.
    """
    if not branches:
        raise ValueError("there must be at least one branch")
    for number, (weight, bias) in enumerate(branches, 1):
        same_kind(**{"weight of branch 1": branches[0][0], f"weight of branch {number}": weight,
                     f"bias of branch {number}": bias})  # fmt: skip
        _four_dimensional(weight)
    K, M = branches[0][0].shape[:2]
    for number, (weight, bias) in enumerate(branches, 1):
        if weight.shape[:2] != (K, M):
            raise ValueError(
                f"branch {number} maps {weight.shape[1]} to {weight.shape[0]} maps, the first {M} to {K}"
            )
        per_map(K, **{f"bias of branch {number}": bias})
    size = max(weight.shape[2] for weight, _ in branches), max(weight.shape[3] for weight, _ in branches)
    biases = [bias for _, bias in branches if bias is not None]
    O = torch.stack([widen(weight, size) for weight, _ in branches]).sum(0)
    return O, torch.stack(biases).sum(0) if biases else None
