"""What a cell of a notebook calls: a check that is right, a stub, partial credit as nbgrader reads it."""

import json
import sys

import pytest
import torch

from helpers.checks.doubling import DOUBLE
from nonconv.checks import CheckFailed, check, failure, partial_credit, todo


def test_a_right_answer_passes_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert failure(DOUBLE, lambda x: x + x) is None
    check("double", lambda x: x + x, data=json.dumps(DOUBLE.to_json()))
    assert capsys.readouterr().out == "✓ double: all 2 cases are right. 2 points.\n"


def test_what_honest_code_writes_to_stderr_does_not_get_there(capfd: pytest.CaptureFixture[str]) -> None:
    def talks(x: torch.Tensor) -> torch.Tensor:
        print(
            "harmless", file=sys.stderr
        )  # as a warning does; nbgrader gives 0 points for anything on stderr
        return 2 * x

    check("double", talks, data=json.dumps(DOUBLE.to_json()))
    out, err = capfd.readouterr()
    assert "harmless" in out
    assert err == ""


def test_a_stub_says_what_to_write() -> None:
    with pytest.raises(CheckFailed, match=r"Not written yet\. Return twice x\. Replace the line todo"):
        todo("Return twice x.")


@pytest.mark.parametrize(
    ("share", "points"), [(0, 0.0), (0.5, 2.0), (1, 4.0), (7, 4.0), (-1, 0.0), (True, 4.0)]
)
def test_partial_credit_is_a_plain_float_within_its_points(share: float, points: float) -> None:
    credit = partial_credit(4, share)
    assert type(credit) is float
    assert credit == points
