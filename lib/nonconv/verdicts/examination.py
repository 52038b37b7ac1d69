"""Asking a layer the three questions of the verdict table."""

from dataclasses import dataclass

import torch
from torch import Tensor

from nonconv.reduction import as_convolution
from nonconv.verdicts.rows import CIRCLE, NO, ONE_OUTPUT, YES, Row

TOLERANCE = 1e-9  # relative; all is computed in float64
MARGIN = 4  # places around a patch, on which no window of the layers here reaches beyond the border
SEEDS = range(5)


@dataclass(frozen=True)
class Finding:
    """The answers to the three questions, and the shape of the kernel if it is a convolution."""

    affine: bool
    commutes: str
    same_weights: bool
    kernel: tuple[int, ...] | None


def examine(row: Row) -> Finding:
    """Run the row's layer. A "no" has been seen to fail; a "yes" has held on all inputs tried."""
    with torch.no_grad():
        affine, commutes = _affine(row), _commutes(row)
    if row.grows != 1:  # the output has another grid, so there is no one kernel
        return Finding(affine, commutes, _same_weights(row), None)
    found = as_convolution(row.f, row.shape, row.kernel, row.stride, row.padding)
    return Finding(affine, commutes, _same_weights(row), tuple(found[0].shape) if found else None)


def _images(row: Row, seed: int, count: int = 2) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, *row.shape, generator=generator, dtype=torch.float64)


def _same(one: Tensor, other: Tensor) -> bool:
    scale = max(1.0, float(one.abs().max()), float(other.abs().max()))
    return one.shape == other.shape and bool(((one - other).abs() <= TOLERANCE * scale).all())


def _affine(row: Row) -> bool:
    """f of the middle is the middle of f; of whole batches, since an image may change another's output."""
    pairs = [(_images(row, seed), _images(row, seed + 100)) for seed in SEEDS]
    return all(_same(row.f((x + y) / 2), (row.f(x) + row.f(y)) / 2) for x, y in pairs)


def _commutes(row: Row) -> str:
    if row.f(_images(row, 0)).shape[2:] == (1, 1):
        return ONE_OUTPUT
    step = row.stride
    moved = row.grows
    if all(_moves_a_patch(row, seed, step, moved) for seed in SEEDS):
        if _is_local(row):
            return YES
        if all(_moves_round(row, seed, step, moved) for seed in SEEDS):
            return CIRCLE
    return NO


def _moves_a_patch(row: Row, seed: int, step: int, moved: int) -> bool:
    """A patch on zeros, and the same patch moved: the output has moved."""
    x = torch.zeros(1, *row.shape, dtype=torch.float64)
    _, H, W = row.shape
    m = min(MARGIN, (H - 2) // 2)
    x[..., m : H - m, m : W - m] = _images(row, seed, 1)[..., m : H - m, m : W - m]
    here, there = row.f(x), row.f(x.roll((step, step), (2, 3)))
    return _same(there[..., moved:, moved:], here[..., :-moved, :-moved])


def _moves_round(row: Row, seed: int, step: int, moved: int) -> bool:
    """The image closed to a circle, turned: the output has turned."""
    x = _images(row, seed)
    f = row.closed or row.f
    return _same(f(x.roll((step, step), (2, 3))), f(x).roll((moved, moved), (2, 3)))


def _is_local(row: Row) -> bool:
    """Does an output in one corner ignore the input in the other? On the plane it reads a finite window."""
    x = _images(row, 0)
    far = x.clone()
    far[..., -2:, -2:] += 1
    other = x.clone()
    other[1] += 1  # nor another image of the batch
    corner = row.f(x)[:1, :, 0, 0]
    return _same(corner, row.f(far)[:1, :, 0, 0]) and _same(corner, row.f(other)[:1, :, 0, 0])


def _same_weights(row: Row) -> bool:
    """Are the slopes at two inputs the same? Slopes in ten fixed directions are compared."""
    x, y = (_images(row, seed) for seed in (0, 1))
    directions = [_images(row, seed) for seed in range(200, 210)]

    def slopes(at: Tensor) -> Tensor:
        found: list[Tensor] = [torch.autograd.functional.jvp(row.f, at, d)[1] for d in directions]  # pyright: ignore
        return torch.stack(found)

    return _same(slopes(x), slopes(y))
