"""Unit 2's properties: each kind of right answer is taken, each kind of wrong one told what is missing."""

import json
import math

import pytest
import torch

from helpers.checks.properties import properties_of, says
from nonconv.checks import Case, Check, failure
from nonconv.checks.encoding import decode, encode
from nonconv.checks.properties import reduction

NAN, INF = math.nan, math.inf
T = torch.tensor


def test_every_property_has_tests_here_and_none_takes_none() -> None:
    inputs = {
        "breaks_the_slides_bias": {},
        "breaks_additivity_of_max_pooling": {},
        "is_column_times_row": {"F": torch.ones(2, 2)},
        "shows_that_same_after_same_is_no_convolution": {},
        "shows_that_training_depends_on_the_batch": {},
    }
    assert set(inputs) == properties_of(reduction)
    for name, given in inputs.items():
        message = says(name, None, **given)
        assert message is not None
        assert "returned None" in message or "you returned None" in message


SLIDES = "breaks_the_slides_bias"


@pytest.mark.parametrize(
    "answer",
    [
        (1.0, 2.0, 0.0, 0.0, 1.0, 1e-5),
        [1, 0, 0, 0, 1, 0.5],  # γ = 0: batch norm throws b away
        (T(2.0), T([3.0]), T([[1.0]]), T(0.5), T(4), 1e-3),
        (-5, -1, 2, 3, 0, 1e-5),  # σ² = 0 is allowed
        (1e-3, 100, 0, 0, 1, 1e-5),
        (1e6, 1.001, 1e3, 0, 1, 1e-9),
        (1e-9, 3, 1, 0, 1, 1e-5),  # small, but no rounding
        (1, 1.001, 1e20, 0, 1, 1e-9),  # β hides the difference from float64, not from mathematics
        (5, 1, 3, 2, 1, 1e-7),  # a fresh layer's G is not quite 1
    ],
)
def test_numbers_for_which_the_slides_are_wrong(answer) -> None:
    assert says(SLIDES, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (3.0, "return six numbers, in this order: b, gamma, beta, mu, var, eps"),
        ((1, 2, 3, 4, 5), "return six numbers"),
        ("abcdef", "return six numbers"),
        ((1, 2, 3, 4, 5, "ε"), "must be one number"),
        ((1, 2, 3, None, 5, 6), "must be one number"),
        ((1, 2, T([1.0, 2.0]), 0, 1, 1e-5), "must be one number"),
        ((1, 2, 0, 0, 0, 0), "var and eps must not both be 0: batch norm divides by √(σ² + ε)"),
        ((1, 2, 0, 0, 1, -1e-5), "ε is never negative, but eps is -1e-05"),
        ((1, 1, 0, 0, 1, 0), "Your G is 1"),
        ((1, 2, 0, 0, -1, 1e-5), "a variance is never negative, but var is -1"),
        ((NAN, 2, 0, 0, 1, 1e-5), "all numbers must be finite"),
        ((1, 2, 0, 0, NAN, 1e-5), "all numbers must be finite"),
        ((1, INF, 0, 0, 1, 1e-5), "all numbers must be finite"),
        ((INF, 2, 0, 0, 1, 1e-5), "all numbers must be finite"),
        ((1, 2, 0, 0, INF, 1e-5), "all numbers must be finite"),
        ((1, 2, 0, 0, 1, INF), "all numbers must be finite"),
        ((0, 2, 3, 0, 1, 1e-5), "Your convolution has b = 0: nothing is there for batch norm to scale"),
        ((5, 1, 3, 2, 0.75, 0.25), "Your G is 1: batch norm leaves b as it is"),
        ((5, math.sqrt(4.00001), 3, 2, 4, 1e-5), "Your G is 1: batch norm leaves b as it is"),
        ((5, 1 + 1e-14, 3, 2, 0.75, 0.25), "Your G is 1"),
    ],
)
def test_numbers_that_show_nothing_about_the_slides(answer, sentence: str) -> None:
    message = says(SLIDES, answer)
    assert message is not None
    assert sentence in message


MAX = "breaks_additivity_of_max_pooling"


