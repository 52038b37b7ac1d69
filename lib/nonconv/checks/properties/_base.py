"""What the properties of every unit share."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Property = Callable[[dict[str, Any], Any], str | None]
NOTHING = "it returned None: is there a `return`?"


def altered(given: nn.Sequential, original: nn.Sequential) -> str | None:
    """What of the network that the exercise handed over is not as it was, or None."""
    before, after = original.state_dict(), given.state_dict()
    for name in before:
        if name not in after or not torch.equal(before[name], after[name]):
            return f"its {name}"
    same = [type(layer) for layer in given] == [type(layer) for layer in original]
    return None if same else "its list of layers"
