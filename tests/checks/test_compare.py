"""Where an output differs, and what is said of kinds of numbers, dtypes and None."""

import numpy as np
import pytest
import sympy
import torch

from helpers.checks.doubling import FOUR
from nonconv.checks import Check, failure
from nonconv.checks.compare import difference


def test_numbers_of_numpy_are_numbers() -> None:
    count = Check.of(lambda obj: len(obj), [{"obj": FOUR}], name="count", answer="count", points=1)
    assert failure(count, lambda obj: np.int64(len(obj))) is None
    assert failure(count, lambda obj: np.float32(len(obj))) is None
    assert "expected 4, got 5" in (failure(count, lambda obj: np.int64(5)) or "")
    assert "expected a number" in (failure(count, lambda obj: np.bool_(True)) or "")


def test_one_vector_in_the_place_of_several_is_shown_whole() -> None:
    vectors = (torch.tensor([1.0, 1.0]), torch.tensor([-1.0, -1.0]))
    said = difference(vectors[0], vectors, 0.0, 0.0, names=("up", "down"))
    assert said == "it must return the 2 values (up, down), but it returned a tensor of shape (2,)"
    assert difference(torch.stack(vectors), vectors, 0.0, 0.0, names=("up", "down")) is None
    assert difference(vectors[0], (1.0, 1.0), 0.0, 0.0, names=("up", "down")) is None


