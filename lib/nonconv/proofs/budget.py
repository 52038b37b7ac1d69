"""A deterministic budget of work, so that no input can keep the checker busy.

Every loop of the kernel pays with `spend`. When the money is gone, `OutOfBudget` is raised and the caller
answers "not justified". Steps are counted, not seconds: the same proof gets the same verdict on a slow or
busy machine. One unit is roughly a microsecond of Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

STEP_WORK = 700_000  # for one question by one rule, in one dimension


class OutOfBudget(Exception):
    """The work allowed for a question is used up; the question stays open (never: answered with yes)."""

    spent = 0  # how often a budget was used up in this process


# A stack of remaining amounts; the last one is in force. Without `limit` nothing is limited.
_left: list[float] = [float("inf")]


def spend(steps: int = 1) -> None:
    """Pay for `steps` elementary operations."""
    _left[-1] -= steps
    if _left[-1] < 0:
        OutOfBudget.spent += 1
        raise OutOfBudget("the work budget is used up")


@contextmanager
def limit(steps: float) -> Iterator[None]:
    """Allow at most `steps` inside the block, and never more than the surrounding block has left."""
    granted = max(0.0, min(steps, _left[-1]))
    _left.append(granted)
    try:
        yield
    finally:
        unspent = max(0.0, _left.pop())
        _left[-1] -= granted - unspent


def remaining() -> float:
    """How much the current block may still spend."""
    return _left[-1]