def image(*rows: list[float]) -> torch.Tensor:
    return torch.tensor([[list(rows)]])


APART = image([1.0, 0.0], [0.0, 0.0]), image([0.0, 1.0], [0.0, 0.0])


@pytest.mark.parametrize(
    "answer",
    [
        APART,
        list(APART),
        (APART[0], -APART[0]),
        (image([1, 0], [0, 0]), image([0, 0], [0, 3])),  # whole numbers
        (torch.arange(32.0).reshape(1, 2, 4, 4), -torch.arange(32.0).reshape(1, 2, 4, 4)),
        (1e-4 * APART[0].requires_grad_(), 1e-4 * APART[1]),
        (torch.arange(15.0).reshape(1, 1, 3, 5), torch.arange(15.0).reshape(1, 1, 3, 5).flip(3)),
        (APART[0].double(), 1e-9 * APART[1].double()),  # small, but no rounding
        (1e308 * APART[0].double(), 1.5e308 * APART[1].double()),
        (1e308 * APART[0].double(), 9e307 * APART[0].double() + 1.5e308 * APART[1].double()),
    ],
)
def test_images_for_which_max_pooling_is_not_additive(answer) -> None:
    assert says(MAX, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (APART[0], "return two tensors x and y"),
        ((*APART, APART[0]), "return two tensors x and y"),
        ((APART[0], 1.0), "x and y must be two tensors of one shape"),
        (([[1.0]], [[2.0]]), "x and y must be two tensors of one shape"),
        ((APART[0], torch.zeros(1, 1, 2, 3)), "one shape, not (1, 1, 2, 2) and (1, 1, 2, 3)"),
        (
            (image([0.0] * 2, [0.0] * 2, [1.0, 0.0]), image([0.0] * 2, [0.0] * 2, [0.0, 1.0])),
            "do not reach the last row or column of an odd number",
        ),
        ((APART[0][0], APART[1][0]), "must have shape (N, M, H, W) with H and W at least 2, not (1, 2, 2)"),
        ((torch.zeros(1, 1, 1, 4), torch.ones(1, 1, 1, 4)), "not (1, 1, 1, 4)"),
        ((torch.zeros(0, 1, 2, 2), torch.zeros(0, 1, 2, 2)), "not (0, 1, 2, 2)"),
        ((APART[0], APART[1] * NAN), "all numbers must be finite"),
        ((APART[0] - INF, APART[1]), "all numbers must be finite"),
        ((APART[0], 0 * APART[0]), "One of them is 0 everywhere"),
        ((0 * APART[0], APART[0]), "One of them is 0 everywhere"),
        ((APART[0], 3 * APART[0]), "Put the maxima of one window at different places"),
        ((APART[0], torch.ones(1, 1, 2, 2)), "a constant only shifts the maximum. Put both maxima into one"),
        (
            (image([1.0, 0, 0, 0], [0.0] * 4), image([0.0, 0, 1, 0], [0.0] * 4)),
            "In each window one of the two is the same everywhere",
        ),
        ((APART[0].double(), 1e-14 * APART[1].double()), "which rounding could explain; make it larger"),
    ],
)
def test_images_that_show_nothing_about_max_pooling(answer, sentence: str) -> None:
    message = says(MAX, answer)
    assert message is not None
    assert sentence in message


@pytest.mark.parametrize(
    "answer",
    [
        (1e-8 * APART[0], 1e-8 * APART[1]),
        (
            image([1e7, 0, 1, 0], [0, 0, 0, 0]).double(),
            image([1e7, 0, 0, 1], [0, 0, 0, 0]).double(),
        ),
    ],
    ids=["all small", "small beside large"],
)
def test_a_difference_taken_for_rounding_is_not_called_one_place(answer) -> None:
    message = says(MAX, answer)
    assert message is None or "same place" not in message


COLUMN = "is_column_times_row"
SOBEL = T([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]], dtype=torch.float64)
OUTLINE = T([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]], dtype=torch.float64)
PAIR = T([1.0, 2, 1]), T([1.0, 0, -1])


