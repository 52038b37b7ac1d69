"""Judging outcomes: is each one right, and if not, what a student reads about the smallest failing case."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from nonconv.checks.calling import Outcome, Problem, outcomes
from nonconv.checks.compare import difference, equal, show
from nonconv.checks.data import Case, Check
from nonconv.checks.properties import PROPERTIES
from nonconv.checks.proving import explanation, prove
from nonconv.checks.symbols import is_formula
from nonconv.checks.wording import wrapped


def failure(check: Check, answer: Callable[..., Any]) -> str | None:
    """None where the answer is right, else the diagnosis of its smallest failing case."""
    if check.proves is not None and callable(answer):
        credit = prove(check, answer)
        return None if credit.share == 1 else explanation(check, credit)
    return diagnosis(check, outcomes(check, answer))


def diagnosis(check: Check, found: list[Outcome]) -> str | None:
    """None where every outcome is right, else what is wrong in the smallest case that fails."""
    wrong: list[tuple[Case, Problem]] = []
    for case, outcome in zip(check.cases, found, strict=False):
        problem = outcome.problem or problem_with(check, case, outcome)
        if problem is not None:
            wrong.append((case, problem))
            if problem.final:
                return wrapped(problem.text)
    if not wrong:
        return None
    case, problem = wrong[0]
    many = f" in {len(wrong)} of {len(check.cases)} cases" if len(check.cases) > 1 else ""
    lines = [f"{check.name}: {check.answer} is wrong{many}."]
    known = _recognise(check, [outcome.output for outcome in found])
    if known is not None:
        lines.append(f"A known mistake: {known}")
    # a symbol says nothing more than its name
    inputs = {name: value for name, value in case.inputs.items() if not is_formula(value)}
    if inputs:
        lines.append("The smallest case that fails:" if many else "The case:")
        lines += [f"  {name} = {show(value)}{_shape(check, name, value)}" for name, value in inputs.items()]
    return "\n".join(wrapped(line) for line in [*lines, problem.text])


def problem_with(check: Check, case: Case, outcome: Outcome) -> Problem | None:
    """What is wrong with an output, by the check's property or by what is expected in this case."""
    if check.holds is not None:
        text = PROPERTIES[check.holds](outcome.inputs, outcome.output)
    else:
        sometimes_none = any(other.expected is None for other in check.cases)
        text = difference(
            outcome.output, case.expected, check.rtol, check.atol, check.returns, sometimes_none
        )
    return None if text is None else Problem(text)


def _recognise(check: Check, outputs: list[Any]) -> str | None:
    """The sentence of the known mistake that gives just these outputs, in every case where it is wrong.

    If there are several, the one that is wrong in most cases: it explains most of these outputs.
    """
    check = check.recognised()
    known: dict[str, int] = {}
    for sentence in dict.fromkeys(one for case in check.cases for one, _ in case.mistakes):
        stored = [
            (output, wrong)
            for case, output in zip(check.cases, outputs, strict=True)
            for one, wrong in case.mistakes
            if one == sentence
        ]
        if all(equal(output, wrong, check.rtol, check.atol) for output, wrong in stored):
            known[sentence] = len(stored)
    return max(known, key=known.__getitem__, default=None)


def _shape(check: Check, name: str, value: Any) -> str:
    if not isinstance(value, Tensor) or value.numel() > 16:
        return ""
    dtypes = {getattr(case.inputs[name], "dtype", None) for case in check.cases}
    dtype = f", {str(value.dtype).removeprefix('torch.')}" if len(dtypes) > 1 else ""
    return f"   (shape {tuple(value.shape)}{dtype})"
