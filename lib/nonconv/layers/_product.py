"""A product of two matrices by whichever of the framework's two libraries is faster for it.

In float32 on an x86 processor PyTorch multiplies matrices by MKL and convolves by oneDNN. On a core of an AMD
EPYC with AVX-512 the one does 92 to 114 · 10⁹ operations a second, the other 230. PyTorch reaches oneDNN's
product through an operator that its own compiler writes into graphs, and that has no gradient. `product` is
`A @ B` with it, to any order of gradient.

It is the plain `A @ B` for small products, where a call costs more than it gains; for any other dtype, device
or kind of tensor; where somebody looks on (a trace, an export, a count of operations), since they know `@`;
and where `torch.backends.mkldnn.enabled` is False. Which one is taken depends on sizes alone, never on a
measurement: the same call gives the same numbers however busy the machine is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.jit import is_tracing  # type: ignore[attr-defined]
from torch.utils._python_dispatch import _get_current_dispatch_mode

from nonconv.layers._transforms import OneByOne, applied

LEAST = 2**21  # multiply–adds: at 2²⁰ both take the same time, at 2²² oneDNN takes 0.6 of MKL's
COPIED = 8  # as many times are needed in a stack of matrices: each result is copied into a stack
PIECE = 2**20  # numbers of a result that are made at a time


class _Switch:
    """Is compiled=True at work? Then products are written into the graph as operators of ours."""

    on = False


@contextmanager
def as_operators() -> Iterator[None]:
    """Within, a compiler is given products as operators of ours: those that it knows are MKL's."""
    before, _Switch.on = _Switch.on, True
    try:
        yield
    finally:
        _Switch.on = before


def is_ours() -> bool:
    """Is the compiler at work the one of compiled=True, for which all sizes are fixed?"""
    return _Switch.on


def _found() -> Callable[..., Tensor] | None:
    """PyTorch's operator x, w, b, … -> x wᵀ + b, where there are two libraries to choose from."""
    try:
        both = torch.backends.mkl.is_available() and torch.backends.mkldnn.is_available()
        return torch.ops.mkldnn._linear_pointwise.default if both else None
    except (AttributeError, RuntimeError):  # it is not a promised one
        return None


_linear = _found()


def by_onednn(A: Tensor, transposed: Tensor) -> Tensor:
    """A Bᵀ of two matrices for which `pays` holds, without a gradient.

    A matrix that is not contiguous is copied: as it is, oneDNN takes two thousand times as long.
    """
    return _linear(A.contiguous(), transposed.contiguous(), None, "none", [], "")  # type: ignore[misc]


def pays(size: int, *tensors: Tensor) -> bool:
    """Does oneDNN take less time than MKL for a product of `size` multiply–adds of these tensors?"""
    if _linear is None or not all(t.dtype == torch.float32 and t.device.type == "cpu" for t in tensors):
        return False
    if torch.compiler.is_compiling():
        return _Switch.on and size >= LEAST
    return (
        size >= LEAST
        and all(type(t) in (Tensor, nn.Parameter) and t.layout == torch.strided for t in tensors)
        and torch.backends.mkldnn.enabled
        and not is_tracing()
        and _get_current_dispatch_mode() is None
    )


def product(A: Tensor, B: Tensor) -> Tensor:
    """A B, as `A @ B`: matrices, or stacks of them.

    Shape: A (…, k, m), B (m, n) or (…, m, n) -> (…, k, n), and what else `@` takes.
    """
    # a trace first: there each comparison of sizes is a warning
    if is_tracing() or A.dim() < 2 or B.dim() < 2 or A.shape[-1] != B.shape[-2]:
        return A @ B
    if B.dim() == 2:
        k = prod(A.shape[:-1])
        if pays(k * B.numel(), A, B):
            return applied(_Product, A.reshape(1, k, -1), B[None])[0].unflatten(0, A.shape[:-1])
    elif A.shape[:-2] == B.shape[:-2] and pays(A.shape[-2] * B.shape[-2] * B.shape[-1] // COPIED, A, B):
        return applied(_Product, A.flatten(0, -3), B.flatten(0, -3)).unflatten(0, A.shape[:-2])
    return A @ B


def as_operator(empty: Callable[..., Tensor]) -> Callable[[Callable[..., Tensor]], Callable[..., Tensor]]:
    """A function that a compiler writes into its graph as one operator, and does not look into.

    `empty` makes the result from the same arguments, without its numbers.
    """

    def operator_of(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
        name = function.__name__
        torch.library.custom_op(f"nonconv::{name}", function, mutates_args=()).register_fake(empty)
        operator = getattr(torch.ops.nonconv, name)

        @wraps(function)
        def called(*args: Any) -> Tensor:
            return operator(*args) if torch.compiler.is_compiling() else function(*args)

        return called

    return operator_of


@as_operator(lambda A, B: A.new_empty(A.shape[0], A.shape[1], B.shape[2]))
def stack_of_products(A: Tensor, B: Tensor) -> Tensor:
    """A_i B_i for each i, in pieces of rows: memory that is new to the process costs more than a product."""
    if len(A) == 1:
        return by_onednn(A[0], B[0].mT)[None]
    Y = A.new_empty(A.shape[0], A.shape[1], B.shape[2])
    rows = max(1, PIECE // B.shape[2])
    for y, a, b in zip(Y, A, B, strict=True):
        transposed = b.mT.contiguous()
        for part, some in zip(y.split(rows), a.split(rows), strict=True):
            part.copy_(by_onednn(some, transposed))
    return Y


class _Product(OneByOne):
    """A B for stacks of matrices: ∂/∂A is G Bᵀ, and ∂/∂B is Aᵀ G."""

    @staticmethod
    def forward(A: Tensor, B: Tensor) -> Tensor:
        return stack_of_products(A, B)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        A, B = ctx.saved_tensors
        dA = product(grads[0], B.mT) if ctx.needs_input_grad[0] else None
        # (Gᵀ A)ᵀ: where B is a weight transposed, the weight's gradient then lies as the weight does
        dB = product(grads[0].mT, A).mT if ctx.needs_input_grad[1] else None
        return dA, dB

    @staticmethod
    def moved(_: Any, ctx: Any, *tangents: Any) -> Any:
        A, B = ctx.saved_tensors
        parts = [] if tangents[0] is None else [product(tangents[0], B)]
        if tangents[1] is not None:
            parts.append(product(A, tangents[1]))
        return sum(parts[1:], parts[0])

    @staticmethod
    def mapped(_: Any, info: Any, in_dims: tuple[Any, ...], *args: Any) -> tuple[Any, Any]:
        A, B = (t if dim is None else t.movedim(dim, 0) for t, dim in zip(args, in_dims, strict=True))
        return A @ B, 0