@pytest.mark.parametrize(
    ("kernel", "answer"),
    [
        (SOBEL, PAIR),
        (SOBEL, [PAIR[0].double(), PAIR[1].double()]),
        (SOBEL, (-4 * PAIR[0], PAIR[1] / -4)),
        (SOBEL, (T([1, 2, 1]), T([1, 0, -1]))),
        (SOBEL, (PAIR[0].clone().requires_grad_(), PAIR[1])),
        (SOBEL[:2], (T([1.0, 2]), PAIR[1])),
        (SOBEL.float(), PAIR),
        (torch.zeros(2, 3), (torch.zeros(2), torch.ones(3))),
        (1e-9 * SOBEL, (1e-9 * PAIR[0].double(), PAIR[1].double())),
        (torch.zeros(2, 3), (torch.ones(2), torch.zeros(3))),
        (OUTLINE, None),
        (torch.eye(2), None),
    ],
)
def test_a_column_and_a_row_or_none_where_there_is_no_such_pair(kernel, answer) -> None:
    assert says(COLUMN, answer, F=kernel) is None


@pytest.mark.parametrize(
    ("kernel", "answer", "sentence"),
    [
        (SOBEL, None, "this kernel is a column times a row, but you returned None"),
        (torch.zeros(2, 2), None, "this kernel is a column times a row, but you returned None"),
        (SOBEL, PAIR[0], "return the pair (column, row), or None if there is no such pair"),
        (SOBEL, (*PAIR, 1), "return the pair (column, row)"),
        (SOBEL, (PAIR[0], None), "column and row must be tensors"),
        (SOBEL, ([1, 2, 1], [1, 0, -1]), "column and row must be tensors"),
        (SOBEL, (PAIR[0][:, None], PAIR[1]), "expected shapes (3,) and (3,), got (3, 1) and (3,)"),
        (SOBEL[:2], PAIR, "expected shapes (2,) and (3,), got (3,) and (3,)"),
        (SOBEL, PAIR[::-1], "column times row is not F: at [0, 1] the product is 2, F has 0"),
        (SOBEL, (PAIR[0], T([1.0, 0, -1.001])), "at [1, 2] the product is -2.002, F has -2"),
        (SOBEL, (PAIR[0] * 0, PAIR[1]), "at [1, 0] the product is 0, F has 2"),
        (SOBEL, (PAIR[0] * NAN, PAIR[1]), "nan"),
        (SOBEL, (T([1.0, NAN, 1]), PAIR[1]), "nan"),
        (SOBEL, (T([INF, 2, 1]), PAIR[1]), "a nan or an infinity"),
        (torch.ones(2, 2), (T([INF, 1]), torch.ones(2)), "a nan or an infinity"),
        (OUTLINE, False, "where there is no such pair, return None itself, not bool False"),
        (OUTLINE, (None, None), "where there is no such pair, return None itself, not a tuple of 2 values"),
        (1e-9 * SOBEL, (0 * PAIR[0], PAIR[1]), "at [1, 0] the product is 0, F has 2e-09"),
        (OUTLINE, PAIR, "its rows are no multiples of one row. Return None for it."),
        (OUTLINE, (PAIR[0] * NAN, PAIR[1]), "Return None for it."),
    ],
)
def test_no_column_times_row(kernel, answer, sentence: str) -> None:
    message = says(COLUMN, answer, F=kernel)
    assert message is not None
    assert sentence in message


@pytest.mark.parametrize(
    "how",
    [lambda F: F, lambda F: F.float(), lambda F: decode(encode(F))],
    ids=["float64", "float32", "through JSON"],
)
def test_rounding_does_not_make_a_separable_kernel_inseparable(how) -> None:
    gauss = torch.exp(-(torch.linspace(-2, 2, 5).double() ** 2) / 3)
    kernel = how(torch.outer(gauss, gauss / 7))
    assert says(COLUMN, (gauss, gauss / 7), F=kernel) is None
    assert says(COLUMN, None, F=kernel) == "this kernel is a column times a row, but you returned None"


SAME = "shows_that_same_after_same_is_no_convolution"
ONES = [1, 1, 1]


