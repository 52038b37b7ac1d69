"""Average pooling as a depthwise convolution."""

import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from helpers.reduction.numbers import whole
from nonconv.reduction import average_pooling, global_average_pooling


def pairs(least: int, most: int):
    return st.tuples(st.integers(least, most), st.integers(least, most))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    maps=st.integers(1, 4),
    size=pairs(2, 4),
    stride=st.none() | st.integers(1, 3) | pairs(1, 3),
    border=pairs(0, 1),
    seed=st.integers(0, 10**6),
)
def test_average_pooling_is_a_depthwise_convolution(maps: int, size, stride, border, seed: int) -> None:
    x = whole(2, maps, 9, 10, seed=seed)
    kernel = average_pooling(maps, size, stride, border, dtype=torch.float64)
    expected = functional.avg_pool2d(x, size, stride, border, count_include_pad=True)
    got = functional.conv2d(x, *kernel)
    assert got.shape == expected.shape
    assert torch.allclose(got, expected, rtol=0, atol=1e-14)
    assert kernel.groups == maps
    assert kernel.bias is None


def test_average_pooling_literally() -> None:
    kernel = average_pooling(3, (2, 4))
    assert kernel.weight.dtype == torch.float32
    assert torch.equal(kernel.weight, torch.full((3, 1, 2, 4), 0.125))  # exact: 1/8, a power of two
    assert kernel[1:] == (None, (2, 4), (0, 0), (1, 1), 3)
    assert average_pooling(1, 3, 1, 1)[1:] == (None, (1, 1), (1, 1), (1, 1), 1)


def test_a_border_that_does_not_count_is_another_layer() -> None:
    x = torch.ones(1, 1, 4, 4).double()
    got = functional.conv2d(x, *average_pooling(1, 3, 1, 1, dtype=torch.float64))
    uncounted = functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    assert got[0, 0, 0, 0].item() == pytest.approx(4 / 9)
    assert uncounted[0, 0, 0, 0].item() == 1  # exact: four ones over 4
    assert torch.allclose(got[..., 1:-1, 1:-1], uncounted[..., 1:-1, 1:-1])


@pytest.mark.parametrize(("H", "W"), [(1, 1), (5, 8), (8, 5)])
def test_global_average_pooling_has_the_size_of_its_input(H: int, W: int) -> None:
    x = torch.randn(2, 3, H, W).double()
    kernel = global_average_pooling(3, H, W, dtype=torch.float64)
    got = functional.conv2d(x, *kernel)
    assert got.shape == (2, 3, 1, 1)
    assert torch.allclose(got, functional.adaptive_avg_pool2d(x, 1), rtol=0, atol=1e-14)
    assert kernel.weight.shape == (3, 1, H, W)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: average_pooling(0, 2), "maps must be at least 1, not 0"),
        (lambda: average_pooling(1, 0), "kernel_size must be one or two integers >= 1, not 0"),
        (lambda: average_pooling(1, (2, -2)), "kernel_size must be one or two integers >= 1, not (2, -2)"),
        (lambda: average_pooling(1, 2, 0), "stride must be one or two integers >= 1, not 0"),
        (lambda: average_pooling(1, 2, padding=-1), "padding must be one or two integers >= 0, not -1"),
        (lambda: global_average_pooling(1, 3, 0), "kernel_size must be one or two integers >= 1, not (3, 0)"),
        (lambda: global_average_pooling(0, 3, 3), "maps must be at least 1, not 0"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        call()
