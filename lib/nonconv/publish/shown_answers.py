"""Points for what was not worked out: would zeros, ones, an input, one value for all, or the answers that the
course shows pass a check on the inputs of a student? Then other inputs are drawn for that student.

A check's own data are enough to say that: no answer is called, no kernel is needed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from nonconv.checks import Case, Check
from nonconv.checks.compare import equal

DRAWS = 20  # at most, until one is found that nothing passes
STEP = 1_000_003  # between their seeds
Shown = Mapping[str, Sequence[Any]]  # the answers that stand in a check, by its name


def shown_beside(check: Check, checks: Mapping[str, Check]) -> dict[str, list[Any]]:
    """The answers to which a student can get: in the visible checks of the same function, and in the check
    itself as it was built, since the course is public."""
    beside = [one for one in checks.values() if one.answer == check.answer and not one.hidden]
    found = {one.name: [case.expected for case in one.cases] for one in (*beside, check)}
    return {name: answers for name, answers in found.items() if any(one is not None for one in answers)}


def unlike_shown(check: Check, checks: Mapping[str, Check]) -> Check:
    """The check, whose inputs are drawn once more for a student whom something would pass that was not
    worked out."""
    draw, shown = check.cases_for, shown_beside(check, checks)
    if draw is None or check.holds is not None:
        return check

    def cases_for(seed: int) -> tuple[Case, ...]:
        cases = draw(seed)
        for n in range(1, DRAWS):
            if next(unworked(check, cases, shown), None) is None:
                break
            cases = draw((seed + n * STEP) % 2**63)
        return cases

    return replace(check, cases_for=cases_for)


def unworked(check: Check, cases: Sequence[Case], shown: Shown) -> Iterator[str]:
    """What passes these cases of the check without having been worked out, in words."""
    expected = [case.expected for case in cases]

    def passes(answers: Sequence[Any]) -> bool:
        return all(map(same, answers, expected))

    def same(value: Any, wanted: Any) -> bool:
        return equal(value, wanted, check.rtol, check.atol)

    for number, word in enumerate(("zeros", "ones")):
        if passes([constant(one, number) for one in expected]):
            yield word
    for name in cases[0].inputs if cases else ():
        if passes([case.inputs.get(name) for case in cases]):
            yield f"the input {name}"
    if len(expected) > 1 and passes([expected[0]] * len(expected)):
        yield "one value for all cases"
    for name, answers in shown.items():
        if _is_one_of_few(expected):
            found = passes([answers[n % len(answers)] for n in range(len(expected))])
        else:
            found = all(any(same(other, one) for other in answers) for one in expected)
        if found:
            yield f"the answers that stand in {name}"


def _is_one_of_few(value: Any) -> bool:
    """Truth values and words, of which any draw repeats some: only their order can tell."""
    return isinstance(value, bool | str | None) or (
        isinstance(value, tuple | list) and all(map(_is_one_of_few, value))
    )


def constant(value: Any, number: float) -> Any:
    """That number in the place of each number of an answer."""
    if isinstance(value, Tensor):
        return torch.full_like(value, number)
    if isinstance(value, tuple | list):
        return type(value)([constant(part, number) for part in value])
    return type(value)(number) if isinstance(value, bool | int | float) else None
