"""What the properties of every unit share."""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

Property = Callable[[dict[str, Any], Any], str | None]
NOTHING = "it returned None: is there a `return`?"


@cache
def digits() -> Tensor:
    """scikit-learn's 1797 handwritten digits, (1797, 1, 8, 8), in [0, 1]."""
    from sklearn.datasets import load_digits  # a second of import, for the checks that need it

    pixels, _ = load_digits(return_X_y=True)
    return torch.as_tensor(pixels, dtype=torch.float64).reshape(-1, 1, 8, 8) / 16


def altered(given: nn.Sequential, original: nn.Sequential) -> str | None:
    """What of the network that the exercise handed over is not as it was, or None."""
    before, after = original.state_dict(), given.state_dict()
    for name in before:
        if name not in after or not torch.equal(before[name], after[name]):
            return f"its {name}"
    same = [type(layer) for layer in given] == [type(layer) for layer in original]
    return None if same else "its list of layers"
