"""Formulas and networks are judged in a process of its own: what takes for ever costs itself only."""

import json
import os
from typing import Any

import pytest
import sympy

from helpers.grading.kernels import ended
from nonconv.checks import Case, Check
from nonconv.checks.given.networks import network
from nonconv.checks.remote import payload, response
from nonconv.grading.engine.apart import Stopped, is_laborious, judge_apart
from nonconv.grading.workers.pool import WorkerDied, workers

MOMENT = 20  # seconds, for a process that is at its end
x = sympy.Symbol("x", positive=True)
DOUBLE = Check.of(lambda x: 2 * x, [{"x": x}], name="double", answer="double", points=1)


def responded(check: Check, answer: Any) -> Any:
    return json.loads(json.dumps(response(payload(check), answer)))


def test_apart_the_same_is_said_of_formulas_and_of_networks() -> None:
    assert is_laborious(DOUBLE)
    assert judge_apart(DOUBLE, responded(DOUBLE, lambda x: x + x)) is None
    assert "at x = 1 it gives 3, expected 2" in (
        judge_apart(DOUBLE, responded(DOUBLE, lambda x: 3 * x)) or ""
    )
    known = DOUBLE.recognising([("once is not twice.", lambda x: x)])
    assert "once is not twice" in (judge_apart(known, responded(known, lambda x: x)) or "")
    cases = (Case({"model": network("two-convolutions-with-bias")}),)
    folded = Check("m", "reduce", 1, cases, holds="has_no_batch_norm_left")
    assert "still a batch norm" in (judge_apart(folded, responded(folded, lambda model: model)) or "")
    assert "could not be read" in (judge_apart(folded, float("nan")) or "")


def test_a_check_that_stops_is_the_courses_fault() -> None:
    bare = Check("m", "reduce", 1, (Case({}),), holds="has_no_batch_norm_left")
    with pytest.raises(Stopped, match="the check itself stopped with KeyError"):
        judge_apart(bare, responded(bare, lambda: network("two-convolutions-with-bias")))


@pytest.mark.weekly
@pytest.mark.parametrize(
    "tree",
    [
        {"formula": "factorial", "of": [{"rational": [10**9, 1]}]},
        {"formula": "binomial", "of": [{"rational": [10**12, 1]}, {"rational": [10**11, 1]}]},
    ],
)
def test_what_takes_for_ever_is_to_be_written_in_a_simpler_way_and_the_next_is_judged(tree: Any) -> None:
    forged = [{"output": {"sympy": tree}, "problem": None}]
    assert "takes too long" in (judge_apart(DOUBLE, forged) or "")
    assert judge_apart(DOUBLE, responded(DOUBLE, lambda x: x + x)) is None


def test_a_worker_has_a_judge_from_its_beginning_that_ends_with_it() -> None:
    with workers(1) as pool:
        import_it = "__import__('nonconv.grading.engine.apart', fromlist=['begin'])"
        judge = pool.submit(eval, f"{import_it}._judging.judge.pid").result()
        assert pool.submit(judge_apart, DOUBLE, responded(DOUBLE, lambda x: x + x)).result() is None
        assert pool.submit(eval, f"{import_it}._judging.judge.pid").result() == judge
        with pytest.raises(WorkerDied, match="exit code 3"):  # it is noticed, though the judge is still there
            pool.submit(os._exit, 3).result()
        assert ended(judge, MOMENT)
