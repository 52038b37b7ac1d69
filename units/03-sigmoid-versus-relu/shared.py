"""What several exercises of this unit need."""

import random as randomness

import torch

from nonconv.authoring import normal, vector

# words in the names of kernels that σ must not be taken from: silu is x σ(x), glu is a σ(b)
NO_SIGMOID = ("sigmoid", "softmax", "silu", "glu")


def near(*numbers: float, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Each number, or one up to a fifth larger in size."""
    r = randomness.Random(seed)
    return vector(*(round(number * r.uniform(1, 1.2), 2) for number in numbers), dtype=dtype)


def gradients(seed: int) -> dict[str, torch.Tensor]:
    """A batch in which each sign of x meets each sign of the gradient, and in which an x is exactly 0."""
    while True:
        x, grad = normal(3, 4, seed=seed), normal(3, 4, seed=seed + 1)
        x[seed % 3, seed % 4] = 0
        if bool((grad != 0).all()) and all(
            bool(((x * a > 0) & (grad * b > 0)).any()) for a in (1, -1) for b in (1, -1)
        ):
            return {"x": x, "grad": grad}
        seed += 2
