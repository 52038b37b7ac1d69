"""Batch norm as a convolution, and merged into one; the slides' bias wrong by just what the course says."""

import pytest
import torch

from nonconv import layers
from nonconv.reduction import affine_form, depthwise_1x1, fold, merge, merge_as_on_the_slides

EPS = 1e-3


def statistics(K: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """γ, β, μ, σ² of K maps."""
    gamma, beta, mean = torch.randn(3, K, dtype=torch.float64)
    return gamma, beta, mean, torch.rand(K, dtype=torch.float64) + 0.1


def normalised(y: torch.Tensor, gamma, beta, mean, var) -> torch.Tensor:
    return torch.nn.functional.batch_norm(y, mean, var, gamma, beta, eps=EPS)


def test_batch_norm_in_evaluation_mode_is_affine_and_a_depthwise_1x1_convolution() -> None:
    y, of = torch.randn(2, 4, 5, 5, dtype=torch.float64), statistics(4)
    G, g = affine_form(*of, EPS)
    expected = normalised(y, *of)
    assert torch.allclose(G[:, None, None] * y + g[:, None, None], expected, atol=1e-12)
    kernel, bias = depthwise_1x1(G, g)
    assert torch.allclose(layers.conv2d(y, kernel, bias, groups=4), expected, atol=1e-12)


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_the_merged_convolution_is_the_two_layers(groups: int, padding: str) -> None:
    x, weight, b = (
        torch.randn(*shape, dtype=torch.float64) for shape in ((2, 4, 6, 6), (8, 4 // groups, 3, 3), (8,))
    )
    of = statistics(8)
    O, o = merge(weight, b, *affine_form(*of, EPS))
    two = normalised(torch.nn.functional.conv2d(x, weight, b, padding=padding, groups=groups), *of)
    assert torch.allclose(layers.conv2d(x, O, o, padding=padding, groups=groups), two, atol=1e-10)


def test_the_slides_bias_misses_by_one_minus_scale_times_b() -> None:
    weight, b, of = (
        torch.randn(3, 2, 3, 3, dtype=torch.float64),
        torch.randn(3, dtype=torch.float64),
        statistics(3),
    )
    G, g = affine_form(*of, EPS)
    right, slides = merge(weight, b, G, g), merge_as_on_the_slides(weight, b, *of, EPS)
    assert torch.allclose(slides[0], right[0], rtol=0, atol=1e-14)
    assert torch.allclose(slides[1] - right[1], (1 - G) * b, atol=1e-12)


@pytest.mark.parametrize("library", [torch.nn, layers], ids=["torch", "nonconv"])
@pytest.mark.parametrize("bias", [True, False])
def test_fold_replaces_both_modules_and_changes_neither(library, bias: bool) -> None:
    conv, norm = library.Conv2d(3, 4, 3, padding=1, bias=bias).double(), library.BatchNorm2d(4).double()
    with torch.no_grad():
        for tensor, value in zip(
            (norm.weight, norm.bias, norm.running_mean, norm.running_var), statistics(4), strict=True
        ):
            tensor.copy_(value)
    norm.eval()
    before = [tensor.clone() for tensor in (conv.weight, norm.weight, norm.running_var)]
    x = torch.randn(2, 3, 6, 6, dtype=torch.float64)
    folded = fold(conv, norm)
    assert type(folded) is type(conv)
    assert torch.allclose(folded(x), norm(conv(x)), atol=1e-10)
    assert all(map(torch.equal, before, (conv.weight, norm.weight, norm.running_var)))


def test_fold_takes_a_batch_norm_without_gamma_and_beta() -> None:
    conv, norm = torch.nn.Conv2d(1, 2, 2).double(), torch.nn.BatchNorm2d(2, affine=False).double().eval()
    x = torch.randn(1, 1, 4, 4, dtype=torch.float64)
    assert torch.allclose(fold(conv, norm)(x), norm(conv(x)), atol=1e-12)


TWO, THREE, KERNEL = torch.ones(2), torch.ones(3), torch.ones(3, 2, 1, 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: affine_form(THREE, TWO, THREE, THREE, EPS), r"bias must have shape \(3,\), .* not \(2,\)"),
        (
            lambda: affine_form(KERNEL, TWO, TWO, TWO, EPS),
            r"weight must have shape \(K,\), .* not \(3, 2, 1, 1\)",
        ),
        (lambda: affine_form(TWO, TWO, TWO, TWO.double(), EPS), r"var is torch.float64"),
        (lambda: affine_form(TWO, TWO, TWO, -TWO, EPS), r"never negative, but the smallest in var is -1.0"),
        (lambda: affine_form(TWO, TWO, TWO, TWO, -1.0), r"eps must not be negative, but it is -1.0"),
        (lambda: depthwise_1x1(TWO, THREE), r"g must have shape \(2,\), .* not \(3,\)"),
        (lambda: merge(KERNEL, TWO, THREE, THREE), r"bias must have shape \(3,\), .* not \(2,\)"),
        (lambda: merge(THREE, THREE, THREE, THREE), r"weight must be a kernel .* not of shape \(3,\)"),
        (
            lambda: fold(torch.nn.Conv2d(1, 3, 1), torch.nn.BatchNorm2d(3)),
            r"training mode, .* call .eval\(\)",
        ),
        (
            lambda: fold(torch.nn.Conv2d(1, 3, 1), torch.nn.BatchNorm2d(2).eval()),
            r"has 3 output maps, .* has 2",
        ),
        (
            lambda: fold(torch.nn.Conv2d(1, 3, 1), torch.nn.BatchNorm2d(3, track_running_stats=False).eval()),
            r"no running averages",
        ),
        (
            lambda: fold(torch.nn.Conv2d(1, 3, 1).double(), torch.nn.BatchNorm2d(3).eval()),
            r"all tensors must have one dtype, but weight is torch.float64",
        ),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
