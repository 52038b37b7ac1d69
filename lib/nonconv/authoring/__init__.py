"""What the files of an exercise import: checks, wrong and right answers, and inputs drawn from a seed.

An exercise is a folder of units/UNIT/exercises/. It holds the text (exercise.py), the checks (checks.py) and
the answers that students give (mistakes.py). See docs/contributing/new-exercise.md.
"""

from nonconv import _imports as _imports  # before nbformat is imported
from nonconv.authoring.attempts import Attempt, edited, right, wrong
from nonconv.authoring.given import given, solution
from nonconv.authoring.inputs import (
    distinct,
    first_that,
    normal,
    positive,
    quarters,
    vector,
    whole,
    whole_between,
)
from nonconv.authoring.percent import UnitError
from nonconv.checks import Case, Check

__all__ = [
    "Attempt",
    "Case",
    "Check",
    "UnitError",
    "distinct",
    "edited",
    "first_that",
    "given",
    "normal",
    "positive",
    "quarters",
    "right",
    "solution",
    "vector",
    "whole",
    "whole_between",
    "wrong",
]
