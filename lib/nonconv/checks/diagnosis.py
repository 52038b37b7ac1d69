"""Judging outcomes: is each one right, and if not, what a student reads about the smallest failing case."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from nonconv.checks.calling import CheckFailed, Outcome, Problem, outcomes
from nonconv.checks.compare import difference, dtype_difference, show
from nonconv.checks.data import Case, Check
from nonconv.checks.properties import PROPERTIES
from nonconv.checks.proving import explanation, prove
from nonconv.checks.recognition import recognised
from nonconv.checks.symbols import is_formula
from nonconv.checks.transport import MAX_RESPONSE_CHARS, packed, unpacked
from nonconv.checks.wording import wrapped


class CheckStopped(CheckFailed):
    """The check itself stopped with an error on an answer: a fault of the course.

    Grading knows it by this name and tells the instructor.
    """

    def __init__(self, check: Check, error: Exception) -> None:
        text = f"{check.name}: the check itself stopped with {type(error).__name__}: {str(error)[:200]}"
        super().__init__(wrapped(f"{text}\n{NOT_YOURS}"))


NO_BREAK = "\u00a0"  # where no line may end
NOT_YOURS = "That is a fault of the course, not of your answer: please show it to your instructor."


@dataclass(frozen=True)
class Judgement:
    """What is wrong with an answer, or None; the number, from 1, of the case that shows it."""

    message: str | None
    case: int | None = None


def failure(check: Check, answer: Callable[..., Any]) -> str | None:
    """None where the answer is right, else the diagnosis of its smallest failing case."""
    return judgement(check, answer).message


def judgement(check: Check, answer: Callable[..., Any]) -> Judgement:
    """Call the answer and judge it, by what grading would get of it. CheckStopped if the check fails."""
    if check.proves is not None and callable(answer):
        credit = prove(check, answer)
        return Judgement(None if credit.share == 1 else explanation(check, credit))
    found = outcomes(check, answer)
    return judged(check, json.loads(json.dumps(packed(check, found))))


def judged(check: Check, response: Any) -> Judgement:
    """Judge a response to the check, which may be hostile. CheckStopped if the check itself fails."""
    try:
        large = len(json.dumps(response)) > MAX_RESPONSE_CHARS
    except (ValueError, TypeError, RecursionError):
        response, large = None, False
    if large:
        return Judgement(f"{check.name}: {check.answer} returns far too much to be looked at.")
    found = unpacked(check, response)
    if found is None:
        return Judgement(f"{check.name}: what {check.answer} returned could not be read.")
    return diagnosis(check, found)


def diagnosis(check: Check, found: list[Outcome]) -> Judgement:
    """What is wrong in the smallest case that fails. CheckStopped if the check itself stops with an error."""
    try:
        return _diagnosis(check, found)
    except Exception as error:
        if check.takes_formulas and _is_of_sympy(error):
            text = f"sympy cannot compute with the formula that {check.answer} returns"
            return Judgement(
                wrapped(f"{check.name}: {text} ({type(error).__name__}): write it in a simpler way.")
            )
        raise CheckStopped(check, error) from error


def _is_of_sympy(error: Exception) -> bool:
    """Was it raised by sympy? It is over the answer then: what is expected has been computed with before."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    name = trace.tb_frame.f_globals.get("__name__") if trace is not None else None
    return str(name).partition(".")[0] in ("sympy", "mpmath")


def _diagnosis(check: Check, found: list[Outcome]) -> Judgement:
    problems: list[Problem | None] = []
    not_asked: Problem | None = None
    for case, outcome in zip(check.cases, found, strict=False):
        problem = outcome.problem
        if problem is not None and problem.not_asked:
            problem, not_asked = None, problem
        problem = problem or problem_with(check, case, outcome)
        problems.append(problem)
        if problem is not None and problem.final:
            return Judgement(wrapped(problem.text))
    wrong = [(n, problem) for n, problem in enumerate(problems) if problem is not None]
    wrong.sort(key=lambda one: check.cases[one[0]].size)
    if not wrong:
        return Judgement(None if not_asked is None else wrapped(not_asked.text))
    n, problem = wrong[0]
    case = check.cases[n]
    text = problem.text
    if any(outcome.output is not None for outcome in found):  # there is a return, only not on this way
        text = text.replace("is there a `return`?", "here it ends without reaching a `return`.")
    many = f" in {len(wrong)} of {len(check.cases)} cases" if len(check.cases) > 1 else ""
    lines = [f"{check.name}: {check.answer} is wrong{many}."]
    if (known := recognised(check, found, problems)) is not None:
        lines.append(f"A known mistake: {known}")
    # a symbol says nothing more than its name
    inputs = {name: value for name, value in case.inputs.items() if not is_formula(value)}
    if inputs:
        lines.append("The smallest case that fails:" if many else "The case:")
        lines += [
            f"  {name} = {_unbroken(show(value))}{_shape(check, name, value)}"
            for name, value in inputs.items()
        ]
    return Judgement(
        "\n".join(wrapped(line) for line in [*lines, text]).replace(NO_BREAK, " "),
        n + 1 if inputs else None,
    )


def problem_with(check: Check, case: Case, outcome: Outcome) -> Problem | None:
    """What is wrong with an output, by the check's property or by what is expected in this case."""
    if check.holds is not None:
        text = PROPERTIES[check.holds](outcome.inputs, outcome.output)
    else:
        sometimes_none = any(other.expected is None for other in check.cases)
        text = difference(
            outcome.output, case.expected, check.rtol, check.atol, check.returns, sometimes_none
        )
        if text is None and check.same_dtype:
            text = dtype_difference(outcome.output, case.expected, check.returns)
    return None if text is None else Problem(text)


def _unbroken(text: str) -> str:
    """Shown inputs, whose quoted words no line end may divide: they can be pasted into a cell."""
    return re.sub(r"'[^']*'", lambda word: word[0].replace(" ", NO_BREAK), text)


def _shape(check: Check, name: str, value: Any) -> str:
    if not isinstance(value, Tensor) or value.numel() > 16:
        return ""
    dtypes = {getattr(case.inputs[name], "dtype", None) for case in check.cases}
    dtype = f", {str(value.dtype).removeprefix('torch.')}" if len(dtypes) > 1 else ""
    return f"   (shape {tuple(value.shape)}{dtype})"
