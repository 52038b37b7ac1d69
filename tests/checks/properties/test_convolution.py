"""Unit 1's properties: each kind of right answer is taken, each kind of wrong one told what is missing."""

from typing import Any

import numpy as np
import pytest
import torch

from helpers.checks.properties import properties_of, says
from nonconv.checks.properties import convolution

T = torch.tensor
SEPARABLE, SEES = "is_a_separable_kernel", "sees_so_many_rows"


def test_every_property_has_tests_here_and_only_one_takes_none() -> None:
    assert properties_of(convolution) == {SEPARABLE, SEES}
    assert "returned None" in (says(SEES, None, M=1, K=1, field=3, budget=100) or "")


D = torch.arange(1.0, 13, dtype=torch.float64).reshape(2, 2, 3)  # M = 2
P = torch.tensor([[1.0, -2], [0, 3], [4, 0.5]], dtype=torch.float64)  # K = 3
F = P[:, :, None, None] * D
FULL = F.clone()
FULL[2, 1, 1, 2] += 1
NOTHING = torch.zeros(3, 2, 2, 3).double()


@pytest.mark.parametrize(
    ("kernel", "answer"),
    [
        (F, (D, P)),
        (F, [2 * D, P / 2]),
        (F.float(), (D.float(), P.float())),
        (1e-12 * F, (1e-12 * D, P)),
        (F * T([1.0, 1e9]).double()[:, None, None], (D * T([1.0, 1e9]).double()[:, None, None], P)),
        (NOTHING, (torch.zeros(2, 2, 3), torch.zeros(3, 2))),
        (FULL, None),
    ],
)
def test_a_right_pair_is_taken_whatever_its_scale(kernel: torch.Tensor, answer: Any) -> None:
    assert says(SEPARABLE, answer, F=kernel) is None


@pytest.mark.parametrize(
    ("kernel", "answer", "sentence"),
    [
        (F, None, "this kernel is separable, but you returned None"),
        (FULL, False, "return None itself, not bool False"),
        (FULL, (None, None), "return None itself"),
        (F, (D,), "return the pair (D, P)"),
        (F, (P, D), "They are in the other order."),
        (F, (D[:, None], P), "expected shapes (2, 2, 3) and (3, 2), got (2, 1, 2, 3)"),
        (F, (D.numpy(), P), "torch.from_numpy"),
        (F, (D / 0, P), "did you divide by a number of F that is 0?"),
        (F, (D + 1, P), "P times D is not F: at [0, 0, 0, 0] the product is 2, F has 1"),
        (FULL, (D, P), "this kernel is not separable"),
        (
            F * T([1.0, 1e-9]).double()[:, None, None],
            (D * T([1.0, 0.0]).double()[:, None, None], P),
            "P times D is not F: at [0, 1, 0, 0]",
        ),
    ],
)
def test_what_is_wrong_with_a_pair_is_named(kernel: torch.Tensor, answer: Any, sentence: str) -> None:
    message = says(SEPARABLE, answer, F=kernel)
    assert message is not None
    assert sentence in message


CASE = {"M": 3, "K": 4, "field": 7, "budget": 200}


@pytest.mark.parametrize(
    "stack",
    [
        [(3, 3, 1, 3)] * 3 + [(4, 1, 1, 1)],
        [(4, 3, 1, 1), (4, 3, 2, 4)],
        ((3, 4, 1, 3), (3, 4, 1, 3), (4, 1, 1, 1)),
        np.array([[3, 3, 1, 3], [3, 3, 2, 3], [4, 1, 1, 1]]),
        T([[3, 3, 1, 3], [3, 3, 2, 3], [4, 1, 1, 1]]),
    ],
)
def test_a_stack_that_sees_all_of_it_is_taken(stack: Any) -> None:
    assert says(SEES, stack, **CASE) is None


@pytest.mark.parametrize(
    ("stack", "sentence"),
    [
        (7, "must be a list of layers"),
        ([], "the stack is empty"),
        ([(4, 3, 1)], "return for layer 1 four whole numbers"),
        ([(4, 3.5, 1, 1)], "p of layer 1 must be a whole number"),
        ([(4, 0, 1, 1)], "all four must be at least 1"),
        ([(4, 3, 1, 2)], "layer 1 has 2 groups: both its 3 input and its 4 output maps"),
        ([(4, 10**6, 1, 1)], "no number above 1000"),
        ([(3, 7, 1, 1)], "the last layer gives 3 maps; 4 are wanted"),
        ([(4, 3, 1, 1)], "sees 3 rows from the first to the last; it must be 7"),
        ([(4, 3, 3, 1)], "leaves 4 out, the first of them row 2"),
        ([(3, 3, 1, 3), (3, 3, 2, 3), (6, 1, 1, 3), (4, 1, 1, 2)], "output map 0 does not see input map 2"),
        ([(4, 7, 1, 1)], "it has 592 parameters with the biases; fewer than 200"),
    ],
)
def test_what_a_stack_lacks_is_named(stack: Any, sentence: str) -> None:
    message = says(SEES, stack, **CASE)
    assert message is not None
    assert sentence in message


def test_the_count_is_that_of_the_layers() -> None:
    stack, maps, layers = [(6, 3, 1, 3), (6, 2, 2, 2), (4, 1, 1, 1)], 3, []
    for now, p, d, g in stack:
        layers.append(torch.nn.Conv2d(maps, now, p, dilation=d, groups=g))
        maps = now
    count = sum(one.numel() for layer in layers for one in layer.parameters())
    assert says(SEES, stack, M=3, K=4, field=5, budget=count + 1) is None
    assert f"it has {count} parameters" in (says(SEES, stack, M=3, K=4, field=5, budget=count) or "")
