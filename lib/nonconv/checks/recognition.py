"""Which known mistake explains an answer: the one that does the same in every case, the right ones too."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from nonconv.checks.calling import Outcome, Problem
from nonconv.checks.compare import equal
from nonconv.checks.data import RIGHT, STOPS, Case, Check


def recognised(check: Check, found: list[Outcome], problems: list[Problem | None]) -> str | None:
    """The sentence of the known mistake that does always what the answer did; the nearest of several."""
    distances: dict[str, float] = {}
    for sentence, does in check.mistakes():
        distance = _distance(check, does, found, problems)
        if distance is not None:
            distances[sentence] = min(distance, distances.get(sentence, distance))
    return min(distances, key=distances.__getitem__, default=None)


def _distance(
    check: Check, does: Callable[[Case], Any], found: list[Outcome], problems: list[Problem | None]
) -> float | None:
    """How far the answer's outputs are from the mistake's, or None if it does something else in some case.

    Then it is not asked about the further ones: a mistake takes time to run.
    """
    total, shown = 0.0, False
    for case, outcome, problem in zip(check.cases, found, problems, strict=True):
        stopped = problem is not None and problem.stopped
        output = does(case)
        if output is RIGHT:
            same = problem is None
        elif output is STOPS:
            same = stopped
        else:
            same = not stopped and equal(outcome.output, output, check.rtol, check.atol)
            total += _gap(outcome.output, output) if same else 0.0
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
