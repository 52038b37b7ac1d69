"""An answer is taken or refused alike in the notebook and in grading, whatever costume its numbers wear."""

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from nonconv.checks import Case, Check, failure
from nonconv.checks.remote import judge_response, payload, response
from nonconv.checks.transport import MAX_NUMBERS, Refused, pack, unpack

THREE, ROW = Check("n", "n", 1, (Case({}, 3),)), Check("row", "row", 1, (Case({}, [1, 2, 3]),))
TENSOR = Check("t", "t", 1, (Case({}, torch.tensor([1.0, 2.0])),))
YES, NOTHING = Check("y", "y", 1, (Case({}, True),)), Check("o", "o", 1, (Case({}, None), Case({}, 1)))
SAME = Check("same", "same", 1, (Case({}),), holds="shows_that_same_after_same_is_no_convolution")
NONE: list[Any] = []
NONE.append(NONE)


def graded(check: Check, answer: Any) -> str | None:
    """What grading says: the answer runs on the payload, and its response is judged."""
    return judge_response(check, json.loads(json.dumps(response(payload(check), answer), allow_nan=False)))


@pytest.mark.parametrize(
    ("check", "output", "says"),
    [
        *(
            (THREE, value, None)
            for value in (3, 3.0, np.int64(3), np.float32(3), torch.tensor(3), Fraction(3))
        ),
        *((THREE, value, None) for value in (np.array(3), np.array([3.0]), torch.tensor([[3]]), np.uint8(3))),
        (THREE, True, "expected a number, got bool True"),
        (THREE, np.bool_(True), "expected a number, got bool True"),
        (THREE, 3 + 0j, "expected a number, got complex (3+0j)"),
        (THREE, "3", "expected a number, got str '3'"),
        (THREE, math.nan, "expected 3, got nan"),
        (THREE, -(10**400), "a whole number of 1,329 bits, and no answer here is so large"),
        (THREE, Fraction(10**400, 3), "a number larger than any float"),
        *(
            (ROW, value, None)
            for value in ([1, 2, 3], (1, 2, 3), range(1, 4), np.arange(1, 4), torch.arange(1, 4))
        ),
        *((ROW, value, None) for value in ([1.0, np.int8(2), torch.tensor(3)], torch.Size([1, 2, 3]))),
        (ROW, {1, 2, 3}, "a list or a tuple of 3 values, but it returned set {1, 2, 3}"),
        (ROW, iter([1, 2, 3]), "but it returned list_iterator"),
        (ROW, [1, 2], "it must return [1, 2, 3], 3 values, but it returned [1, 2], 2"),
        (ROW, torch.ones(2), "but it returned a tensor of shape (2,)"),
        (ROW, [1, None, 3], "value 2: expected a number, got None"),
        (ROW, [1, 2, NONE], "lists in lists, more than 8 deep"),
        (ROW, range(10**9), "a range of 1,000,000,000 values, and an answer may hold at most 200,000"),
        (TENSOR, torch.tensor([1, 2]), None),
        (TENSOR, torch.nn.Parameter(torch.tensor([1.0, 2.0])), None),
        (TENSOR, torch.tensor([1.0, 2.0]).to_sparse(), None),
        (TENSOR, torch.tensor([1.0, 2.0], dtype=torch.bfloat16), None),
        (TENSOR, np.array([1.0, 2.0]), "got a NumPy array; stay in torch, or use torch.from_numpy"),
        (
            TENSOR,
            torch.empty(2, device="meta"),
            "got a tensor without numbers (on the device meta)",
        ),
        (
            TENSOR,
            torch.tensor([1j, 2.0]),
            "expected real numbers of dtype torch.float32, got torch.complex64",
        ),
        (TENSOR, torch.zeros(MAX_NUMBERS + 1), "tensors of 200,001 numbers, and an answer may hold at most"),
        *((YES, value, None) for value in (True, np.bool_(True), torch.tensor(True))),
        (YES, 1, "expected True, got int 1"),
        (NOTHING, False, "it returned bool False: return None itself"),
        (NOTHING, -1, "it returned int -1: return None itself"),
        (NOTHING, float("inf"), "it returned float inf: return None itself"),
        (NOTHING, (None, None), "it returned a tuple of 2 values: return None itself"),
        (NOTHING, 5, "it returned int 5: too generous somewhere?"),
        (SAME, (np.array([1, 1, 1]), torch.tensor([1, 1, 1]), np.int64(3), 0.0, torch.tensor(0)), None),
        (SAME, (range(1, 4), (1, 1, 1), 3, 0, 0), None),
        (SAME, (10**400, 2, 0, 0, 1), "a whole number of 1,329 bits"),
    ],
    ids=lambda value: value.name if isinstance(value, Check) else type(value).__name__,
)
def test_what_the_notebook_says_is_what_grading_says(check: Check, output: Any, says: str | None) -> None:
    here = failure(check, lambda: output)
    assert graded(check, lambda: output) == here
    assert (here is None) == (says is None), here
    assert (says or "") in " ".join((here or "").split())


def test_a_batch_of_pictures_is_not_too_large() -> None:
    pictures = (torch.randn(16, 3, 32, 32), torch.randn(1, 1, 224, 224).double())
    for out, there in zip(pictures, unpack(json.loads(json.dumps(pack(pictures)))), strict=True):
        assert torch.equal(out, there)  # exact: no digit is lost on the way
        assert out.dtype == there.dtype


def test_the_parts_of_an_answer_count_together() -> None:
    half = torch.zeros(MAX_NUMBERS // 2 + 1)
    with pytest.raises(Refused, match=r"tensors of 200,004 numbers"):
        pack((half, half))


def of_tensor(shape: list[Any], dtype: str = "float64", values: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "values": list(values)}


@pytest.mark.parametrize(
    "output",
    [
        of_tensor([10**9, 0]),  # whose list of rows would fill the memory
        of_tensor([2**62, 0]),
        of_tensor([-1], values=(1.0, 2.0)),
        of_tensor([1] * 100, values=(1.0,)),
        of_tensor([2], "float8_e4m3fn", (1.0, 2.0)),  # with which nothing can be computed
        of_tensor([2], "quint8", (1, 2)),
        10**4000,
        -(10**400),
    ],
    ids=str,
)
def test_what_no_kernel_of_ours_sends_is_no_answer_and_no_fault_of_the_course(output: Any) -> None:
    for check in (TENSOR, ROW, THREE):
        message = judge_response(check, [{"output": output, "problem": None}])
        assert message is not None
        assert message.endswith("returned could not be read.")


def test_a_problem_that_ends_all_is_one_whatever_else_it_says() -> None:
    last = {"text": "forged", "final": True, "stopped": False, "not_asked": True}
    assert judge_response(NOTHING, [{"output": None, "problem": last}]) == "forged"


class NoAttributes:
    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


class NoFloat(float):
    def __float__(self) -> float:
        raise ValueError


def nested() -> torch.Tensor:
    return torch.nested.nested_tensor([torch.ones(1), torch.ones(2)])


@pytest.mark.filterwarnings("ignore:.*nested tensors")
@pytest.mark.parametrize("made", [NoAttributes, NoFloat, nested])
def test_what_cannot_be_read_is_refused_in_a_sentence(made: Any) -> None:
    for check in (TENSOR, THREE):
        assert "cannot be read" in (graded(check, made) or "")


def test_an_error_whose_text_stops_with_an_error_is_told_all_the_same() -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise ValueError

    def raises() -> None:
        raise Odd

    assert "stopped with Odd: (its text cannot be read)" in (graded(THREE, raises) or "")
