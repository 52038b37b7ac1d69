"""Which known mistake explains an answer: the one that does the same in every case, the right ones too."""

from typing import Any

import torch
from torch import Tensor

from nonconv.checks.calling import Outcome, Problem
from nonconv.checks.compare import equal
from nonconv.checks.data import STOPS, Check


def recognised(check: Check, found: list[Outcome], problems: list[Problem | None]) -> str | None:
    """The sentence of the known mistake that does always what the answer did; the nearest of several."""
    check = check.recognised()
    distances: dict[str, float] = {}
    for sentence in dict.fromkeys(one for case in check.cases for one, _ in case.mistakes):
        distance = _distance(check, sentence, found, problems)
        if distance is not None:
            distances[sentence] = distance
    return min(distances, key=distances.__getitem__, default=None)


def _distance(
    check: Check, sentence: str, found: list[Outcome], problems: list[Problem | None]
) -> float | None:
    """How far the answer's outputs are from the mistake's, or None if it does something else in some case."""
    total, shown = 0.0, False
    for case, outcome, problem in zip(check.cases, found, problems, strict=True):
        stopped = problem is not None and problem.stopped
        outputs = [output for one, output in case.mistakes if one == sentence]
        if not outputs:  # the mistake is right here
            same = problem is None
        elif outputs[0] is STOPS:
            same = stopped
        else:
            same = not stopped and equal(outcome.output, outputs[0], check.rtol, check.atol)
            total += _gap(outcome.output, outputs[0]) if same else 0.0
            shown = True
        if not same:
            return None
    return total if shown else None  # any answer that stops would do the same as one that only stops


def _gap(one: Any, other: Any) -> float:
    """The sum of the distances of their numbers; 0 where they are none."""
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return sum(map(_gap, one, other))
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        gap = (one.double() - other.double()).abs()
        return float(torch.nan_to_num(gap, nan=0.0, posinf=0.0).sum())
    if isinstance(one, int | float) and isinstance(other, int | float) and one != other:
        return abs(float(one) - float(other))
    return 0.0
