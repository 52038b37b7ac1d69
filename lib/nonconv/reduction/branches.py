"""Parallel branches that are added are one convolution:
kernels of one stride add up, once they have one size.

Source: X. Ding et al., "RepVGG: Making VGG-style ConvNets Great Again" (2021), section 3.3; there the
convolutions have no bias of their own, here they may.
"""

import torch
from torch import Tensor
from torch.nn import functional

from nonconv.layers._arguments import numbers, per_map, same_kind


def identity(
    maps: int, size: int | tuple[int, ...] = 1, *, sides: int = 2, dtype: torch.dtype = torch.float32
) -> Tensor:
    """The kernel that changes nothing: 1 in the middle, from each map to itself.
    Run it with padding (p − 1)/2.

    Shape: (maps, maps, p, q); with `sides` = 1 or 3 it has one or three sizes.

    Raises ValueError: maps < 1, an even size (it has no middle).
    """
    sizes = numbers(size, "size", 1, sides)
    if maps < 1 or any(p % 2 == 0 for p in sizes):
        raise ValueError(
            f"identity needs maps >= 1 and odd sizes, which have a middle, not {maps} and {sizes}"
        )
    weight = torch.zeros(maps, maps, *sizes, dtype=dtype)
    weight[(range(maps), range(maps), *(p // 2 for p in sizes))] = 1
    return weight


def widen(weight: Tensor, size: int | tuple[int, ...]) -> Tensor:
    """The same kernel with zeros around it, centred. ValueError unless it grows by an even number each way.

    Shape: (K, M, p, q) -> (K, M, *size); a kernel with one or three sizes likewise.
    """
    _is_kernel(weight)
    sizes = numbers(size, "size", 1, weight.dim() - 2)
    missing = [p - have for p, have in zip(sizes, weight.shape[2:], strict=True)]
    if min(missing) < 0 or any(n % 2 for n in missing):
        raise ValueError(
            f"a kernel of {tuple(weight.shape[2:])} cannot stand in the middle of {sizes}:"
            " both sizes must be odd or both even, and none smaller"
        )
    return functional.pad(weight, [n // 2 for n in reversed(missing) for _ in range(2)])


def _is_kernel(weight: Tensor) -> None:
    if weight.dim() not in (3, 4, 5):
        raise ValueError(
            "a kernel has the dimensions (K, M/groups, p, q), or one or three sizes after the first two, not"
            " shape"
            f" {tuple(weight.shape)}"
        )


def add_branches(*branches: tuple[Tensor, Tensor | None]) -> tuple[Tensor, Tensor | None]:
    """(O, o) of the one convolution that is the sum of all (weight, bias), each with its own SAME border.

    Shape: weights (K, M, p_i, q_i), biases (K,) -> (K, M, max p_i, max q_i), (K,).

    Raises ValueError: no branch, maps that differ, an odd kernel beside an even one, mixed dtypes.
    """
    if not branches:
        raise ValueError("there must be at least one branch")
    for number, (weight, bias) in enumerate(branches, 1):
        same_kind(
            **{
                "weight of branch 1": branches[0][0],
                f"weight of branch {number}": weight,
                f"bias of branch {number}": bias,
            }
        )
        _is_kernel(weight)
        if weight.dim() != branches[0][0].dim():
            raise ValueError(
                f"branch {number} has the shape {tuple(weight.shape)}, the first"
                f" {tuple(branches[0][0].shape)}:"
                " all must be kernels for one number of dimensions"
            )
    K, M = branches[0][0].shape[:2]
    for number, (weight, bias) in enumerate(branches, 1):
        if weight.shape[:2] != (K, M):
            raise ValueError(
                f"branch {number} maps {weight.shape[1]} to {weight.shape[0]} maps, the first {M} to {K}"
            )
        per_map(K, **{f"bias of branch {number}": bias})
    size = tuple(max(axis) for axis in zip(*(weight.shape[2:] for weight, _ in branches), strict=True))
    biases = [bias for _, bias in branches if bias is not None]
    O = torch.stack([widen(weight, size) for weight, _ in branches]).sum(0)
    return O, torch.stack(biases).sum(0) if biases else None
