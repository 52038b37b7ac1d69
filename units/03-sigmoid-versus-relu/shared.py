"""What several exercises of this unit need."""

import torch

from nonconv.authoring import normal


def gradients(seed: int) -> dict[str, torch.Tensor]:
    """A batch in which each sign of x meets each sign of the gradient."""
    while True:
        x, grad = normal(3, 4, seed=seed), normal(3, 4, seed=seed + 1)
        if all(bool(((x * a > 0) & (grad * b > 0)).any()) for a in (1, -1) for b in (1, -1)):
            return {"x": x, "grad": grad}
        seed += 2
