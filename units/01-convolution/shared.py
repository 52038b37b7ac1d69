"""What several exercises of this unit need."""

from typing import Any

import torch
from torch import Tensor

from nonconv.authoring import whole_between

# of the checks: so that an answer in float32 shows; 12 digits of what is expected are kept
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-11}


def image(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Never 0: tenths from −0.4 to 0.4 in float64, which float32 cannot hold, so that an answer in float32 shows;
    in float32 whole numbers from −4 to 4, whose products and sums are exact.
    """
    numbers = whole_between(*shape, seed=seed)
    return numbers / 10 if dtype == torch.float64 else numbers.to(dtype)
