"""What a cell of a notebook calls: a check that is right, a stub, partial credit as nbgrader reads it."""

import json
import sys
from pathlib import Path

import pytest
import torch

from helpers.checks.doubling import DOUBLE, FOUR
from nonconv.checks import CheckFailed, case, check, failure, partial_credit, todo
from nonconv.checks.data import write


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


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory has a checks.json."""
    monkeypatch.chdir(tmp_path)
    write([DOUBLE], tmp_path / "checks.json")


@pytest.mark.usefixtures("beside")
def test_the_inputs_of_the_case_that_failed_can_be_had() -> None:
    def late(x: torch.Tensor) -> torch.Tensor:
        return 2 * x if len(x) == 1 else x

    with pytest.raises(CheckFailed, match=r"To try just this case: double\(\*\*case\(2\)\)"):
        check("double", late)
    inputs = case(2)
    assert torch.equal(late(**inputs), FOUR)  # exact: whole numbers
    inputs["x"].zero_()
    assert torch.equal(case(2)["x"], FOUR)  # exact: whole numbers
    assert case(1, "double").keys() == {"x"}
    with pytest.raises(ValueError, match="double has the cases 1 to 2, not 3"):
        case(3)


@pytest.mark.usefixtures("beside")
def test_an_endless_loop_that_is_interrupted_names_its_line() -> None:
    def endless(x: torch.Tensor) -> torch.Tensor:
        while x is not None:
            raise KeyboardInterrupt  # as Jupyter's stop button does

    with pytest.raises(CheckFailed, match="you interrupted double"):
        check("double", endless)


def test_a_check_that_stops_itself_says_whose_fault_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("in a property")

    monkeypatch.setattr("nonconv.checks.diagnosis.difference", broken)
    with pytest.raises(
        CheckFailed, match="the check itself stopped with ZeroDivisionError: in a property"
    ) as found:
        check("double", lambda x: 2 * x, data=json.dumps(DOUBLE.to_json()))
    assert type(found.value).__name__ == "CheckStopped"
    assert "a fault of the course, not of your answer" in " ".join(str(found.value).split())
