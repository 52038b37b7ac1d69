"""Judged outside, every answer is told what it is told in the notebook; forged data earns nothing."""

import json
import math
from typing import Any

import pytest
import torch
from classroom import UNITS

from nonconv.checks import Case, Check, failure
from nonconv.checks.remote import judge_response, payload, response
from nonconv.checks.transport import MAX_RESPONSE_CHARS
from nonconv.publish.unit import Exercise

EXERCISES = [
    pytest.param(exercise, id=f"{unit.name[:2]}-{exercise.folder.parent.name}-{exercise.name}")
    for unit in UNITS
    for exercise in unit.exercises
]


def responded(check: Check, answer: Any) -> Any:
    """What comes out of the kernel, as a notebook stores it."""
    return json.loads(json.dumps(response(payload(check), answer), allow_nan=False))


SOME = 4  # one of so many known answers is tried at each push, and each of them every week


@pytest.mark.slow  # so `make weekly` runs it, too
@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_is_said_outside_is_what_is_said_in_the_notebook(
    exercise: Exercise, request: pytest.FixtureRequest
) -> None:
    every = 1 if request.config.getoption("--weekly") else SOME
    for check in [one for one in exercise.checks.values() if not one.proves]:
        check = Check.from_json(check.name, json.loads(json.dumps(check.to_json())))  # as it is handed out
        for attempt in [one for one in exercise.attempts if one.answer == check.answer][::every]:
            torch.manual_seed(0)
            here = failure(check, attempt.function)
            torch.manual_seed(0)
            assert judge_response(check, responded(check, attempt.function)) == here, attempt.name


def test_the_kernel_is_not_told_what_is_right() -> None:
    for unit in UNITS:
        for check in unit.checks.values():
            if not check.proves:
                known = payload(check)
                cases = Check.from_json(*json.loads(known).popitem()).cases
                assert all(case.expected is None and not case.mistakes for case in cases)
                for case in check.cases:
                    assert all(json.dumps(said)[1:-1] not in known for said, _ in case.mistakes)


DOUBLE = Check.of(
    lambda x: 2 * x,
    [{"x": torch.tensor([1.0, 2.5])}, {"x": torch.tensor([3.0])}],
    name="double",
    answer="double",
    points=1,
    returns=("y",),
)
RIGHT = {"output": {"dtype": "float32", "shape": [1], "values": [6.0]}, "problem": None}
ALSO = {"output": {"dtype": "float32", "shape": [2], "values": [2.0, 5.0]}, "problem": None}


def test_honest_data_is_right() -> None:
    assert judge_response(DOUBLE, [RIGHT, ALSO]) is None


@pytest.mark.parametrize(
    "forged",
    [
        None,
        [],
        {},
        "right",
        7,
        True,
        [RIGHT],
        [ALSO, RIGHT],
        [RIGHT, None],
        [RIGHT, {}],
        [RIGHT, {"output": 1}],
        [RIGHT, {**ALSO, "problem": 3}],
        [RIGHT, {**ALSO, "problem": "stopped"}],
        [{**RIGHT, "problem": ""}, None],
        [RIGHT, {"output": {"dtype": "float32", "shape": [-1, 9], "values": []}, "problem": None}],
        [RIGHT, {"output": {"dtype": "Tensor", "shape": [2], "values": [2.0, 5.0]}, "problem": None}],
        [RIGHT, {"output": {"dtype": "float32", "shape": [2], "values": "25"}, "problem": None}],
        [RIGHT, {"output": {"network": "two convolutions with batch norm"}, "problem": None}],
        [RIGHT, {"output": {"layer": "ReLU"}, "problem": None}],
        [RIGHT, {"output": [2.0, 5.0], "problem": None}],
        [RIGHT, {"output": {"described": "the right answer", "numpy": True}, "problem": None}],
        [RIGHT, {"output": {"dtype": "float32", "shape": [2], "values": [math.nan] * 2}, "problem": None}],
        [{"output": None, "problem": {"text": "ok", "final": True, "stopped": False}}],
        [{"output": None, "problem": {"text": "", "final": True, "stopped": False}}],
        [{"output": None, "problem": {"text": "stopped", "final": False, "stopped": True}}],
        [RIGHT, {**ALSO, "problem": {"text": "stopped", "final": 1, "stopped": 1}}],
        [RIGHT, {**ALSO, "problem": {"text": None, "final": False, "stopped": False}}],
        [RIGHT, {**ALSO, "problem": {}}],
        "x" * MAX_RESPONSE_CHARS,
    ],
)
def test_data_that_is_not_an_honest_answer_earns_nothing(forged: Any) -> None:
    message = judge_response(DOUBLE, forged)
    assert message
    assert len(message) < 6000


@pytest.mark.parametrize("right", [1, 1.5, "a", True, (1.5, 2), torch.ones(1)])
@pytest.mark.parametrize(
    "output",
    [
        10**400,
        -(10**400),
        {"number": "1e999"},
        {"tuple": [10**400, 10**400]},
        {"list": []},
        {"dtype": "float64", "shape": [1], "values": [10**400]},
        {"dtype": "int64", "shape": [1], "values": [2**64]},
        {"dtype": "bits8", "shape": [1], "values": [1]},
        {"dtype": "float64", "shape": [10**18], "values": []},
        "deep",
    ],
    ids=repr,
)
def test_no_data_stop_the_judge(right: Any, output: Any) -> None:
    if output == "deep":
        output = []
        for _ in range(5000):
            output = {"list": [output]}
    check = Check("x", "x", 1, (Case({}, right),))
    assert judge_response(check, [{"output": output, "problem": None}])


def test_a_number_beyond_every_float_is_told_as_such() -> None:
    check = Check("x", "x", 1, (Case({}, 1.5),))
    said = " ".join((failure(check, lambda: 10**400) or "").split())
    assert "it returns a whole number of 1,329 bits, and no answer here is so large" in said


@pytest.mark.parametrize(
    "value",
    [torch.tensor([math.nan, math.inf, -math.inf, 1.0]), math.nan, -math.inf],
    ids=("a tensor", "nan", "-inf"),
)
def test_nan_and_infinity_come_through(value: Any) -> None:
    check = Check.of(lambda x: x, [{"x": torch.ones(2)}], name="x", answer="x", points=1)
    here = failure(check, lambda x: value)
    assert here is not None
    assert judge_response(check, responded(check, lambda x: value)) == here


def test_nan_is_right_where_nan_is_expected() -> None:
    value = torch.tensor([math.nan, math.inf, -math.inf])
    check = Check("x", "x", 1, (Case({}, value),))
    assert judge_response(check, responded(check, lambda: value)) is None
    assert judge_response(check, responded(check, lambda: -value))


def test_every_digit_comes_through() -> None:
    value = torch.tensor([1e-20, 1 / 3, 123456789.123456789], dtype=torch.float64)
    check = Check("tiny", "tiny", 1, (Case({}, value),), rtol=1e-15, atol=0)
    assert judge_response(check, responded(check, lambda: value)) is None
    assert judge_response(check, responded(check, lambda: value * (1 + 1e-14)))


def test_what_is_no_answer_is_still_described() -> None:
    said = judge_response(DOUBLE, responded(DOUBLE, lambda x: x.numpy()))
    assert said is not None
    assert "got a NumPy array; stay in torch" in said
    assert "expected a tensor of shape (1,), got dict" in (
        judge_response(DOUBLE, responded(DOUBLE, lambda x: {})) or ""
    )
    assert judge_response(DOUBLE, responded(DOUBLE, 3)) == failure(DOUBLE, 3)  # pyright: ignore[reportArgumentType]
