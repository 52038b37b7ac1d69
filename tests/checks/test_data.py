"""Checks as data: their file, and fields that do not fit each other."""

import json
from pathlib import Path
from typing import Any

import pytest
import sympy
import torch

from helpers.checks.doubling import DOUBLE, doubled, squared
from nonconv.checks import Case, Check, failure
from nonconv.checks.data import read, write


def test_a_check_survives_its_file(tmp_path: Path) -> None:
    write([DOUBLE], tmp_path / "checks.json")
    back = read(tmp_path / "checks.json", "double")
    assert failure(back, doubled) is None
    assert failure(back, squared) == failure(DOUBLE, squared)
    assert "def" not in (tmp_path / "checks.json").read_text()


def test_a_mistake_that_returns_a_list_is_recognised_like_one_that_returns_a_tuple() -> None:
    known = [("one is missing.", lambda n: [n]), ("they are swapped.", lambda n: [n + 1, n])]
    check = Check.of(lambda n: (n, n + 1), [{"n": 3}], name="next", answer="next", points=1)
    check = check.recognising(known)
    for sentence, mistake in known:
        for answer in (mistake, lambda n, mistake=mistake: tuple(mistake(n))):
            assert f"A known mistake: {sentence}" in (failure(check, answer) or "")


def test_a_missing_file_and_an_unknown_check_say_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"checks.json is not beside this notebook .* exercises/"):
        read(tmp_path / "checks.json", "double")
    write([DOUBLE], tmp_path / "checks.json")
    with pytest.raises(KeyError, match=r"no check 'triple' in .*; it has double"):
        read(tmp_path / "checks.json", "triple")


def test_a_file_of_an_earlier_format_is_to_be_copied_again(tmp_path: Path) -> None:
    (tmp_path / "checks.json").write_text('{"format": 1, "checks": {}}')
    with pytest.raises(ValueError, match="has format 1, this course reads 3; copy the file again"):
        read(tmp_path / "checks.json", "double")


def numbers(seed: int) -> list[dict[str, Any]]:
    return [{"x": torch.tensor([float(seed)])}]


FORMULA = (Case({"C": sympy.Symbol("C")}, sympy.Symbol("C")),)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cases": (Case({}, torch.nn.ReLU()),)}, "no plain data, so it cannot be judged outside the kernel"),
        ({"holds": "is_no_property"}, r"no property 'is_no_property'; there is .*is_column_times_row"),
        ({"hidden": "more."}, "make its inputs a function of a seed, or say in same_for_all why"),
        ({"cases_for": lambda seed: (), "hidden": "more.", "same_for_all": "why"}, "leave same_for_all out"),
    ],
)
def test_fields_that_do_not_fit_are_named_with_what_would(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Check("double", "double", 2, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"cases": FORMULA},
        {"cases": FORMULA, "hidden": "other numbers."},
        {"hidden": "other numbers.", "same_for_all": "a network of the course"},
        {"hidden": "other numbers.", "proves": "conv-conv"},
        {"hidden": "other numbers.", "cases_for": lambda seed: ()},
    ],
)
def test_fields_that_fit_are_taken(fields: dict[str, Any]) -> None:
    check = Check("double", "double", 2, **fields)
    again = Check.from_json("double", json.loads(json.dumps(check.to_json())))
    assert again.to_json() == check.to_json()


def test_each_seed_has_inputs_of_its_own_and_the_same_again() -> None:
    check = Check.of(
        doubled, numbers, seed=3, name="double", answer="double", points=2, hidden="other numbers."
    )
    assert [case.expected.item() for case in check.cases] == [6]  # exact: whole numbers
    assert [case.expected.item() for case in check.for_seed(5).cases] == [10]
    assert check.for_seed(5).to_json() == check.for_seed(5).to_json()
    assert DOUBLE.for_seed(5) is DOUBLE


def test_a_visible_check_is_judged_on_other_numbers_of_the_same_kind() -> None:
    inputs = [{"x": torch.tensor([[1.0, -2.0], [0.0, 4.0]]), "n": 3}]
    check = Check.of(lambda x, n: n * x, inputs, drawn_anew=True, name="t", answer="t", points=1)
    assert torch.equal(check.cases[0].inputs["x"], inputs[0]["x"])  # exact: what students see is as written
    others = {tuple(check.for_seed(seed).cases[0].inputs["x"].reshape(-1).tolist()) for seed in range(20)}
    assert len(others) > 15
    assert all(sorted(map(bool, one)) == [False, True, True, True] for one in others)  # as many zeros
    assert all(check.for_seed(seed).cases[0].inputs["n"] == 3 for seed in range(3))
    assert failure(check.for_seed(7), lambda x, n: x * n) is None


def test_a_visible_check_is_judged_on_the_inputs_of_its_own_function() -> None:
    check = Check.of(
        lambda n: 2 * n,
        [{"n": 3}],
        drawn_anew=lambda seed: [{"n": 10 + seed}],
        name="t",
        answer="t",
        points=1,
    )
    assert [case.inputs["n"] for case in check.cases] == [3]
    assert [(case.inputs["n"], case.expected) for case in check.for_seed(5).cases] == [(15, 30)]


def test_grading_asks_in_an_order_of_its_own_and_the_smallest_failing_case_is_shown() -> None:
    """An answer could count its calls, and return what stands in checks.json for that one."""
    inputs = [{"x": torch.ones(n)} for n in range(1, 9)]
    check = Check.of(
        lambda x: len(x), inputs, drawn_anew=True, name="length", answer="length", points=1, rtol=0
    )
    orders = {tuple(case.expected for case in check.for_seed(seed).cases) for seed in range(5)}
    assert len(orders) == 5
    assert {tuple(sorted(order)) for order in orders} == {tuple(range(1, 9))}
    for seed in range(5):
        said = failure(check.for_seed(seed), lambda x: 0)
        assert said is not None
        assert "expected 1" in said
