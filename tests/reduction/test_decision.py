"""Is a function a convolution: the kernel of one that is, None for what is none, and its matrix."""

import re

import pytest
import torch
from torch.nn import functional

from helpers.reduction.numbers import whole
from nonconv.checks.given.layers import LAYERS, Layer
from nonconv.layers import convolution_matrix
from nonconv.reduction import as_convolution, compose, matrix_of, widen

CANDIDATES = {id: entry for id, entry in LAYERS.items() if entry.is_convolution is not None}


@pytest.mark.parametrize("maps", [(1, 1), (3, 2)])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding"),
    [
        (1, 1, 0),
        (3, 1, 0),
        (3, 1, 1),
        (3, 2, 1),
        ((2, 3), 1, 0),
        ((3, 2), (1, 2), (0, 1)),
        (2, 3, 0),
        ((5, 1), (2, 1), (3, 0)),
    ],
)
@pytest.mark.parametrize("biased", [True, False])
def test_the_kernel_of_a_convolution_is_found_exactly(maps, kernel, stride, padding, biased: bool) -> None:
    (M, K), size = maps, (kernel, kernel) if isinstance(kernel, int) else kernel
    weight, bias = whole(K, M, *size, seed=1), whole(K, seed=2)
    found = as_convolution(
        lambda x: functional.conv2d(x, weight, bias if biased else None, stride, padding),
        (M, 6, 7),
        kernel,
        stride,
        padding,
    )
    assert found is not None
    assert torch.equal(found[0], weight)  # exact: whole numbers
    assert torch.equal(found[1], bias if biased else torch.zeros(K).double())


def test_a_grouped_convolution_is_one_with_zeros() -> None:
    weight = whole(4, 1, 2, 2, seed=1)
    found = as_convolution(lambda x: functional.conv2d(x, weight, groups=2), (2, 4, 4), 2)
    assert found is not None
    assert found[0].shape == (4, 2, 2, 2)
    assert torch.equal(found[0][:2, :1], weight[:2])  # exact: whole numbers
    assert torch.equal(found[0][2:, 1:], weight[2:])
    assert found[0][:2, 1].count_nonzero() == found[0][2:, 0].count_nonzero() == 0


def test_the_exercise_asks_about_layers_of_both_kinds() -> None:
    assert {entry.is_convolution for entry in CANDIDATES.values()} == {True, False}


@pytest.mark.parametrize("id", CANDIDATES)
def test_the_layers_of_the_exercise(id: str) -> None:
    layer = Layer(id)
    form = layer.form
    found = as_convolution(layer, form.shape, form.kernel, form.stride, form.padding)
    assert (found is not None) == CANDIDATES[id].is_convolution
    if found is not None:
        x = torch.randn(3, *form.shape).double()
        replay = functional.conv2d(x, *found, form.stride, form.padding)
        assert torch.allclose(replay, layer(x), rtol=0, atol=1e-10)


SAME = (1, 5, 5)
THREE = whole(1, 1, 3, 3, seed=3) + 10


def of_its_place(x: torch.Tensor) -> torch.Tensor:
    return x + torch.arange(5.0, dtype=torch.float64)


@pytest.mark.parametrize(
    ("f", "kernel", "padding"),
    [
        (lambda x: functional.conv2d(x, THREE, padding=1), 1, 0),  # declared too small, sizes agree
        (lambda x: functional.conv2d(x, THREE), 2, 0),  # declared too small, sizes differ
        (lambda x: functional.conv2d(functional.pad(x, (1, 1, 1, 1), mode="circular"), THREE), 3, 1),
        (lambda x: functional.conv2d(functional.pad(x, (1, 1, 1, 1), mode="reflect"), THREE), 3, 1),
        (lambda x: functional.conv2d(functional.pad(x, (1, 1, 1, 1), value=1.0), THREE), 3, 1),
        (lambda x: functional.conv2d(x, THREE, padding=1), 3, 0),  # another border than declared
        (lambda x: x.mT, 1, 0),
        (lambda x: x.flip(3), 1, 0),
        (lambda x: x.roll(1, 3), 3, 1),
        (of_its_place, 1, 0),  # affine, but its constant depends on the place
        (lambda x: x * torch.arange(1.0, 6, dtype=torch.float64), 1, 0),
        (lambda x: x - x.mean(0, keepdim=True) if len(x) > 1 else x, 1, 0),  # sees the other images
        (lambda x: x + 1e-3 * x**2, 1, 0),
        (lambda x: x + x.clamp(min=1) - 1, 1, 0),  # affine on all impulses, not on larger numbers
        (lambda x: x.clamp(-8, 8), 1, 0),  # affine but on large numbers
        (lambda x: 2 * x if x.count_nonzero() == 1 and x[0, 0, 0, 0] == 0 else x, 1, 0),  # but on impulses
        (lambda x: x * torch.nan, 1, 0),
        (lambda x: x + torch.inf, 1, 0),
        (lambda x: x / x, 1, 0),
        (lambda x: x[:, 0], 1, 0),  # three dimensions
        (lambda x: x[..., :-1], 1, 0),
        (lambda x: x.cumsum(3), 5, 2),
    ],
)
def test_what_is_none_of_the_declared_form_is_none(f, kernel: int, padding: int) -> None:
    assert as_convolution(f, SAME, kernel, 1, padding) is None


