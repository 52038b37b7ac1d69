"""Calling a student's function: what it returned for each input, or what went wrong on the way."""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from types import FrameType
from typing import Any

from torch import Tensor

from nonconv.checks.compare import equal, show
from nonconv.checks.data import Case, Check
from nonconv.checks.encoding import copies
from nonconv.checks.frames import of_a_student
from nonconv.checks.guard import ForbiddenCall, own_work
from nonconv.checks.symbols import is_formula
from nonconv.checks.watching import hands_over, traced
from nonconv.checks.wording import (
    ROOF,
    changed_in_place,
    instead,
    stopped,
    too_few,
    too_many,
    unwritten,
    writes_a_roof,
)

MAX_KEPT = 200_000  # numbers of an output that are copied: larger ones are refused later
MAX_DEPTH = 8  # of tuples in tuples
COUNTED = ("torch", "nonconv.")  # modules whose kernels and layers the guard counts


class CheckFailed(Exception):
    """A diagnosis. In a notebook it shows as its own lines, without a traceback through the course's code."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class NotWritten(CheckFailed):
    """The stub of an exercise was called."""


@dataclass(frozen=True)
class Problem:
    """What went wrong in one case.

    A final one says it all: no case is shown beside it, and no further one is run. `stopped`: the answer
    raised an error. `not_asked`: what it returned may be right, but it was not made as the exercise asks;
    this is said where the output is right, and what is wrong with an output goes first.
    """

    text: str
    final: bool = False
    stopped: bool = False
    not_asked: bool = False


@dataclass
class Outcome:
    """What the answer did with one case: its output, or a problem on the way; the inputs as it left them."""

    output: Any
    problem: Problem | None
    inputs: dict[str, Any]


def outcomes(check: Check, answer: Any) -> list[Outcome]:
    """The answer's outcome in each case, up to one with a final problem."""
    found = []
    for case in check.cases:
        inputs = copies(case.inputs)
        output, problem = call(check, case, answer, inputs)
        found.append(Outcome(_kept(output), problem, inputs))
        if ends(found[-1]):
            break
    return found


def _kept(output: Any, depth: int = MAX_DEPTH) -> Any:
    """The output as it is now: an answer may write the next one into the same tensor or list."""
    if depth and type(output) in (tuple, list) and len(output) <= MAX_KEPT:
        return type(output)(_kept(part, depth - 1) for part in output)
    if type(output) is Tensor and output.numel() <= MAX_KEPT:
        return output.clone()
    if type(output).__module__ == "numpy" and getattr(output, "size", inf) <= MAX_KEPT:
        return copy.copy(output)  # of an array: its numbers too
    return output


def ends(outcome: Outcome) -> bool:
    """Does no further case follow?"""
    return outcome.problem is not None and outcome.problem.final


def not_callable(check: Check, answer: Any) -> str | None:
    """What is wrong with an answer that is no function, or None."""
    return None if callable(answer) else f"{check.answer} must be a function, but it is {show(answer)}."


def misnamed(check: Check, answer: Callable[..., Any], inputs: dict[str, Any]) -> str | None:
    """What is wrong with the parameters of a function that cannot be called with these inputs, or None."""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):  # not written in Python
        return None
    try:
        signature.bind(**inputs)
    except TypeError:
        wanted, yours = ", ".join(inputs), ", ".join(map(str, signature.parameters.values()))
        return (
            f"{check.name}: {check.answer} is called with the parameters of its cell,"
            f" {check.answer}({wanted}), but yours is {check.answer}({yours}). Keep their names and their"
            " number."
        )
    return None


@hands_over
def _counted(answer: Callable[..., Any], inputs: dict[str, Any]) -> tuple[Any, int]:
    """(what the answer returns, how many lines of its own file and of other cells it has run).

    A loop takes a line a turn at least, also where it stands in a comprehension, and whatever it calls. Calls
    of other libraries count as well: map(np.tensordot, …) has no line of its own for them.
    """
    file, lines = getattr(getattr(answer, "__code__", None), "co_filename", None), 0

    def watch(frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        nonlocal lines
        name = frame.f_code.co_filename
        if name != file and not of_a_student(frame):
            lines += event == "call" and _is_called_by(file, frame)
            return None
        lines += event == "line"
        return watch

    with traced(watch):
        return answer(**inputs), lines


def _is_called_by(file: str | None, frame: FrameType) -> bool:
    """Has a line of that file called this function? The framework's kernels are counted by the guard."""
    caller, module = frame.f_back, frame.f_globals.get("__name__") or ""
    return caller is not None and caller.f_code.co_filename == file and not module.startswith(COUNTED)


def call(
    check: Check, case: Case, answer: Callable[..., Any], inputs: dict[str, Any]
) -> tuple[Any, Problem | None]:
    """(what the answer returns for these inputs, what went wrong). The guard stands while it runs."""
    if (wrong := not_callable(check, answer) or misnamed(check, answer, inputs)) is not None:
        return None, Problem(wrong, final=True)
    limit = check.steps_at_most if case.size == max(other.size for other in check.cases) else None
    try:
        with own_work(check.may_call, check.may_not_call, answer) as called:
            output, lines = _counted(answer, inputs) if limit else (answer(**inputs), 0)
    except NotWritten as stub:
        return None, Problem(unwritten(check, answer, stub), final=True)
    except ForbiddenCall as forbidden:
        where = f" ({forbidden.line})" if forbidden.line else ""
        text = f"{check.name}: {check.answer} calls {forbidden.what}{where}. {instead(check, forbidden)}"
        return None, Problem(text, final=True)
    except SystemExit:
        return None, Problem(
            f"{check.answer} calls exit(), which ends the notebook; use return", stopped=True
        )
    except Exception as error:
        symbols = any(is_formula(value) for value in case.inputs.values())
        return None, Problem(stopped(check, answer, error, symbols), stopped=True)
    if writes_a_roof(answer) and any(is_formula(value) for value in case.inputs.values()):
        return output, Problem(ROOF)
    for name, before in case.inputs.items():
        if isinstance(before, Tensor) and not equal(inputs[name], before, 0.0, 0.0):
            return output, Problem(changed_in_place(name))
    for word, least in check.must_call.items():
        times = sum(count for name, count in called.items() if word in name)
        if times < least:
            return output, Problem(too_few(check, word, least, times), not_asked=True)
    if limit and (steps := lines + sum(called.values())) > limit:
        return output, Problem(too_many(check, steps), not_asked=True)
    return output, None
