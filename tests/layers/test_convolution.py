"""conv2d against its own definition, the framework, and the course's examples."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from nonconv.layers import Conv2d, conv2d, conv2d_by_definition, same_padding


def random(*shape: int, dtype: torch.dtype = torch.float64, device: str = "cpu") -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float32 if device == "mps" else dtype).to(device)


def test_the_hand_example() -> None:
    x = torch.tensor([[1.0, 2, 3], [3, 4, 5], [1, 0, 2]]).reshape(1, 1, 3, 3)
    weight = torch.tensor([[0.0, 1], [1, -1]]).reshape(1, 1, 2, 2)
    assert conv2d(x, weight).reshape(2, 2).tolist() == [[1, 2], [5, 3]]  # exact: whole numbers


def test_the_example_of_dumoulin_and_visin() -> None:
    rows = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
    x = torch.tensor(rows, dtype=torch.float64).reshape(1, 1, 5, 5)
    weight = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]], dtype=torch.float64).reshape(1, 1, 3, 3)
    # exact: whole numbers
    assert conv2d(x, weight).reshape(3, 3).tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


def test_it_is_its_definition_index_by_index() -> None:
    x, weight, bias = random(2, 3, 5, 4), random(2, 3, 3, 2), random(2)
    assert torch.allclose(conv2d(x, weight, bias), conv2d_by_definition(x, weight, bias), atol=1e-12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    N=st.integers(0, 3),
    groups=st.integers(1, 3),
    in_group=st.integers(1, 3),
    out_group=st.integers(1, 3),
    size=st.tuples(st.integers(5, 9), st.integers(5, 9)),
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    dilation=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    bias=st.booleans(),
)
def test_it_agrees_with_the_framework(
    N, groups, in_group, out_group, size, kernel, stride, padding, dilation, bias
) -> None:
    x = random(N, groups * in_group, *size)
    weight = random(groups * out_group, in_group, *kernel)
    b = random(groups * out_group) if bias else None
    ours = conv2d(x, weight, b, stride, padding, dilation, groups)
    theirs = F.conv2d(x, weight, b, stride, padding, dilation, groups)
    assert ours.shape == theirs.shape
    assert torch.allclose(ours, theirs, atol=1e-10)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", ["same", "valid", 2, (1, 2)])
def test_borders_agree_with_the_frameworks_module(mode, padding) -> None:
    x = random(2, 3, 7, 6)
    for kernel in ((3, 3), (2, 4), (1, 3)):
        theirs = torch.nn.Conv2d(3, 2, kernel, padding=padding, padding_mode=mode).double()
        ours = conv2d(x, theirs.weight, theirs.bias, padding=padding, padding_mode=mode)
        assert torch.allclose(ours, theirs(x), atol=1e-10), kernel


def test_same_puts_the_odd_row_last_and_returns_the_rounded_up_size() -> None:
    assert same_padding(5, 2) == (0, 1)
    assert same_padding(5, 3) == (1, 1)
    for size in range(1, 9):
        for kernel in range(1, 5):
            for stride in range(1, 4):
                before, after = same_padding(size, kernel, stride)
                assert (size + before + after - kernel) // stride + 1 == -(-size // stride)


def test_gradients() -> None:
    x, weight, bias = (
        tensor.requires_grad_() for tensor in (random(1, 2, 4, 4), random(2, 1, 2, 2), random(2))
    )

    def function(*inputs: torch.Tensor) -> torch.Tensor:
        return conv2d(*inputs, stride=2, padding=1, groups=2)

    assert torch.autograd.gradcheck(function, (x, weight, bias))
    assert torch.autograd.gradgradcheck(function, (x, weight, bias))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16])
def test_dtype_and_device_follow_the_input(device: str, dtype: torch.dtype) -> None:
    if device == "mps" and dtype == torch.float64:
        pytest.skip("MPS has no float64")
    x, weight = torch.randn(2, 3, 6, 6).to(device, dtype), torch.randn(4, 3, 3, 3).to(device, dtype)
    result = conv2d(x, weight)
    assert (result.dtype, result.device.type) == (dtype, device)
    exact = F.conv2d(x.cpu().double(), weight.cpu().double())
    theirs = (F.conv2d(x, weight).cpu().double() - exact).abs().max()
    tolerance = max(4 * theirs.item(), 8 * torch.finfo(dtype).eps * exact.abs().max().item())
    assert (result.cpu().double() - exact).abs().max() <= tolerance


def test_fast_is_the_same() -> None:
    module = Conv2d(4, 6, (3, 2), stride=2, padding=1, groups=2).double()
    x = random(2, 4, 7, 7)
    fast = module(x)
    module.fast = False
    assert torch.allclose(module(x), fast, atol=1e-12)


X, W = torch.zeros(1, 4, 5, 5), torch.zeros(6, 4, 3, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: conv2d(X[0, 0], W), r"dimensions \(N, M, H, W\) or \(M, H, W\), not shape \(5, 5\)"),
        (lambda: conv2d(X, W[0]), r"weight must have 4 dimensions .* not shape \(4, 3, 3\)"),
        (lambda: conv2d(X, W[:, :3]), r"x has 4 maps, so with groups = 1 weight needs 4 .* not 3"),
        (
            lambda: conv2d(X, W[:, :1], groups=3),
            r"groups = 3 must divide both the 4 input maps and the 6 output",
        ),
        (lambda: conv2d(X, W, groups=0), r"groups must be an integer >= 1, not 0"),
        (lambda: conv2d(X, W, torch.zeros(5)), r"bias must have shape \(6,\), .* not \(5,\)"),
        (lambda: conv2d(X, W.double()), r"x is torch.float32, weight is torch.float64"),
        (lambda: conv2d(X, [1.0]), r"weight must be a torch.Tensor, not list"),  # type: ignore[arg-type]
        (lambda: conv2d(X, W, stride=2, padding="same"), r'padding="same" keeps .* stride \(2, 2\) cannot'),
        (lambda: conv2d(X, W, stride=0), r"stride must be one or two integers >= 1, not 0"),
        (lambda: conv2d(X, W, padding=-1), r"padding must be one or two integers >= 0, not -1"),
        (lambda: conv2d(X, W, padding="full"), r"padding must be \"valid\", \"same\" .* not 'full'"),
        (
            lambda: conv2d(X, W, padding=5, padding_mode="reflect"),
            r"reflect border of 5 along H .* at most 4 fit",
        ),
        (lambda: conv2d(X, W, padding_mode="mirror"), r"padding_mode must be one of .* not 'mirror'"),
        (lambda: conv2d(X, W, dilation=3), r"kernel spans 7 places along H .* only 5"),
        (
            lambda: Conv2d(4, 6, 3, groups=4),
            r"groups = 4 must divide both in_channels = 4 and out_channels = 6",
        ),
        (lambda: same_padding(5, 0), r"must be at least 1, not 5, 0, 1, 1"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
