"""Properties of unit 2: counterexamples and answers about kernels."""

import copy
import math
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from nonconv.checks.given.digits import digits
from nonconv.checks.given.networks import id_of, network
from nonconv.checks.guard import ForbiddenCall, own_work
from nonconv.checks.properties._base import (
    a_network,
    finite,
    number,
    outputs_of_shape,
    parts,
    registered,
    row,
    tensors,
    unaltered,
    whole,
)
from nonconv.layers import convolution_matrix
from nonconv.reduction import affine_form, merge


@registered()
def breaks_the_slides_bias(inputs: dict[str, Any], answer: Any) -> str | None:
    """Numbers (b, γ, β, μ, σ², ε) of one map for which b + β − Gμ is not the merged bias."""
    del inputs  # it has none
    names = ("b", "gamma", "beta", "mu", "var", "eps")
    values = parts(answer, len(names), f"six numbers, in this order: {', '.join(names)}")
    b, gamma, beta, mu, var, eps = (number(value, name) for name, value in zip(names, values, strict=True))
    one = {
        name: torch.tensor([value], dtype=torch.float64)
        for name, value in zip(names, (b, gamma, beta, mu, var, eps), strict=True)
    }
    try:  # ε = 0 is fine where σ² > 0; affine_form insists on more, so 0 moves into σ²
        shift = var / 2 if eps == 0 and var > 0 else 0.0
        G, g = affine_form(one["gamma"], one["beta"], one["mu"], one["var"] - shift, eps + shift)
    except ValueError as error:
        return f"these are no statistics of a batch norm: {error}"
    _, o = merge(torch.ones(1, 1, dtype=torch.float64), one["b"], G, g)
    right, slides, scale = o.item(), b + g.item(), G.item()
    if not all(map(math.isfinite, (b, gamma, beta, mu, var, eps, right, slides))):
        return "all numbers must be finite"
    if abs(right - slides) > 1e-6 * max(1.0, abs(right)):
        return None
    both = f"With your numbers both biases are {right:.6g}, so this is no counterexample. "
    if b == 0:
        return both + "Your convolution has b = 0: nothing is there for batch norm to scale."
    if abs(scale - 1) < 1e-6:
        return (
            both
            + f"Your G is {scale:.6g}: batch norm leaves b as it is. How do γ, σ² and ε make G differ from 1?"
        )
    return (
        both
        + f"They differ by (1 − G) b = {(1 - scale) * b:.2g}, which rounding could explain; make it larger."
    )


@registered()
def breaks_additivity_of_max_pooling(_: dict[str, Any], answer: Any) -> str | None:
    """Two inputs x, y of one shape with maxpool(x + y) ≠ maxpool(x) + maxpool(y), for 2×2 max pooling."""
    same = "x and y must be two tensors of one shape"
    x, y = tensors(parts(answer, 2, "two tensors x and y"), same)
    if x.shape != y.shape:
        return same
    if x.dim() != 4 or x.shape[2] < 2 or x.shape[3] < 2 or not x.numel():
        return f"x and y must have shape (N, M, H, W) with H and W at least 2, not {tuple(x.shape)}"
    x, y = finite(x, y)
    pooled, separately = F.max_pool2d(x + y, 2), F.max_pool2d(x, 2) + F.max_pool2d(y, 2)
    gap = (pooled - separately).abs()
    if bool((gap > 1e-6 * F.max_pool2d(x.abs() + y.abs(), 2)).any()):  # each window by its own scale
        return None
    if bool(gap.any()):
        return f"the two differ by {gap.max().item():.2g} only, which rounding could explain; make it larger"
    both = "max pooling of x + y equals the sum of the two max poolings, so this is no counterexample. "
    if not bool(x.any()) or not bool(y.any()):
        return both + "One of them is 0 everywhere, and adding 0 never shows anything."
    return (
        both + "In each window both have their maximum at the same place. Put the maxima of one window at"
        " different places."
    )