def test_another_stride_than_declared_is_none() -> None:
    f = lambda x: functional.conv2d(x, THREE, stride=2)  # noqa: E731
    assert as_convolution(f, (1, 7, 7), 3, 2) is not None
    assert as_convolution(f, (1, 7, 7), 3, 1) is None
    # the output has the declared size, but strides over the input otherwise
    nearest = lambda x: x[..., [0, 3], :][..., [0, 3]]  # noqa: E731
    assert as_convolution(nearest, (1, 4, 4), 1, 2) is None
    assert as_convolution(nearest, (1, 4, 4), 1, 3) is not None


@pytest.mark.parametrize(("kernel", "padding"), [(5, 2), ((5, 3), (2, 1)), ((3, 7), (1, 3))])
def test_a_larger_declared_kernel_is_the_kernel_with_zeros_around(kernel, padding) -> None:
    weight, bias = whole(2, 2, 3, 3, seed=1), whole(2, seed=2)
    found = as_convolution(
        lambda x: functional.conv2d(x, weight, bias, padding=1), (2, 7, 8), kernel, 1, padding
    )
    assert found is not None
    assert torch.equal(found[0], widen(weight, kernel))  # exact: whole numbers
    assert torch.equal(found[1], bias)


def test_a_tap_that_never_meets_the_input_is_zero() -> None:
    weight = torch.arange(1.0, 6, dtype=torch.float64).reshape(1, 1, 1, 5)
    f = lambda x: functional.conv2d(x, weight, padding=(0, 2))  # noqa: E731
    found = as_convolution(f, (1, 1, 2), (1, 5), 1, (0, 2))
    assert found is not None
    assert found[0].flatten().tolist() == [0, 2, 3, 4, 0]  # exact: whole numbers


def test_the_two_layers_of_compose_are_found_as_what_compose_says() -> None:
    F, b, G, g = whole(2, 1, 2, 2, seed=1), whole(2, seed=2), whole(1, 2, 2, 2, seed=3), whole(1, seed=4)
    kernel = compose(F, b, G, g, stride=(2, 1))
    found = as_convolution(
        lambda x: functional.conv2d(functional.conv2d(x, F, b, 2), G, g), (1, 8, 8), 4, kernel.stride
    )
    assert found is not None
    assert torch.equal(found[0], kernel.weight)  # exact: whole numbers
    assert kernel.bias is not None
    assert torch.equal(found[1], kernel.bias)


def test_tolerance_is_relative_to_the_largest_value() -> None:
    def nearly(x: torch.Tensor) -> torch.Tensor:
        return 1e6 * x + 1e-2 * x.sign() * (x.abs() > 1.5)

    assert as_convolution(nearly, SAME, 1) is None
    found = as_convolution(nearly, SAME, 1, tolerance=1e-7)
    assert found is not None
    assert found[0].item() == 1e6  # exact: f(0) = 0, f(1) = 10⁶


def test_a_function_that_works_in_place_is_judged_by_what_it_returns() -> None:
    found = as_convolution(lambda x: x.mul_(2), SAME, 1)
    assert found is not None
    assert found[0].item() == 2  # exact: whole numbers
    A, _ = matrix_of(lambda x: x.mul_(2), SAME)
    assert torch.equal(A, 2 * torch.eye(25).double())


def test_the_matrix_of_an_affine_function() -> None:
    A, c = matrix_of(lambda x: 3 * x.mT + 5, (1, 2, 2))
    assert A.tolist() == [[3, 0, 0, 0], [0, 0, 3, 0], [0, 3, 0, 0], [0, 0, 0, 3]]  # exact: whole numbers
    assert c.tolist() == [5, 5, 5, 5]
    x, weight, bias = whole(1, 2, 4, 5, seed=0), whole(3, 2, 3, 2, seed=1), whole(3, seed=2)
    f = lambda x: functional.conv2d(x, weight, bias, (2, 1), (1, 0))  # noqa: E731
    A, c = matrix_of(f, (2, 4, 5))
    assert torch.equal(A @ x.flatten() + c, f(x).flatten())
    assert matrix_of(lambda x: x, (1, 1, 1), torch.float32)[0].dtype == torch.float32


