"""Values as JSON, and back."""

import torch

from helpers.checks.doubling import FOUR
from helpers.checks.encoding import through_json


def test_values_survive_json() -> None:
    values = (
        torch.tensor([[1, 2]]),
        torch.tensor(0.5).double(),
        True,
        None,
        "a",
        3,
        (1.5, FOUR),
        torch.zeros(0, 2),
    )
    back = through_json(values)
    for before, after in zip(values, back, strict=True):
        if isinstance(before, torch.Tensor):
            assert after.dtype == before.dtype
            assert torch.equal(before, after)  # exact: whole numbers and halves, and nothing is computed
        elif isinstance(before, tuple):
            assert after[0] == 1.5
        else:
            assert after == before
