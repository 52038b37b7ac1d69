"""Properties of unit 2: counterexamples and answers about kernels."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from nonconv.checks.compare import describe
from nonconv.checks.properties._base import finite, number, parts, registered, row, tensors, whole

ROUNDING = 1e-12  # of numbers near 1 in float64, with room for a few operations
SAME_POOLED = "max pooling of x + y equals the sum of the two max poolings, so this is no counterexample."


@registered()
def breaks_the_slides_bias(inputs: dict[str, Any], answer: Any) -> str | None:
    """Numbers (b, γ, β, μ, σ², ε) of one map for which b + β − Gμ is not the merged bias."""
    del inputs  # it has none
    names = ("b", "gamma", "beta", "mu", "var", "eps")
    values = parts(answer, len(names), f"six numbers, in this order: {', '.join(names)}")
    b, gamma, beta, mu, var, eps = (number(value, name) for name, value in zip(names, values, strict=True))
    if not all(map(math.isfinite, (b, gamma, beta, mu, var, eps))):
        return "all numbers must be finite"
    if var < 0:
        return f"a variance is never negative, but var is {var:g}"
    if eps < 0:
        return f"ε is never negative, but eps is {eps:g}"
    if var + eps == 0:
        return "var and eps must not both be 0: batch norm divides by √(σ² + ε)"
    # whatever β and μ are: the two biases differ by (1 − G) b
    scale = gamma / math.sqrt(var + eps)
    if b != 0 and abs(scale - 1) > ROUNDING:
        return None
    right = scale * b + beta - scale * mu
    both = f"With your numbers both biases are {right:.6g}, so this is no counterexample. "
    if b == 0:
        return both + "Your convolution has b = 0: nothing is there for batch norm to scale."
    return both + "Your G is 1: batch norm leaves b as it is. How do γ, σ² and ε make G differ from 1?"


@registered()
def breaks_additivity_of_max_pooling(_: dict[str, Any], answer: Any) -> str | None:
    """Two inputs x, y of one shape with maxpool(x + y) ≠ maxpool(x) + maxpool(y), for 2×2 max pooling."""
    same = "x and y must be two tensors of one shape"
    x, y = tensors(parts(answer, 2, "two tensors x and y", of_tensors=True), same)
    if x.shape != y.shape:
        return f"{same}, not {tuple(x.shape)} and {tuple(y.shape)}"
    if x.dim() != 4 or x.shape[2] < 2 or x.shape[3] < 2 or not x.numel():
        return f"x and y must have shape (N, M, H, W) with H and W at least 2, not {tuple(x.shape)}"
    x, y = finite(x, y)
    if not bool(x.any()) or not bool(y.any()):
        return f"{SAME_POOLED} One of them is 0 everywhere, and adding 0 never shows anything."
    if max(x.abs().max(), y.abs().max()) > 1e300:  # so that no sum overflows
        x, y = x / 4, y / 4
    gap = (F.max_pool2d(x + y, 2) - F.max_pool2d(x, 2) - F.max_pool2d(y, 2)).abs()
    if bool((gap > ROUNDING * F.max_pool2d(x.abs() + y.abs(), 2)).any()):  # each window by its own scale
        return None
    if bool(gap.any()):
        return f"the two differ by {gap.max().item():.2g} only, which rounding could explain; make it larger"
    if not bool((_varies(x) & _varies(y)).any()):
        if bool(_beyond(x).any()) and bool(_beyond(y).any()):
            return (
                f"{SAME_POOLED} Windows of 2×2 that move by 2 do not reach the last row or column of an odd"
                " number: put both maxima into one window, say into rows 0 and 1 and columns 0 and 1, at"
                " different places of it."
            )
        return (
            f"{SAME_POOLED} In each window one of the two is the same everywhere, and a constant only shifts"
            " the maximum. Put both maxima into one window, at different places of it."
        )
    return (
        f"{SAME_POOLED} In each window both have their maximum at the same place. Put the maxima of one"
        " window at different places."
    )


def _varies(x: Tensor) -> Tensor:
    """For each 2×2 window: are not all its numbers equal?"""
    return F.max_pool2d(x, 2) > -F.max_pool2d(-x, 2)


def _beyond(x: Tensor) -> Tensor:
    """The numbers of an odd last row and column, which no window reads."""
    even = x.clone()
    even[:, :, : x.shape[2] // 2 * 2, : x.shape[3] // 2 * 2] = 0
    return even


@registered(none_fits=True)
def is_column_times_row(inputs: dict[str, Any], answer: Any) -> str | None:
    """(column, row) whose outer product is the kernel F, or None if there is no such pair."""
    kernel = inputs["F"].double()
    # relative to the largest singular value: the numbers of F may themselves be rounded (float32)
    possible = torch.linalg.matrix_rank(kernel, rtol=1e-6).item() <= 1
    if answer is None:
        return None if not possible else "this kernel is a column times a row, but you returned None"
    if answer is False or (isinstance(answer, tuple | list) and all(part is None for part in answer)):
        return f"where there is no such pair, return None itself, not {describe(answer)}"
    pair = parts(answer, 2, "the pair (column, row), or None if there is no such pair")
    column, row = tensors(pair, "column and row must be tensors")
    p, q = kernel.shape
    if column.shape != (p,) or row.shape != (q,):
        return f"expected shapes ({p},) and ({q},), got {tuple(column.shape)} and {tuple(row.shape)}"
    product = torch.outer(column.detach().double(), row.detach().double())
    if possible and not bool(torch.isfinite(product).all()):
        return "there is a nan or an infinity in column or row: did you divide by an entry of F that is 0?"
    if torch.allclose(product, kernel, atol=1e-6 * kernel.abs().max().item()):
        return None
    if not possible:
        return (
            "this kernel is no column times a row: its rows are no multiples of one row. Return None for it."
        )
    u, v = ((product - kernel).abs() == (product - kernel).abs().max()).nonzero()[0].tolist()
    return (
        f"column times row is not F: at [{u}, {v}] the product is {product[u, v].item():.4g},"
        f" F has {kernel[u, v].item():.4g}"
    )


@registered()
def shows_that_same_after_same_is_no_convolution(_: dict[str, Any], answer: Any) -> str | None:
    """(F, G, n, i, j): in the matrix A of SAME after SAME on n numbers, A[i][j] ≠ A[i+1][j+1]."""
    *kernels, n, i, j = parts(answer, 5, "(F, G, n, i, j)")
    rows = [
        [whole(entry, f"each entry of {name}") for entry in row(kernel, name, "a list of whole numbers")]
        for name, kernel in zip("FG", kernels, strict=True)
    ]
    if not all(1 <= len(one) <= 9 and len(one) % 2 for one in rows):
        sizes = f"they have {len(rows[0])} and {len(rows[1])}"
        return f"F and G must have 1, 3, 5, 7 or 9 numbers, an odd number and at most 9; {sizes}"
    n, i, j = (whole(value, name) for name, value in (("n", n), ("i", i), ("j", j)))
    if not 2 <= n <= 50:
        return f"n must be from 2 to 50, not {n}"
    if not (0 <= i < n - 1 and 0 <= j < n - 1):
        return f"i and j count from 0, and i + 1, j + 1 must still be below n = {n}; they are {i} and {j}"
    first, second = (_same(one, n) for one in rows)
    A = [[sum(second[a][k] * first[k][b] for k in range(n)) for b in range(n)] for a in range(n)]
    if A[i][j] != A[i + 1][j + 1]:
        return None
    equal = f"A[{i}][{j}] and A[{i + 1}][{j + 1}] are both {A[i][j]}, as they are for a convolution."
    if all(A[a][b] == A[a + 1][b + 1] for a in range(n - 1) for b in range(n - 1)):
        return (
            f"{equal} With these F, G and n no other place shows it either: G reads nothing beyond the border"
            " that F would have made of the input. Take an F and a G that read in opposite directions."
        )
    return (
        f"{equal} The difference shows only where G reads beyond the border, where one big kernel would"
        " see values and G sees 0: look at the corners of A."
    )


def _same(kernel: list[int], n: int) -> list[list[int]]:
    """The matrix of a SAME convolution on n numbers, in whole numbers of any size."""
    middle = len(kernel) // 2

    def entry(i: int, j: int) -> int:
        return kernel[j - i + middle] if 0 <= j - i + middle < len(kernel) else 0

    return [[entry(i, j) for j in range(n)] for i in range(n)]


@registered()
def shows_that_training_depends_on_the_batch(_: dict[str, Any], answer: Any) -> str | None:
    """Two batches whose first images are equal, but not their outputs in batch norm in training."""
    first, second = tensors(parts(answer, 2, "two batches", of_tensors=True), "both batches must be tensors")
    if first.dim() != 4 or second.dim() != 4 or not first.numel() or not second.numel():
        shapes = f"{tuple(first.shape)} and {tuple(second.shape)}"
        return f"both must have shape (N, K, H, W), none of it 0, not {shapes}"
    if first.shape[1:] != second.shape[1:]:
        return f"their images must have one shape, not {tuple(first.shape[1:])} and {tuple(second.shape[1:])}"
    if first.numel() < 2 * first.shape[1] or second.numel() < 2 * second.shape[1]:
        return "with a single number in each map, batch norm in training has no variance; take more"
    first, second = finite(first, second)
    if not torch.equal(first[0], second[0]):
        return (
            "their first images differ, so it is no wonder that the outputs do; make first[0]"
            " and second[0] equal"
        )
    if torch.equal(first, second):
        return (
            "the two batches are equal. (`b = a` makes no copy: write `b = a.clone()` before you change it.)"
        )
    outputs = [F.batch_norm(batch, None, None, training=True)[0] for batch in (first, second)]
    gap = (outputs[0] - outputs[1]).abs().max().item()
    if _moves(first, second):
        return None
    if gap > 1e-9:
        return (
            f"the outputs differ by {gap:.2g}, but only through ε: without it the first image comes out the"
            " same in both batches. Two numbers in a map always become −1 and 1, whatever they are. Let each"
            " map of a batch have three different numbers or more."
        )
    if gap > 0:
        return (
            f"the outputs differ by {gap:.2g} only, which rounding could explain; change the"
            " other images more"
        )
    said = "the output of the first image is the same in both batches"
    if not bool(outputs[0].any()):
        return (
            f"{said}: it is at the mean of both, so it comes out as 0 whatever σ² is. Which other images"
            " would move μ?"
        )
    return f"{said}. Which other images would move μ or σ²?"


def _moves(first: Tensor, second: Tensor) -> bool:
    """Does the first image differ between the batches, each map normalised by its batch, with ε = 0?"""
    scale = max(first.abs().max(), second.abs().max())
    found, doubts = [], []
    for batch in (first, second):
        maps = batch.transpose(0, 1).flatten(1) / scale  # so that no square overflows
        constant = maps.amax(1) == maps.amin(1)
        sigma = maps.std(1, correction=0).masked_fill(constant, 1)
        centred = (maps - maps.mean(1, keepdim=True)).masked_fill(constant[:, None], 0)
        found.append((centred / sigma[:, None])[:, : first[0, 0].numel()])
        doubts.append(1e-9 + 1e-13 * maps.abs().amax(1) / sigma)
    gap = (found[0] - found[1]).abs().amax(1)
    return bool((gap > torch.maximum(*doubts)).any())
