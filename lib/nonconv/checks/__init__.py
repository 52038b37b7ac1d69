"""What a student sees when an answer is wrong, from data that can be run anywhere.

A `Check` is data: the name of the answer, inputs, expected outputs, tolerance, points, and the outputs of
known mistakes. `check` runs one on the student's function and raises a diagnosis; nothing in a notebook
asserts.
"""

from nonconv.checks.calling import CheckFailed
from nonconv.checks.data import Case, Check
from nonconv.checks.diagnosis import failure
from nonconv.checks.notebook import case, check, partial_credit, todo
from nonconv.checks.watching import seal

seal()  # all that lifts the guard is imported by now

__all__ = ["Case", "Check", "CheckFailed", "case", "check", "failure", "partial_credit", "todo"]
