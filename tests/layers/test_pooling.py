"""Pooling against its definition, the framework, and the course's examples."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from nonconv.layers import (
    adaptive_avg_pool2d,
    avg_pool2d,
    global_avg_pool2d,
    max_pool2d,
    max_pool2d_by_definition,
    max_unpool2d,
)

FIVE = torch.tensor(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]],
    dtype=torch.float64,
).reshape(1, 1, 5, 5)


def test_the_example_of_dumoulin_and_visin() -> None:
    mean = avg_pool2d(FIVE, 3, stride=1).reshape(3, 3)
    assert [[round(y, 1) for y in row] for row in mean.tolist()] == [
        [1.7, 1.7, 1.7],
        [1.0, 1.2, 1.8],
        [1.1, 0.8, 1.3],
    ]
    # exact: a maximum is one of the inputs
    assert max_pool2d(FIVE, 3, stride=1).reshape(3, 3).tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]


def test_the_decks_shape() -> None:
    assert max_pool2d(torch.randn(20, 16, 50, 32), (3, 2), stride=(2, 1)).shape == (20, 16, 24, 31)


def test_the_shape_walk_of_the_deck() -> None:
    x, sizes = torch.randn(1, 1, 28, 28), [28]
    for layer in ("conv", "pool", "conv", "pool"):
        x = F.conv2d(x, torch.randn(1, 1, 3, 3)) if layer == "conv" else max_pool2d(x, 2)
        sizes.append(x.shape[-1])
    assert sizes == [28, 26, 13, 11, 5]


def test_maximum_is_its_definition_index_by_index() -> None:
    x = torch.randn(2, 3, 7, 6).double()
    for kernel, stride in ((2, None), (3, 1), ((3, 2), (2, 1))):
        # exact: a maximum is one of the inputs
        assert torch.equal(max_pool2d(x, kernel, stride), max_pool2d_by_definition(x, kernel, stride))


# few distinct values: nearly every window has a tie
tied = st.booleans()
geometry = {
    "size": st.tuples(st.integers(5, 9), st.integers(5, 9)),
    "kernel": st.tuples(st.integers(1, 3), st.integers(1, 3)),
    "stride": st.tuples(st.integers(1, 3), st.integers(1, 3)),
    "border": st.tuples(st.integers(0, 1), st.integers(0, 1)),
    "ceil_mode": st.booleans(),
}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(**geometry, N=st.integers(0, 2), dilation=st.tuples(st.integers(1, 2), st.integers(1, 2)), tied=tied)
def test_maximum_and_its_gradient_on_ties_agree_with_the_framework(
    size, kernel, stride, border, ceil_mode, N, dilation, tied
) -> None:
    padding = tuple(min(b, k // 2) for b, k in zip(border, kernel, strict=True))
    x = torch.randint(0, 3, (N, 2, *size)).double() if tied else torch.randn(N, 2, *size).double()
    x.requires_grad_()
    arguments = (kernel, stride, padding, dilation, ceil_mode, True)
    (ours, at), (theirs, expected) = max_pool2d(x, *arguments), F.max_pool2d(x, *arguments)
    assert torch.equal(ours, theirs)  # exact: a maximum is one of the inputs
    assert torch.equal(at, expected)
    if N:
        g = torch.randn_like(ours)
        mine, others = (torch.autograd.grad(y, x, g)[0] for y in (ours, theirs))
        assert torch.allclose(mine, others, atol=1e-12)


@pytest.mark.parametrize("arguments", [(17, 1), (16, 3, 8), (3, 2, 1), (2, 1, 1, 3)], ids=str)
def test_each_window_gives_its_gradient_to_one_place_and_an_infinite_one_to_no_other(arguments) -> None:
    """With 289 taps too, more than a byte counts."""
    x = torch.randint(0, 4, (2, 2, 19, 20)).float().requires_grad_()
    found = []
    for pool in (max_pool2d, F.max_pool2d):
        Y, at = pool(x, *arguments, return_indices=True)
        g = torch.ones_like(Y).index_fill(-1, torch.tensor([1]), torch.inf)
        found.append((Y, at, *torch.autograd.grad(Y, x, g)))
    for ours, theirs in zip(*found, strict=True):
        assert torch.equal(ours, theirs)  # exact: places, and sums of 1 and ∞


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    **geometry,
    N=st.integers(0, 2),
    count_include_pad=st.booleans(),
    divisor_override=st.sampled_from([None, 1, 5]),
)
def test_mean_agrees_with_the_framework(
    size, kernel, stride, border, ceil_mode, N, count_include_pad, divisor_override
) -> None:
    padding = tuple(min(b, k // 2) for b, k in zip(border, kernel, strict=True))
    x = torch.randn(N, 2, *size).double()
    arguments = (kernel, stride, padding, ceil_mode, count_include_pad, divisor_override)
    assert torch.allclose(avg_pool2d(x, *arguments), F.avg_pool2d(x, *arguments), atol=1e-12)


@pytest.mark.parametrize("out", [1, 3, (2, 5), (None, 4), 9])
def test_adaptive_mean_agrees_with_the_framework(out) -> None:
    x = torch.randn(2, 3, 7, 6).double()
    assert torch.allclose(adaptive_avg_pool2d(x, out), F.adaptive_avg_pool2d(x, out), atol=1e-12)
    assert torch.allclose(adaptive_avg_pool2d(x[0], out), F.adaptive_avg_pool2d(x[0], out), atol=1e-12)


def test_global_mean_is_the_depthwise_convolution_of_the_inputs_own_size() -> None:
    x = torch.randn(2, 3, 4, 5).double()
    kernel = torch.full((3, 1, 4, 5), 1 / 20).double()
    assert torch.allclose(global_avg_pool2d(x), F.conv2d(x, kernel, groups=3), atol=1e-12)
    assert global_avg_pool2d(x, keepdim=False).shape == (2, 3)


def test_a_window_of_minus_infinity_keeps_its_index_inside() -> None:
    x = torch.full((1, 1, 3, 3), -torch.inf)
    ours, at = max_pool2d(x, 3, 2, 1, return_indices=True)
    theirs, expected = F.max_pool2d(x, 3, 2, 1, return_indices=True)
    assert torch.equal(ours, theirs)  # exact: minus infinity, whole indices
    assert torch.equal(at, expected)


@pytest.mark.parametrize("size", [(4, 6), (5, 7)])
def test_unpooling_agrees_with_the_framework(size) -> None:
    x = torch.randn(2, 3, *size).double()
    Y, at = max_pool2d(x, 2, return_indices=True)
    ours, theirs = max_unpool2d(Y, at, 2, output_size=size), F.max_unpool2d(Y, at, [2, 2], output_size=size)
    assert torch.equal(ours, theirs)  # exact: the inputs and 0
    if size == (4, 6):
        back = max_unpool2d(Y, at, 2)
        assert torch.equal(back, F.max_unpool2d(Y, at, [2, 2]))
        assert torch.equal(back[back != 0], x[back != 0])  # each maximum stands where it was


@pytest.mark.parametrize("layer", [max_pool2d, avg_pool2d, adaptive_avg_pool2d])
def test_gradients(layer) -> None:
    x = torch.randperm(32).double().reshape(1, 2, 4, 4).requires_grad_()  # no ties: differentiable there
    assert torch.autograd.gradcheck(lambda y: layer(y, 3), (x,))
    assert torch.autograd.gradgradcheck(lambda y: layer(y, 3), (x,))


def test_maximum_is_not_additive_and_mean_is() -> None:
    a, b = torch.tensor([[0.0, 1.0]]).reshape(1, 1, 1, 2), torch.tensor([[1.0, 0.0]]).reshape(1, 1, 1, 2)
    assert max_pool2d(a + b, (1, 2)).item() == 1  # exact: whole numbers
    assert (max_pool2d(a, (1, 2)) + max_pool2d(b, (1, 2))).item() == 2
    a, b = torch.randn(2, 3, 6, 6).double(), torch.randn(2, 3, 6, 6).double()
    assert torch.allclose(avg_pool2d(a + 2 * b, 3), avg_pool2d(a, 3) + 2 * avg_pool2d(b, 3), atol=1e-12)


def test_fast_is_the_same() -> None:
    x = torch.randn(2, 3, 7, 7).double()
    for layer in (max_pool2d, avg_pool2d, adaptive_avg_pool2d):
        assert torch.allclose(layer(x, 3), layer(x, 3, fast=True), atol=1e-12)


X = torch.zeros(1, 2, 5, 5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: max_pool2d(X[0, 0], 2), r"\(N, K, H, W\) or \(K, H, W\), not shape \(5, 5\)"),
        (lambda: max_pool2d(X[:, :0], 2), r"at least one map, row and column, not shape \(1, 0, 5, 5\)"),
        (lambda: max_pool2d(X, 0), r"kernel_size must be one or two integers >= 1, not 0"),
        (lambda: max_pool2d(X, 2, 0), r"stride must be one or two integers >= 1, not 0"),
        (lambda: max_pool2d(X, 3, padding=2), r"padding of 2 rows is more than half the window's 3"),
        (lambda: max_pool2d(X, 3, dilation=3), r"spans 7 rows \(size 3, dilation 3\), .* only 5"),
        (lambda: max_pool2d_by_definition(X, 6), r"spans 6 rows .* only 5"),
        (lambda: avg_pool2d(X, (2, 6)), r"spans 6 columns .* only 5"),
        (lambda: avg_pool2d(X, 2, padding=-1), r"padding must be one or two integers >= 0, not -1"),
        (lambda: avg_pool2d(X, 2, divisor_override=0), r"divisor_override must not be 0"),
        (lambda: global_avg_pool2d(X[..., :0]), r"at least one map, row and column, not shape"),
        (lambda: adaptive_avg_pool2d(X, (2, 0)), r"output_size must be one or two integers >= 1"),
        (
            lambda: adaptive_avg_pool2d(X, (2, 2, 2)),  # type: ignore[arg-type]
            r"output_size must be one or two .* \(2, 2, 2\)",
        ),
        (
            lambda: max_unpool2d(X, X, 2),
            r"indices must be int64 and of x's shape \(1, 2, 5, 5\), not torch.float32",
        ),
        (
            lambda: max_unpool2d(X, X.long() + 100, 2),
            r"indices must lie in \[0, 100\) for a result of 10 by 10, not 100",
        ),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
