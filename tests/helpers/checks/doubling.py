"""A check of a small function, for tests of what checks say."""

import torch

from nonconv.checks import Check


def doubled(x: torch.Tensor) -> torch.Tensor:
    return 2 * x


def squared(x: torch.Tensor) -> torch.Tensor:
    return x * x


ONE, FOUR = torch.tensor([3.0]), torch.tensor([1.0, 2.0, 3.0, 5.0])
DOUBLE = Check.of(
    doubled, [{"x": FOUR}, {"x": ONE}], name="double", answer="double", points=2, returns=("y",)
).recognising([("you square it: double it.", squared)])