@registered(none_fits=True)
def is_column_times_row(inputs: dict[str, Any], answer: Any) -> str | None:
    """(column, row) whose outer product is the kernel F, or None if there is no such pair."""
    kernel = inputs["F"].double()
    # relative to the largest singular value: the numbers of F may themselves be rounded (float32)
    possible = torch.linalg.matrix_rank(kernel, rtol=1e-6).item() <= 1
    if answer is None:
        return None if not possible else "this kernel is a column times a row, but you returned None"
    pair = parts(answer, 2, "the pair (column, row), or None if there is no such pair")
    column, row = tensors(pair, "column and row must be tensors")
    p, q = kernel.shape
    if column.shape != (p,) or row.shape != (q,):
        return f"expected shapes ({p},) and ({q},), got {tuple(column.shape)} and {tuple(row.shape)}"
    product = torch.outer(column.detach().double(), row.detach().double())
    if possible and not bool(torch.isfinite(product).all()):
        return "there is a nan or an infinity in column or row: did you divide by an entry of F that is 0?"
    if torch.allclose(product, kernel, atol=1e-6):
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
        return "F and G must have 1, 3, 5, 7 or 9 numbers: only an odd kernel has a middle"
    n, i, j = (whole(value, name) for name, value in (("n", n), ("i", i), ("j", j)))
    if not 2 <= n <= 50:
        return f"n must be from 2 to 50, not {n}"
    if not (0 <= i < n - 1 and 0 <= j < n - 1):
        return f"i and j count from 0, and i + 1, j + 1 must still be below n = {n}; they are {i} and {j}"
    A = torch.eye(n, dtype=torch.float64)
    for one in rows:
        kernel = torch.tensor(one, dtype=torch.float64).reshape(1, 1, 1, -1)
        A = convolution_matrix(kernel, (1, n), padding=(0, len(one) // 2)) @ A
    here, there = int(A[i, j]), int(A[i + 1, j + 1])
    if here != there:
        return None
    return (
        f"A[{i}][{j}] and A[{i + 1}][{j + 1}] are both {here}, as they are for a convolution."
        " The difference shows only where G reads beyond the border, where one big kernel would"
        " see values and G sees 0: look at the"
        " corners of A."
    )


@registered()
def shows_that_training_depends_on_the_batch(_: dict[str, Any], answer: Any) -> str | None:
    """Two batches whose first images are equal, but not their outputs in batch norm in training."""
    first, second = tensors(parts(answer, 2, "two batches"), "both batches must be tensors")
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
    outputs = [F.batch_norm(batch, None, None, training=True)[0] for batch in (first, second)]
    gap = (outputs[0] - outputs[1]).abs().max().item()
    if gap > 1e-3:
        return None
    if torch.equal(first, second):
        return (
            "the two batches are equal. (`b = a` makes no copy: write `b = a.clone()` before you change it.)"
        )
    if gap > 0:
        return (
            f"the outputs differ by {gap:.2g} only, which rounding could explain; change the"
            " other images more"
        )
    return "the output of the first image is the same in both batches. Which other images would move μ or σ²?"


@registered(in_kernel=True)
def has_no_batch_norm_left(inputs: dict[str, Any], answer: Any) -> str | None:
    """A network without batch norm that labels and answers all 1797 digits as the given one does."""
    original = network(id_of(inputs["model"]))
    model = a_network(answer)
    unaltered(inputs["model"], original, "work on copies, copy.deepcopy(layer)")
    if any(isinstance(module, nn.modules.batchnorm._NormBase) for module in model.modules()):
        return "there is still a batch norm in it"
    try:
        with torch.no_grad():
            expected = original(digits())
            with own_work(
                may_call=("conv", "pool", "layer_norm", "group_norm")
            ):  # batch norm hidden in forward()
                got = copy.deepcopy(model).eval()(digits())
    except ForbiddenCall as call:
        return f"it still calls {call.what}"
    except Exception as error:
        return f"running it on the digits stopped with {type(error).__name__}: {str(error)[:150]}"
    got = outputs_of_shape(got, expected)
    labels = int((got.argmax(1) != expected.argmax(1)).sum())
    error = (got - expected).abs().max().item()
    if error < 1e-10 and labels == 0:
        return None
    return f"{labels} of 1797 labels differ, and an output by {error:.2g} (at most 1e-10 is rounding)"
