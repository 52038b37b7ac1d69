"""Built files are the same on every machine up to rounding, and up to nothing else."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from nonconv.checks.data import precisely
from nonconv.publish.build import _replace
from nonconv.publish.rounding import CHECK_IN_A_CELL, same_up_to_rounding

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path for folder in ("solutions", "exercises") for path in (ROOT / folder).rglob("*") if path.is_file()
)
IDS = [path.relative_to(ROOT).as_posix() for path in FILES]


def check_json(**changed: Any) -> dict[str, Any]:
    tensor = {"dtype": "float32", "shape": [2], "values": [0.333333343267, 2.0]}
    case = {"inputs": {"n": 3}, "expected": tensor, "mistakes": [["no root", 0.1]]}
    return {"answer": "f", "points": 1, "rtol": 1e-4, "atol": 1e-8, "cases": [case | changed]}


def with_floats(tree: Any, change: Callable[[float], float]) -> Any:
    if isinstance(tree, dict):
        kept = ("rtol", "atol", "hint_price")
        return {key: value if key in kept else with_floats(value, change) for key, value in tree.items()}
    if isinstance(tree, list):
        return [with_floats(value, change) for value in tree]
    return change(tree) if isinstance(tree, float) else tree


def changed_file(text: str, suffix: str, change: Callable[[float], float]) -> str:
    """The file as another processor would have computed it."""
    if suffix == ".json":
        data = json.loads(text)
        return json.dumps(with_floats(data, change), indent=1, ensure_ascii=text.isascii()) + "\n"
    notebook = json.loads(text)
    if "data='''" not in text:
        return text
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        if (found := CHECK_IN_A_CELL.search(cell["source"])) is not None:
            data = json.loads(found[0].replace("\\\\", "\\"))
            put = json.dumps(with_floats(data, change), ensure_ascii=False).replace("\\", "\\\\")
            cell["source"] = cell["source"].replace(found[0], put)
        cell["source"] = cell["source"].splitlines(True)
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_another_last_digit_is_the_same_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    nearly = changed_file(text, path.suffix, lambda value: value * (1 + 1e-11))
    assert same_up_to_rounding(nearly, text, path.suffix)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix == ".json"], ids=lambda p: p.parent.name
)
def test_a_difference_that_a_check_might_notice_is_another_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    other = changed_file(text, path.suffix, lambda value: value * (1 + 1e-3))
    assert not same_up_to_rounding(other, text, path.suffix)


def test_the_tolerance_is_a_tenth_of_the_checks_own() -> None:
    want = json.dumps(check_json(expected=1.0))
    assert same_up_to_rounding(json.dumps(check_json(expected=1.0 + 0.9e-5)), want, ".json")
    assert not same_up_to_rounding(json.dumps(check_json(expected=1.0 + 1.1e-5)), want, ".json")


def test_the_last_digit_of_a_float32_is_forgiven_whatever_the_tolerance() -> None:
    strict = check_json() | {"rtol": 1e-9}
    other = json.loads(json.dumps(strict))
    other["cases"][0]["expected"]["values"][0] = 0.333333313465  # one step down
    assert same_up_to_rounding(json.dumps(other), json.dumps(strict), ".json")
    other["cases"][0]["expected"]["values"][0] = 0.3333325
    assert not same_up_to_rounding(json.dumps(other), json.dumps(strict), ".json")


@pytest.mark.parametrize(
    "changed",
    [
        {"inputs": {"n": 4}},
        {"inputs": {"n": 3.0}},
        {"inputs": {"m": 3}},
        {"mistakes": [["no square root", 0.1]]},
        {"mistakes": []},
        {"expected": None},
        {"expected": {"dtype": "float64", "shape": [2], "values": [0.333333343267, 2.0]}},
        {"expected": {"dtype": "float32", "shape": [2], "values": [0.333333343267]}},
    ],
    ids=str,
)
def test_everything_but_rounding_is_a_difference(changed: dict[str, Any]) -> None:
    assert not same_up_to_rounding(json.dumps(check_json(**changed)), json.dumps(check_json()), ".json")


@pytest.mark.parametrize(
    "text", ["", "{", '{"cells": 7}', "[]", "{\"cells\": [{\"source\": [\"data='''{''''')\"]}]}"]
)
def test_a_file_that_is_broken_is_a_difference(text: str) -> None:
    want = next(path for path in FILES if path.suffix == ".ipynb").read_text(encoding="utf-8")
    assert not same_up_to_rounding(text, want, ".ipynb")


def test_a_build_leaves_alone_what_differs_in_rounding_only(tmp_path: Path) -> None:
    (path,) = (path for path in FILES if path.name == "judge.json" and path.parent.name.startswith("02"))
    have, want = tmp_path / "have", tmp_path / "want"
    shutil.copytree(path.parent, have)
    shutil.copytree(path.parent, want)
    text = path.read_text(encoding="utf-8")
    (want / "judge.json").write_text(changed_file(text, ".json", lambda value: value * (1 + 1e-11)))
    (want / "proof.ipynb").write_text("{}")
    (have / "stray.txt").write_text("mine")
    assert _replace(have, want)
    assert (have / "judge.json").read_text() == text
    assert (have / "proof.ipynb").read_text() == "{}"
    assert not (have / "stray.txt").exists()
    assert not _replace(have, want)


def test_a_reference_is_computed_in_float64_and_rounded_once() -> None:
    def seventh(x: torch.Tensor) -> torch.Tensor:
        return x.sqrt() * x.sqrt() / 7  # several roundings in float32

    x = torch.arange(1.0, 100.0)
    precise = precisely(seventh, {"x": x})
    assert precise.dtype == torch.float32
    assert torch.equal(precise, seventh(x.double()).float())  # exact: the same computation
    assert not torch.equal(precise, seventh(x))


def test_an_answer_about_the_dtype_itself_is_left_as_it_is() -> None:
    x = torch.tensor([100.0])
    assert precisely(torch.exp, {"x": x}).isinf().all()
    assert precisely(lambda x: x.dtype == torch.float32, {"x": x})
