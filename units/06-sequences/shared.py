"""What several exercises of this unit need."""

import torch
from torch import Tensor

from nonconv.authoring import normal

# of the checks: so that an answer in float32 shows; 12 digits of what is expected are kept
CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def probabilities(*shape: int, seed: int) -> Tensor:
    """Rows of probabilities in hundredths, none below 0.01; each row sums to 1."""
    generator = torch.Generator().manual_seed(seed)
    parts = torch.randint(3, 40, shape, generator=generator).double()
    shares = (parts / parts.sum(-1, keepdim=True)).mul(100).floor().clamp(min=1)
    shares[..., 0] += 100 - shares.sum(-1)
    return shares / 100


def symbols(T: int, V: int, seed: int) -> Tensor:
    """T symbols from 0 to V − 1, int64."""
    return torch.randint(V, (T,), generator=torch.Generator().manual_seed(seed))


def small(*shape: int, seed: int) -> Tensor:
    """Numbers small enough that tanh is not near 1."""
    return (normal(*shape, seed=seed) / 2).round(decimals=2) + 0.0
