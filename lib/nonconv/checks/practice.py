"""Exercises without points, inside a lecture: the same diagnosis as `check`, printed instead of raised."""

from collections.abc import Callable
from typing import Any

import torch

from nonconv.checks.data import Check
from nonconv.checks.diagnosis import failure


def _kernel(*shape: int) -> torch.Tensor:
    """A kernel of the whole numbers 1, 2, 3 …, so that each place has its own."""
    K, M, p, q = shape
    return torch.arange(1, K * M * p * q + 1).reshape(shape)


def _entry(F: torch.Tensor, m: int, k: int, u: int, v: int) -> int:
    return int(F[k - 1, m - 1, u - 1, v - 1])


_entry_mistakes: list[tuple[str, Callable[..., Any]]] = [
    (
        "formulas count from 1, code from 0, and a tensor has the output map k first: F[k - 1, m - 1, …].",
        lambda F, m, k, u, v: int(F[m, k, u, v]),
    ),
    (
        "the order is right, but formulas count from 1 and code counts from 0.",
        lambda F, m, k, u, v: int(F[k, m, u, v]),
    ),
    (
        "the tensor has the output map k first and the input map m second, as PyTorch has.",
        lambda F, m, k, u, v: int(F[m - 1, k - 1, u - 1, v - 1]),
    ),
    (
        "u is the row inside the kernel and v the column: the row comes first.",
        lambda F, m, k, u, v: int(F[k - 1, m - 1, v - 1, u - 1]),
    ),
]

PRACTICE = {
    "entry": Check.of(
        name="entry",
        answer="entry",
        points=1,
        reference=_entry,
        inputs=[
            {"F": _kernel(2, 2, 2, 2), "m": 1, "k": 1, "u": 1, "v": 1},
            {"F": _kernel(3, 3, 3, 3), "m": 1, "k": 2, "u": 1, "v": 2},
            {"F": _kernel(2, 3, 2, 4), "m": 3, "k": 1, "u": 2, "v": 4},
        ],
        returns=("F^{mk}_{uv}",),
        known=lambda: _entry_mistakes,
    )
}


def practice(name: str, answer: Callable[..., Any]) -> None:
    """Say whether the answer to the practice exercise `name` is right, and if not, what is wrong with it.

    ValueError for a name that there is not; it lists those there are.
    """
    if name not in PRACTICE:
        raise ValueError(f"there is no practice exercise {name!r}; there is {', '.join(PRACTICE)}")
    print(failure(PRACTICE[name], answer) or "✓ right. In an exercise, this would have earned its points.")
