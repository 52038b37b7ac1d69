"""What became of an exercise's mutants, beside what the exercise itself says of them.

A slip that no check notices would earn full marks. Either the checks get a case that notices it, or the
exercise's mutants.py says why it is no mistake:

    EQUAL = {"separate": {"len(S) > 1 -> len(S) >= 1": "S[1] is 0 where there is one singular value."}}
    RIGHT = {"counterexample": lambda answer: f(*answer()) != 0}

    EVERY = {"plane_proof": (4, "a line in two dimensions takes ten times as long")}

EQUAL is for single slips. RIGHT is for answers that are right in many ways: a function that looks at the
answer without the help of the check, and says whether it is right. EVERY is for what takes too long: only
every n-th mutant is judged then.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nonconv.publish.mutation.judging import STUDENTS, Judge, OutOfTime, Verdict, alone, limited
from nonconv.publish.mutation.making import Mutant
from nonconv.publish.unit import Exercise, Unit

SECONDS = 1.0  # of processor time, for a look at an answer


@dataclass
class Result:
    """What became of the mutants of one exercise, and what its mutants.py says that does not hold.

    A mutant that returns the same, from an answer without inputs, is not among them.
    """

    verdicts: list[Verdict] = field(default_factory=list)
    equal: list[Verdict] = field(default_factory=list)
    surviving: list[Verdict] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # in words: what was not judged, and why

    @property
    def killed(self) -> int:
        return len(self.verdicts) - len(self.equal) - len(self.surviving)

    @property
    def share(self) -> float:
        """Of the mutants that are mistakes, how many are noticed, from 0 to 1."""
        mistakes = self.killed + len(self.surviving)
        return self.killed / mistakes if mistakes else 1.0


def examined(
    unit: Unit,
    exercise: Exercise,
    progress: Callable[[int, int], None] = lambda n, of: None,
    every: int = 1,
) -> Result:
    """Judge the mutants of an exercise: all, or every n-th. ValueError: a solution fails its own checks."""
    if not exercise.answers:
        return Result()
    judge, result = Judge(unit, exercise, every), Result()
    equal, right = exercise.equal_mutants, exercise.right_answers
    listed = {(answer, slip) for answer, slips in equal.items() for slip in slips}
    for n, mutant in enumerate(judge.mutants):
        progress(n, len(judge.mutants))
        verdict = judge.verdict(mutant)
        if verdict.same:
            continue
        result.verdicts.append(verdict)
        is_listed = (mutant.answer, mutant.slip) in listed
        listed.discard((mutant.answer, mutant.slip))
        is_right = mutant.answer in right and _holds(right[mutant.answer], judge.function(mutant))
        if verdict.survives:
            (result.equal if is_listed or is_right else result.surviving).append(verdict)
        if is_listed and not verdict.survives:
            result.problems.append(
                f"{place(mutant)}: mutants.py calls it equal, but {verdict.noticed_by} notices it;"
                " take it out"
            )
        if is_right and not verdict.survives:
            result.problems.append(
                f"{place(mutant)}: it is right by RIGHT, but {verdict.noticed_by} refuses it"
            )
        if verdict.stopped:
            result.problems.append(
                f"{place(mutant)}: {verdict.noticed_by} itself stopped with {verdict.stopped}; what judges an"
                " answer must take every answer"
            )
    for answer, slip in sorted(listed) if every == 1 else []:
        result.problems.append(f"mutants.py: {answer} has no mutant {slip!r}; take it out")
    for answer, (n, why) in exercise.every_mutant.items():
        result.left_out.append(f"{answer}: only one of {n} mutants is judged, since {why}")
    named = set(equal) | set(right) | set(exercise.every_mutant)
    for answer in sorted(named - set(exercise.answers)):
        result.problems.append(f"mutants.py speaks of {answer}, which this exercise does not ask for")
    return result


def _holds(right: Callable[[Callable[..., Any]], bool], function: Callable[..., Any]) -> bool:
    try:
        with alone(), limited(SECONDS):
            return bool(right(function))
    except (Exception, OutOfTime):
        return False


def place(mutant: Mutant) -> str:
    """Where a slip is made, and which."""
    return f"{mutant.answer}, line {mutant.line}: {mutant.slip}"


def report(result: Result) -> list[str]:
    """What was left out, the surviving mutants and what else is wrong, in lines."""
    lines = list(result.left_out)
    for verdict in result.surviving:
        mutant = verdict.mutant
        lines += [place(mutant), f"    - {mutant.before}", f"    + {mutant.after}"]
        if len(verdict.unnoticed_for) <= STUDENTS:
            whose = ", ".join("the built inputs" if k == 0 else f"student {k}" for k in verdict.unnoticed_for)
            lines.append(f"    not noticed on {whose}")
    return lines + result.problems


def no_slip_goes_unnoticed(unit: Unit, exercise: Exercise, every: int = 1) -> list[str]:
    """A requirement of nonconv.publish.acceptance: each slip that no check notices, in words."""
    result = examined(unit, exercise, every=every)
    found = [
        f"no check notices {place(verdict.mutant)}; add a case on which it differs,"
        " or say in mutants.py why it is no mistake"
        for verdict in result.surviving
    ]
    return found + result.problems


def summary(result: Result) -> str:
    """The counts, in a line."""
    return (
        f"{len(result.verdicts)} mutants, {result.killed} killed, {len(result.equal)} equal,"
        f" {len(result.surviving)} survive ({math.floor(100 * result.share)} %)"
    )