def test_a_matrix_is_toeplitz_literally() -> None:
    A = convolution_matrix(torch.tensor([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3), (1, 5))
    assert A.tolist() == [[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]]  # exact: whole numbers
    same = convolution_matrix(torch.tensor([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3), (1, 4), padding=(0, 1))
    assert same.tolist() == [[2, 3, 0, 0], [1, 2, 3, 0], [0, 1, 2, 3], [0, 0, 1, 2]]
    strided = convolution_matrix(torch.tensor([1.0, 2.0]).reshape(1, 1, 1, 2), (1, 4), stride=(1, 2))
    assert strided.tolist() == [[1, 2, 0, 0], [0, 0, 1, 2]]


def test_each_entry_of_a_matrix_in_two_dimensions() -> None:
    weight, (H, W) = whole(1, 1, 2, 3, seed=1), (4, 5)
    A = convolution_matrix(weight, (H, W)).reshape(3, 3, H, W)
    for i in range(3):
        for j in range(3):
            for row in range(H):
                for column in range(W):
                    u, v = row - i, column - j
                    inside = 0 <= u < 2 and 0 <= v < 3
                    assert A[i, j, row, column] == (weight[0, 0, u, v] if inside else 0)


@pytest.mark.parametrize("stride", [1, 2])
def test_composition_is_the_product_of_the_matrices(stride: int) -> None:
    F, G = whole(3, 2, 3, 2, seed=1), whole(2, 3, 2, 2, seed=2)
    first = convolution_matrix(F, (7, 6), stride, 1)
    middle = functional.conv2d(torch.zeros(1, 2, 7, 6).double(), F, None, stride, 1).shape[1:]
    O = compose(F, None, G, None, stride=(stride, 1), padding=(1, 0))
    one = convolution_matrix(O.weight, (7, 6), O.stride, O.padding)
    product = convolution_matrix(G, (middle[1], middle[2])) @ first
    assert torch.equal(product, one)  # exact: whole numbers


def test_a_border_in_between_makes_the_product_no_convolution() -> None:
    """SAME after SAME: the product is Toeplitz but for its corners."""
    A = convolution_matrix(torch.ones(1, 1, 1, 3), (1, 5), padding=(0, 1))
    kernel = compose(torch.ones(1, 1, 1, 3), None, torch.ones(1, 1, 1, 3), None)
    guess = convolution_matrix(kernel.weight, (1, 5), padding=(0, 2))
    assert (guess != A @ A).nonzero().tolist() == [[0, 0], [4, 4]]


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (1, 1), ((2, 1), (0, 1))])
def test_the_transposed_convolution_is_the_transposed_matrix(stride, padding) -> None:
    weight = whole(3, 2, 3, 3, seed=1)
    shape = functional.conv2d(torch.zeros(1, 2, 7, 5).double(), weight, None, stride, padding).shape
    A = convolution_matrix(weight, (7, 5), stride, padding)
    transposed, constant = matrix_of(
        lambda y: functional.conv_transpose2d(y, weight, None, stride, padding),
        (shape[1], shape[2], shape[3]),
    )
    assert torch.equal(transposed, A.T)  # exact: whole numbers
    assert constant.count_nonzero() == 0


@pytest.mark.parametrize("groups", [2, 4])
def test_groups_make_the_matrix_block_diagonal(groups: int) -> None:
    weight = whole(8, 4 // groups, 2, 2, seed=1)
    blocks = [convolution_matrix(part, (3, 4)) for part in weight.chunk(groups)]
    # exact: whole numbers
    assert torch.equal(convolution_matrix(weight, (3, 4), groups=groups), torch.block_diag(*blocks))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda f: as_convolution(f, (1, 3, 3), 4),
            "a kernel of (4, 4) does not fit into (3, 3) with padding (0, 0)",
        ),
        (
            lambda f: as_convolution(f, (1, 3, 9), (6, 2), 1, 1),
            "a kernel of (6, 2) does not fit into (3, 9) with padding (1, 1)",
        ),
        (
            lambda f: as_convolution(f, (1, 9, 3), (2, 6), 2, (0, 1)),
            "a kernel of (2, 6) does not fit into (9, 3) with padding (0, 1)",
        ),
        (lambda f: as_convolution(f, (1, 3, 3), 0), "kernel must be one or two integers >= 1, not 0"),
        (lambda f: as_convolution(f, (1, 3, 3), 1, 0), "stride must be one or two integers >= 1, not 0"),
        (
            lambda f: as_convolution(f, (1, 3, 3), 1, 1, (0, -1)),
            "padding must be one or two integers >= 0, not (0, -1)",
        ),
    ],
)
def test_bad_input_is_named_before_the_function_is_called(call, message: str) -> None:
    def never(x: torch.Tensor) -> torch.Tensor:
        raise AssertionError

    with pytest.raises(ValueError, match=re.escape(message)):
        call(never)


def test_a_kernel_as_large_as_the_input_with_its_border_fits() -> None:
    weight = whole(1, 1, 5, 5, seed=0)
    found = as_convolution(lambda x: functional.conv2d(x, weight, padding=1), (1, 3, 3), 5, 1, 1)
    assert found is not None
    assert torch.equal(found[0][0, 0, 1:-1, 1:-1], weight[0, 0, 1:-1, 1:-1])  # exact: whole numbers
