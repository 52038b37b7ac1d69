"""What several exercises of this unit need."""

import torch
from torch import Tensor

from nonconv.authoring import quarters
from nonconv.checks.given.layers import Layer


def perceptron(C: int, hidden: int, seed: int) -> dict[str, torch.Tensor]:
    return {"W0": quarters(hidden, C, seed=seed), "W1": quarters(C, hidden, seed=seed + 1)}


def both_signs(numbers: Tensor, size: float = 0) -> bool:
    return bool(numbers.min() < -size) and bool(numbers.max() > size)


# of the checks: so that an answer in float32 shows; 12 digits of what is expected are kept
CLOSE = {"rtol": 1e-9, "atol": 1e-11}

GATE, BLOCKS = Layer("trained-gate"), Layer("se-block")