def test_whole_numbers_are_blamed_only_for_what_rounding_may_have_done() -> None:
    halves = Check.of(lambda x: x / 2, [{"x": FOUR}], name="halves", answer="halves", points=1)
    assert "whole numbers, as from // or int()?" in (failure(halves, lambda x: (x // 2).int()) or "")
    assert "whole numbers" not in (failure(halves, lambda x: -x.int()) or "whole numbers")


def test_a_wrong_dtype_is_named_where_it_costs_precision() -> None:
    third = Check.of(lambda x: x / 3, [{"x": torch.ones(1).double()}], name="third", answer="third", points=1)
    assert failure(third, lambda x: (x.float() / 3).double()) is None
    message = failure(third, lambda x: x.half() / 3)
    assert message is not None
    assert "its dtype is torch.float16, but torch.float64 is expected: keep the inputs' dtype" in message


def test_truth_values_are_asked_for_where_numbers_come() -> None:
    closed = torch.tensor([True, False])
    for numbers in (closed.int(), closed.double()):
        message = difference(numbers, closed, 1e-6, 1e-8) or ""
        assert f"expected truth values (dtype torch.bool), got {numbers.dtype}" in message
    assert difference(closed.clone(), closed, 1e-6, 1e-8) is None


@pytest.mark.parametrize("numbers", [[1.0, 2.0], (1, 2), [[True], [False]]])
def test_a_list_of_numbers_is_nearly_a_tensor(numbers) -> None:
    assert "torch.tensor(…) makes one of it" in (difference(numbers, torch.ones(2), 1e-6, 1e-8) or "")


def test_right_values_in_another_order_are_known() -> None:
    first, second = torch.ones(2, 2), torch.zeros(3)
    swapped = difference((second, first), (first, second), 1e-6, 1e-8, ("A", "Y")) or ""
    assert swapped == "its 2 values are in another order: return (A, Y)"
    wrong = difference((second, 2 * first), (first, second), 1e-6, 1e-8, ("A", "Y")) or ""
    assert wrong.startswith("A: expected shape (2, 2), got (3,)")
    assert difference((first, first), (first, first), 1e-6, 1e-8, ("A", "Y")) is None


def test_an_array_is_described_by_its_shape() -> None:
    message = difference(np.ones((4, 1, 1)), (1, 2), 1e-6, 1e-8) or ""
    assert "it returned a NumPy array of shape (4, 1, 1)" in message


def test_a_description_is_one_line_and_says_where_it_is_cut() -> None:
    message = difference({"A": torch.eye(3)}, (1, 2), 1e-6, 1e-8) or ""
    assert "it returned dict {'A': tensor([[1., 0., 0.], [0., 1., 0 …" in message
    assert "it returned dict {}" in (difference({}, (1, 2), 1e-6, 1e-8) or "")


def test_truth_values_have_no_distances() -> None:
    message = difference(torch.tensor([True] * 3), torch.tensor([False] * 3), 1e-6, 1e-8) or ""
    assert "expected False, got True (the first of 3 wrong among 3)" in message
    assert "difference" not in message


def test_a_list_of_tensors_is_something_else() -> None:
    message = difference([torch.ones(2)], torch.ones(2), 1e-6, 1e-8) or ""
    assert "got a list of 1 value" in message
    assert "torch.tensor" not in message


@pytest.mark.parametrize(
    ("expected", "kind"),
    [
        (2, "a number"),
        (0.5, "a number"),
        (True, "True or False"),
        ("max", "a word"),
        (torch.ones(2, 3), "a tensor of shape (2, 3)"),
        (sympy.Symbol("C"), "a formula"),
    ],
)
def test_none_where_it_is_right_elsewhere_is_no_forgotten_return(expected: object, kind: str) -> None:
    message = difference(None, expected, 0.0, 0.0, none_is_an_answer=True)
    assert message == f"the right answer is {kind}, but it returned None: too strict somewhere?"
    forgotten = difference(None, expected, 0.0, 0.0)
    assert forgotten is not None
    assert "is there a `return`?" in forgotten
    other = difference(7, None, 0.0, 0.0, none_is_an_answer=True)
    assert other == "the right answer is None, but it returned int 7: too generous somewhere?"
    assert difference(None, None, 0.0, 0.0, none_is_an_answer=True) is None


def test_two_vectors_may_be_the_rows_of_one_tensor() -> None:
    rows = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert difference(rows, (rows[0], rows[1]), 0.0, 0.0) is None
    assert difference(rows.T, (rows[0], rows[1]), 0.0, 0.0, ("first", "second")) is not None
    assert "2 values" in (difference(rows[None], (rows[0], rows[1]), 0.0, 0.0) or "")


def test_a_nan_where_none_is_got_is_a_difference_like_another() -> None:
    """What a known mistake returns may hold one; an answer is compared with it, too."""
    with_nan = torch.tensor([float("nan"), float("inf"), 3.0])
    found = difference(torch.tensor([1.0, 2.0, 3.0]), with_nan, 1e-6, 1e-8)
    assert found is not None
    assert "the first of 2 wrong among 3" in found


def test_a_dtype_is_asked_for_where_the_check_says_so() -> None:
    asked = {"name": "half", "answer": "half", "points": 1, "returns": ("y",)}
    low = [{"x": torch.ones(2)}]
    assert failure(Check.of(lambda x: x / 2, low, **asked), lambda x: x.double() / 2) is None
    strict = Check.of(lambda x: x / 2, low, same_dtype=True, **asked)
    strict = Check.from_json("half", strict.to_json())
    assert failure(strict, lambda x: x / 2) is None
    said = " ".join((failure(strict, lambda x: x.double() / 2) or "").split())
    assert "y: the numbers are right, but their dtype is torch.float64, and torch.float32 is expected" in said


def test_one_of_several_outputs_may_be_what_is_asked_for() -> None:
    wanted = torch.ones(3, 2)
    said = difference((wanted, torch.ones(3, 3)), wanted, 0.0, 0.0, names=("Y",))
    assert said == "Y: expected a tensor of shape (3, 2), got a tuple of 2 values; return Y alone"


def test_what_is_nearly_an_answer_is_told_the_way() -> None:
    async def later() -> int:
        return 1

    assert "got int 1; bool(…) makes True or False of it" in (difference(1, True, 0.0, 0.0) or "")
    assert (
        difference(torch.ones(2), True, 0.0, 0.0) == "the result: expected True, got a tensor of shape (2,)"
    )
    assert "a coroutine, as `async def` makes one; write `def`" in (difference(later(), True, 0.0, 0.0) or "")


def test_no_more_digits_are_wanted_than_the_dtype_has() -> None:
    close = (1e-9, 1e-11)
    numbers = torch.tensor([1000.0, 3.0, 0.0])
    rounded = numbers * (1 + 2**-22) + 2**-15  # as Fourier's way rounds them
    assert difference(rounded, numbers, *close) is None
    assert "expected 1000, got 1000.01" in (difference(numbers + 0.01, numbers, *close) or "")
    # float64 has these digits, a wider tolerance stays what it is, and 0 asks for all
    assert difference(rounded.double(), numbers.double(), *close) is not None
    assert difference(rounded, numbers, 1e-6, 1e-8) is not None
    assert difference(rounded, numbers, 0.0, 0.0) is not None


def test_lists_of_whole_numbers_of_other_lengths_are_shown_whole() -> None:
    said = difference([1, 2, 0], [2, 0], 0.0, 0.0)
    assert said == "it must return [2, 0], 2 values, but it returned [1, 2, 0], 3"
    assert "a list or a tuple of 2 values" in (difference([1.5], [2, 0], 0.0, 0.0) or "")
    assert "the 2 values (a, b)" in (difference([1], (2, 0), 0.0, 0.0, names=("a", "b")) or "")


def test_a_tiny_difference_is_told_as_one():
    expected = torch.tensor([0.1, 1 / 3], dtype=torch.float64)
    for actual, wanted in ((expected.float().double(), expected), (0.33333334, 1 / 3)):
        assert "the difference is tiny" in (difference(actual, wanted, 1e-9, 1e-11) or "")
    assert "tiny" not in (difference(expected + 0.01, expected, 1e-9, 1e-11) or "")
