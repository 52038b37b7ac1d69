"""Inputs for checks, drawn from a seed: numbers that hide no mistake and that a person can follow by hand."""

import random
from collections.abc import Callable
from typing import Any

import sympy
import torch
from torch import Tensor


def vector(*numbers: float, dtype: torch.dtype = torch.float64) -> Tensor:
    """These numbers as a tensor of shape (n,)."""
    return torch.tensor(numbers, dtype=dtype)


def whole(*shape: int, seed: int, most: int = 4) -> Tensor:
    """Whole numbers from −most to most, never 0, in float64."""
    generator = torch.Generator().manual_seed(seed)
    size = torch.randint(1, most + 1, shape, generator=generator)
    return (size * (torch.randint(0, 2, shape, generator=generator) * 2 - 1)).double()


def whole_between(*shape: int, seed: int, low: int = -4, high: int = 4) -> Tensor:
    """Whole numbers from low to high, with high in the place of 0, in float64: no product hides a term."""
    generator = torch.Generator().manual_seed(seed)
    numbers = torch.randint(low, high + 1, shape, generator=generator).double()
    return numbers.masked_fill(numbers == 0, high)


def quarters(*shape: int, seed: int) -> Tensor:
    """Multiples of 1/4 from −1 to 1, never 0: no σ of them is 0 or 1."""
    return whole_between(*shape, seed=seed) / 4


def normal(*shape: int, seed: int, digits: int = 2) -> Tensor:
    """Normally distributed numbers with that many digits behind the point, in float64."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).round(decimals=digits) + 0.0


def distinct(n: int, seed: int) -> Tensor:
    """n <= 8 numbers of different sizes from 2.1 to 9.9, the first negative, their sum at least 2 in size.

    So no number and no sum multiplies or adds nothing, and no order reads the same backwards.
    """
    r = random.Random(seed)
    while True:
        sizes = [size + r.randrange(1, 10) / 10 for size in r.sample(range(2, 10), n)]
        numbers = vector(-sizes[0], *(size * r.choice((-1, 1)) for size in sizes[1:]))
        if abs(numbers.sum()) >= 2:
            return numbers


def first_that(
    tells: Callable[..., bool], draw: Callable[[int], dict[str, Any]], seed: int
) -> dict[str, Any]:
    """The first draw, from that seed on, in which the mistakes show: `tells` gets its values by name."""
    for n in range(10_000):
        drawn = draw(seed + 10 * n)
        if tells(**drawn):
            return drawn
    raise ValueError(f"none of 10,000 draws from seed {seed} on shows the mistakes; is `tells` too strict?")


def positive(names: str) -> dict[str, sympy.Symbol]:
    """Positive symbols by name, for answers that are formulas."""
    return {symbol.name: symbol for symbol in sympy.symbols(names, positive=True)}
