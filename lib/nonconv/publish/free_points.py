"""Hidden points for nothing: wrong answers that fail all that a student can run, and pass what is hidden.

A hidden check asks for more than the visible ones of its answer. An answer that fails those should not pass
it, unless it looks at another thing, which the answer does rightly. Then the attempt says so, with `earns`.
"""

from dataclasses import dataclass

from nonconv.authoring.attempts import Attempt
from nonconv.publish.unit import Exercise, Unit


@dataclass(frozen=True)
class FreePoints:
    """A wrong answer that loses every visible check of its answer, and the hidden ones that it passes."""

    attempt: Attempt
    loses: tuple[str, ...]
    passes: tuple[str, ...]


def free_points(exercise: Exercise) -> list[FreePoints]:
    """The exercise's attempts that pass a hidden check only, whether or not they say why.

    What they lose is what mistakes.py says; another requirement holds that it is so.
    """
    found = []
    for attempt in exercise.attempts:
        own = [check for check in exercise.declared.values() if check.answer == attempt.answer]
        visible = tuple(check.name for check in own if not check.hidden)
        hidden = tuple(check.name for check in own if check.hidden and check.name not in attempt.loses)
        if attempt.is_wrong and visible and hidden and set(visible) <= set(attempt.loses):
            found.append(FreePoints(attempt, visible, hidden))
    return found


def hidden_points_are_earned(unit: Unit, exercise: Exercise) -> list[str]:
    """A requirement: `earns` has a reason for each hidden check that an attempt passes, and no others."""
    passes = {one.attempt.name: one for one in free_points(exercise)}
    found = [
        f"{one.attempt.name} loses {', '.join(one.loses)}, but passes {name}: give {name} an input on which"
        f' it differs from the right answer, or say in mistakes.py why that is fair: earns={{"{name}": "…"}}'
        for one in passes.values()
        for name in one.passes
        if not one.attempt.earns.get(name)
    ]
    for attempt in exercise.attempts:
        passed = passes[attempt.name].passes if attempt.name in passes else ()
        found += [
            f"{attempt.name} says why it earns {name}, but that is no hidden check which it passes while it"
            " loses all visible ones: take it out of earns"
            for name in attempt.earns
            if name not in passed
        ]
    return found