@pytest.mark.parametrize(
    "answer",
    [
        (ONES, ONES, 5, 0, 0),
        [ONES, ONES, 5, 3, 3],
        ((1.0, 2.0, 3.0), T([1, 1, 1]), 4, 0, 0),
        (ONES, [0, 0, 1, 0, 2], 6, 3, 4),
        ([0, 0, 1], [1, 0, 0], 3, 0, 0),
        ([1] * 9, [2] * 9, 50, 48, 48),
        ([1, 1, 10**50], [10**50 + 1, 1, 1], 4, 0, 0),
    ],
)
def test_entries_of_a_matrix_that_is_not_toeplitz(answer) -> None:
    assert says(SAME, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (7, "return (F, G, n, i, j)"),
        ((ONES, ONES, 5, 0), "return (F, G, n, i, j)"),
        ((1, 1, 5, 0, 0), "F must be a list of whole numbers, not int 1"),
        ((None, ONES, 5, 0, 0), "F must be a list of whole numbers, not None"),
        ((["a"], ONES, 5, 0, 0), "each entry of F must be one number, not str 'a'"),
        (
            (torch.ones(1, 3, 3), ONES, 5, 0, 0),
            "each entry of F must be one number, not a tensor of shape (3, 3)",
        ),
        (([1, NAN, 1], ONES, 5, 0, 0), "each entry of F must be a whole number, not float nan"),
        ((ONES, [1, INF, 1], 5, 0, 0), "each entry of G must be a whole number, not float inf"),
        (([1, 0.5, 1], ONES, 5, 0, 0), "each entry of F must be a whole number, not float 0.5"),
        (([1, 1], ONES, 5, 0, 0), "an odd number and at most 9; they have 2 and 3"),
        ((ONES, [], 5, 0, 0), "must have 1, 3, 5, 7 or 9 numbers"),
        ((ONES, [1] * 11, 5, 0, 0), "must have 1, 3, 5, 7 or 9 numbers"),
        ((ONES, ONES, 5.5, 0, 0), "n must be a whole number, not float 5.5"),
        ((ONES, ONES, True, 0, 0), "n must be one number, not bool True"),
        ((ONES, ONES, 5, 0, False), "j must be one number, not bool False"),
        ((ONES, ONES, 1, 0, 0), "n must be from 2 to 50, not 1"),
        ((ONES, ONES, 51, 0, 0), "n must be from 2 to 50, not 51"),
        ((ONES, ONES, 5, 4, 4), "must still be below n = 5; they are 4 and 4"),
        ((ONES, ONES, 5, -1, 0), "they are -1 and 0"),
        ((ONES, ONES, 5, 0, 4), "they are 0 and 4"),
        ((ONES, ONES, 5, 1, 1), "A[1][1] and A[2][2] are both 3, as they are for a convolution"),
        ((ONES, ONES, 5, 0, 1), "A[0][1] and A[1][2] are both 2, as they are for a convolution"),
        ((ONES, ONES, 5, 2, 2), "only where G reads beyond the border"),
        ((ONES, [1], 5, 0, 0), "no other place shows it either"),
        (([0, 0, 1], [0, 0, 1], 5, 0, 0), "no other place shows it either"),
        (([0, 0, 0], ONES, 5, 0, 0), "are both 0"),
        # in float64 the sums of these would differ by their order
        (([10**17, 1, 3], [10**17, 3, 1], 6, 1, 2), "are both"),
    ],
)
def test_entries_that_show_nothing_about_same_after_same(answer, sentence: str) -> None:
    message = says(SAME, answer)
    assert message is not None
    assert sentence in message


BATCH = "shows_that_training_depends_on_the_batch"
FIRST = torch.arange(4.0).reshape(1, 1, 2, 2)
AT_THE_MEAN = torch.cat([0 * FIRST, FIRST, -FIRST])
SPECK = 1e-11 * torch.tensor([0.0, 1]).double().reshape(2, 1, 1, 1)  # in the second image


