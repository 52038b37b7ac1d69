"""Branches that are added as one convolution."""

import re

import pytest
import torch
from torch.nn import functional

from helpers.reduction.numbers import whole
from nonconv.reduction import add_branches, identity, merge, widen


@pytest.mark.parametrize("size", [1, 3, (1, 5), (5, 3)])
def test_the_identity_changes_nothing(size) -> None:
    x, weight = whole(2, 3, 6, 5, seed=0), identity(3, size, dtype=torch.float64)
    rows, columns = weight.shape[2:]
    assert weight.shape[:2] == (3, 3)
    # exact: whole numbers
    assert torch.equal(functional.conv2d(x, weight, padding=(rows // 2, columns // 2)), x)
    assert identity(3, size).dtype == torch.float32


@pytest.mark.parametrize(
    ("before", "after"),
    [((1, 1), (3, 3)), ((3, 1), (3, 7)), ((2, 4), (4, 6)), ((1, 2), (5, 2)), ((3, 3), (3, 3))],
)
def test_a_widened_kernel_with_the_wider_border_does_the_same(before, after) -> None:
    weight, x = whole(3, 2, *before, seed=1), whole(2, 2, 7, 8, seed=2)
    wide = widen(weight, after)
    assert wide.shape == (3, 2, *after)
    more = tuple((b - a) // 2 for a, b in zip(before, after, strict=True))
    # exact: whole numbers
    assert torch.equal(functional.conv2d(x, wide, padding=more), functional.conv2d(x, weight))


def test_widen_literally_and_rows_are_not_columns() -> None:
    # exact: whole numbers
    assert widen(torch.tensor([[[[7.0]]]]), 3).flatten().tolist() == [0, 0, 0, 0, 7, 0, 0, 0, 0]
    assert widen(torch.ones(1, 1, 1, 3), (3, 3)).reshape(3, 3).tolist() == [[0, 0, 0], [1, 1, 1], [0, 0, 0]]


def separately(x: torch.Tensor, branches, stride: int) -> torch.Tensor:
    """The oracle: each branch by the framework with its own border (p − 1)/2, then the sum."""
    y = torch.zeros(())
    for weight, bias in branches:
        border = tuple(n // 2 for n in weight.shape[2:])
        y = y + functional.conv2d(x, weight, bias, stride, border)
    return y


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [(7, 8), (8, 7)])
@pytest.mark.parametrize(
    "sizes", [[(3, 3), (1, 1)], [(1, 1), (5, 3), (3, 5)], [(3, 1), (1, 3)], [(1, 1), (1, 1)], [(3, 3)]]
)
def test_the_sum_of_the_branches_is_one_convolution(stride: int, size, sizes) -> None:
    branches = [(whole(4, 3, *p, seed=n), whole(4, seed=n + 50)) for n, p in enumerate(sizes)]
    x = whole(2, 3, *size, seed=99)
    O, o = add_branches(*branches)
    assert O.shape[2:] == tuple(max(axis) for axis in zip(*sizes, strict=True))
    border = tuple(n // 2 for n in O.shape[2:])
    # exact: whole numbers
    assert torch.equal(functional.conv2d(x, O, o, stride, border), separately(x, branches, stride))


def test_3x3_and_1x1_and_identity_as_in_repvgg() -> None:
    x, (F, G) = whole(2, 4, 6, 6, seed=9), (whole(4, 4, 3, 3, seed=1), whole(4, 4, 1, 1, seed=2))
    b = whole(4, seed=3)
    O, o = add_branches((F, b), (G, None), (identity(4, dtype=torch.float64), None))
    branches = functional.conv2d(x, F, b, padding=1) + functional.conv2d(x, G) + x
    assert torch.equal(functional.conv2d(x, O, o, padding=1), branches)  # exact: whole numbers


def test_branches_with_batch_norm_keep_the_bias_of_their_convolution() -> None:
    """A batch norm on each branch, the identity's too; the biases b must go through it."""
    x = torch.randn(2, 3, 5, 5).double()
    of = [
        (torch.randn(3, 3, 3, 3).double(), torch.randn(3).double()),
        (torch.randn(3, 3, 1, 1).double(), None),
        (identity(3, dtype=torch.float64), None),
    ]
    norms = [(torch.randn(3).double(), torch.randn(3).double()) for _ in of]
    O, o = add_branches(*(merge(F, b, G, g) for (F, b), (G, g) in zip(of, norms, strict=True)))
    expected = torch.zeros_like(x)
    for (F, b), (G, g) in zip(of, norms, strict=True):
        y = functional.conv2d(x, F, b, padding=F.shape[2] // 2)
        expected += G[:, None, None] * y + g[:, None, None]
    assert torch.allclose(functional.conv2d(x, O, o, padding=1), expected, atol=1e-12)


def test_biases_add_up_and_none_stays_none() -> None:
    weight = torch.ones(2, 1, 1, 1)
    assert add_branches((weight, None), (weight, None))[1] is None
    one = add_branches((weight, None), (weight, torch.tensor([1.0, 2.0])))[1]
    assert one is not None
    assert one.tolist() == [1, 2]  # exact: whole numbers
    both = add_branches((weight, torch.tensor([3.0, 5.0])), (weight, torch.tensor([1.0, 2.0])))[1]
    assert both is not None
    assert both.tolist() == [4, 7]


def test_nothing_that_is_given_is_changed_or_shared() -> None:
    weight, bias = whole(2, 2, 3, 3, seed=0), whole(2, seed=1)
    before = weight.clone(), bias.clone()
    O, o = add_branches((weight, bias))
    assert o is not None
    O.add_(1)
    o.add_(1)
    assert torch.equal(weight, before[0])  # exact: untouched
    assert torch.equal(bias, before[1])


ONE, THREE, EVEN = torch.ones(2, 3, 1, 1), torch.ones(2, 3, 3, 3), torch.ones(2, 3, 2, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: identity(0),
            "identity needs maps >= 1 and odd sizes, which have a middle, not 0 and (1, 1)",
        ),
        (lambda: identity(2, 4), "not 2 and (4, 4)"),
        (lambda: identity(2, (3, 2)), "not 2 and (3, 2)"),
        (lambda: identity(2, 0), "size must be one or two integers >= 1, not 0"),
        (lambda: widen(THREE, 1), "a kernel of (3, 3) cannot stand in the middle of (1, 1)"),
        (lambda: widen(THREE, 4), "a kernel of (3, 3) cannot stand in the middle of (4, 4)"),
        (lambda: widen(THREE, (5, 4)), "cannot stand in the middle of (5, 4)"),
        (lambda: add_branches(), "there must be at least one branch"),
        (
            lambda: add_branches((THREE, None), (torch.ones(4, 3, 1, 1), None)),
            "branch 2 maps 3 to 4 maps, the first 3 to 2",
        ),
        (
            lambda: add_branches((THREE, None), (torch.ones(2, 1, 1, 1), None)),
            "branch 2 maps 1 to 2 maps, the first 3 to 2",
        ),
        (
            lambda: add_branches((THREE, None), (ONE, torch.ones(3))),
            "bias of branch 2 must have shape (2,), one number for each map, not (3,)",
        ),
        (
            lambda: add_branches((THREE, None), (EVEN, None)),
            "a kernel of (2, 2) cannot stand in the middle of (3, 3)",
        ),
        (
            lambda: add_branches((THREE, None), (ONE.double(), None)),
            "weight of branch 1 is torch.float32, weight of branch 2 is torch.float64",
        ),
        (lambda: add_branches((THREE, torch.ones(2)), (ONE, torch.ones(2).double())), "torch.float64"),
        (lambda: add_branches((torch.ones(2, 3), None)), "not shape (2, 3)"),
        (
            lambda: add_branches((THREE, None), (torch.ones(2, 3, 3), None)),
            "branch 2 has the shape (2, 3, 3), the first (2, 3, 3, 3)",
        ),
        (lambda: widen(torch.ones(3, 3), 5), "(3, 3)"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
