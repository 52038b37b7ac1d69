"""Numbers whose sums and products are exact."""

import torch
from torch import Tensor


def whole(*shape: int, seed: int) -> Tensor:
    """Whole numbers in float64: sums of their products are exact, so results must be equal, not close."""
    return torch.randint(-4, 5, shape, generator=torch.Generator().manual_seed(seed)).double()