@pytest.mark.parametrize(
    "answer",
    [
        (torch.cat([FIRST, FIRST]), torch.cat([FIRST, FIRST + 3])),
        [FIRST, torch.cat([FIRST, 5 * FIRST])],  # batches of different sizes
        (torch.cat([FIRST, FIRST + 3]).long(), torch.cat([FIRST, FIRST - 3]).long()),
        (torch.zeros(2, 1, 1, 1), T([0.0, 1]).reshape(2, 1, 1, 1)),
        (torch.cat([FIRST, FIRST + 1]).requires_grad_(), torch.cat([FIRST, FIRST - 1])),
        (torch.cat([FIRST, FIRST]), torch.cat([FIRST, FIRST + 1e-3])),
        (torch.cat([FIRST, FIRST]).double() * 1e200, torch.cat([FIRST, 3 * FIRST]).double() * 1e200),
        (torch.cat([FIRST, FIRST]) * 1e-12, torch.cat([FIRST, 3 * FIRST]) * 1e-12),
        (torch.full((3, 1, 1, 1), 0.1), torch.tensor([0.1, 0, 0]).reshape(3, 1, 1, 1)),
    ],
)
def test_two_batches_that_move_the_first_image(answer) -> None:
    assert says(BATCH, answer) is None


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (FIRST, "return two batches"),
        ((FIRST,), "return two batches"),
        ((FIRST, [1.0]), "both batches must be tensors"),
        (
            (FIRST[0], FIRST[0]),
            "both must have shape (N, K, H, W), none of it 0, not (1, 2, 2) and (1, 2, 2)",
        ),
        (
            (FIRST, FIRST[:0]),
            "both must have shape (N, K, H, W), none of it 0, not (1, 1, 2, 2) and (0, 1, 2, 2)",
        ),
        ((FIRST, FIRST[..., :1]), "their images must have one shape, not (1, 2, 2) and (1, 2, 1)"),
        ((torch.zeros(1, 1, 1, 1), torch.zeros(2, 1, 1, 1)), "with a single number in each map"),
        ((torch.zeros(2, 0, 1, 1), torch.zeros(2, 0, 1, 1)), "(2, 0, 1, 1)"),
        ((FIRST, FIRST + 1), "their first images differ, so it is no wonder"),
        ((torch.cat([FIRST, FIRST * NAN]), torch.cat([FIRST, FIRST])), "all numbers must be finite"),
        ((torch.cat([FIRST, FIRST + INF]), torch.cat([FIRST, FIRST])), "all numbers must be finite"),
        ((FIRST + INF, torch.cat([FIRST + INF, FIRST])), "all numbers must be finite"),
        ((FIRST * NAN, torch.cat([FIRST * NAN, FIRST])), "all numbers must be finite"),
        ((FIRST, FIRST.clone()), "the two batches are equal"),
        ((AT_THE_MEAN, 3 * AT_THE_MEAN), "it is at the mean of both"),
        ((torch.cat([FIRST, FIRST]), FIRST), "Which other images would move μ or σ²?"),
        (
            (torch.cat([FIRST, FIRST]).double(), torch.cat([FIRST, FIRST]).double() + SPECK),
            "rounding could explain",
        ),
        (
            (T([0.0, 2]).reshape(2, 1, 1, 1), T([0.0, 400]).reshape(2, 1, 1, 1)),
            "Two numbers in a map always become −1 and 1",
        ),
        (  # means and deviations of constants round differently
            (torch.full((3, 1, 1, 1), 0.1).double(), torch.full((7, 1, 1, 1), 0.1).double()),
            "is the same in both batches",
        ),
        ((torch.cat([FIRST, FIRST + 1, FIRST]), torch.cat([FIRST, FIRST, FIRST + 1])), "is the same"),
    ],
)
def test_two_batches_that_show_nothing(answer, sentence: str) -> None:
    message = says(BATCH, answer)
    assert message is not None
    assert sentence in message


def test_a_property_is_reached_through_a_check_with_its_case() -> None:
    check = Check("c", "separate", 1, (Case({"F": SOBEL}), Case({"F": OUTLINE})), holds=COLUMN)
    check = Check.from_json("c", json.loads(json.dumps(check.to_json())))
    assert failure(check, lambda F: PAIR if F[0, 0] == 1 else None) is None
    message = failure(check, lambda F: PAIR)
    assert message is not None
    assert "wrong in 1 of 2 cases" in message
    assert "Return None for it" in " ".join(message.split())
