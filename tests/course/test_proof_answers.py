"""Each known answer to a proof, right or wrong, is worth in the notebook what it is worth when judged."""

import json
from typing import Any

import pytest
from classroom import ROOT

from nonconv.authoring import Attempt
from nonconv.checks import Check, CheckFailed, check, notebook
from nonconv.grading.engine.requests import Request
from nonconv.grading.engine.verdicts import JudgedProof
from nonconv.publish.unit import units

(UNIT,) = (unit for unit in units(ROOT) if unit.name == "02-reduction-to-convolution")
ANSWERS = [
    pytest.param(asked, attempt, id=f"{asked.name}-{attempt.name}")
    for exercise in UNIT.exercises
    for asked in exercise.declared.values()
    if asked.proves
    for attempt in exercise.attempts
    if attempt.answer == asked.answer
]


@pytest.mark.parametrize(("asked", "attempt"), ANSWERS)
def test_the_notebook_gives_what_the_judge_gives(
    asked: Check, attempt: Attempt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(notebook, "display", lambda bundle, raw: shown.append(bundle))
    failed = ""
    try:
        earned = check(asked.name, attempt.function, data=json.dumps(asked.to_json()))
        points = float(asked.points if earned is None else earned)
    except CheckFailed as found:
        points, failed = 0.0, str(found)
    outputs = [{"output_type": "display_data", "data": bundle} for bundle in shown]
    assert asked.proves
    price, whose = asked.hint_price, ("Ada Lovelace",)  # as the known answers sign
    judge = JudgedProof(Request("certify", "", ""), asked.proves, asked.part, asked.points, whose, price)
    given = judge.verdict(outputs)
    assert points == judged_points(given, asked)
    if shown:
        said = " ".join(str(one.get("text", one.get("evalue", ""))) for one in given)
        reason = " ".join((failed or capsys.readouterr().out).split())
        assert points == asked.points or " ".join(said.split(". ", 1)[1].split())[:60] in reason


def judged_points(outputs: list[Any], asked: Check) -> float:
    """What nbgrader makes of a judged cell's outputs."""
    if any(output["output_type"] == "error" for output in outputs):
        return 0.0
    values = [output["data"]["text/plain"] for output in outputs if output["output_type"] == "execute_result"]
    return float(values[0]) if values else float(asked.points)
