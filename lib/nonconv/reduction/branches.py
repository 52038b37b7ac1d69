"""Parallel branches that are added are one convolution:
kernels of one stride add up, once they have one size.

Source: X. Ding et al., "RepVGG: Making VGG-style ConvNets Great Again" (2021), section 3.3; there the
convolutions have no bias of their own, here they may.
"""

from math import gcd

import torch
from torch import Tensor
from torch.nn import functional

from nonconv.layers._arguments import numbers, per_map, same_kind
from nonconv.reduction.composition import as_blocks, blocks
from nonconv.reduction.kernel import Kernel


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
    O = branches[0][0].new_zeros(K, M, *size)
    for weight, _ in branches:
        O += widen(weight, size)
    return O, torch.stack(biases).sum(0) if biases else None


def times(kernel: Kernel, factor: float) -> Kernel:
    """The convolution whose results are `factor` times as large."""
    bias = None if kernel.bias is None else kernel.bias * factor
    return kernel if factor == 1 else kernel._replace(weight=kernel.weight * factor, bias=bias)


def added(kernels: list[tuple[Kernel, str, bool]]) -> tuple[Kernel, str]:
    """(the one kernel of the sum, its border) for kernels of any size, padding and dilation, each with its
    border ("zeros", "circular", …) and whether that is uneven.

    Raises ValueError where there is none: strides or borders that differ, an uneven border.
    """
    if len({kernel.stride for kernel, _, _ in kernels}) > 1:
        raise ValueError(
            f"the branches have different strides, {' and '.join(str(k.stride) for k, _, _ in kernels)}"
        )
    if any(uneven for _, _, uneven in kernels):
        raise ValueError('a branch has an uneven border ("same" with an even kernel)')
    borders = {mode for kernel, mode, _ in kernels if any(kernel.padding)}
    if len(borders) > 1:
        raise ValueError(f"the branches have different borders, {' and '.join(sorted(borders))}")
    sides = kernels[0][0].weight.dim() - 2
    # taps of branch i lie at −P, −P + d, …, −P + d(p−1): write all on one dense grid
    before = [max(kernel.padding[a] for kernel, _, _ in kernels) for a in range(sides)]
    after = [
        max(k.dilation[a] * (k.weight.shape[2 + a] - 1) - k.padding[a] for k, _, _ in kernels)
        for a in range(sides)
    ]
    groups = gcd(*(kernel.groups for kernel, _, _ in kernels))
    dilation = [gcd(*(d for k, _, _ in kernels for d in _steps(k, before, a))) or 1 for a in range(sides)]
    size = [(before[a] + after[a]) // dilation[a] + 1 for a in range(sides)]
    first = kernels[0][0].weight
    O = first.new_zeros(first.shape[0], first.shape[1] * kernels[0][0].groups // groups, *size)
    for kernel, _, _ in kernels:
        where = tuple(_taps(kernel, a, before[a], dilation[a]) for a in range(sides))
        blocks(O[(..., *where)], kernel.groups, groups).add_(as_blocks(kernel.weight, kernel.groups, groups))
    biases = [kernel.bias for kernel, _, _ in kernels if kernel.bias is not None]
    o = torch.stack(biases).sum(0) if biases else None
    stride = kernels[0][0].stride
    return Kernel(O, o, stride, tuple(before), tuple(dilation), groups), next(iter(borders), "zeros")


def _taps(kernel: Kernel, axis: int, before: int, dilation: int) -> slice:
    """Where the taps of a kernel lie on a grid that begins at −before and has this dilation."""
    taps, begin = kernel.weight.shape[2 + axis], (before - kernel.padding[axis]) // dilation
    step = kernel.dilation[axis] // dilation if taps > 1 else 1
    return slice(begin, begin + (taps - 1) * step + 1, step)


def _steps(kernel: Kernel, before: list[int], axis: int) -> list[int]:
    """Distances that the common grid must hold:
    between taps, and from the first tap of all to the kernel's first.
    """
    between = [kernel.dilation[axis]] if kernel.weight.shape[2 + axis] > 1 else []
    return [*between, before[axis] - kernel.padding[axis]]
