"""The last word on a line and on a theorem, in one dimension. Trusted.

What a rule says is policy: how long a step may be. A line counts only if, besides, it is the same as the one
before it in two ways that know nothing of rules nor of each other: multiplied out (flat.py, where a plan
from outside is verified), and computed with numbers at small sizes (instances.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .budget import STEP_WORK, limit
from .flat import Item, Step, cancels, items_of
from .instances import agree
from .terms import Cond, Context, Term

# (context, items of a - b, how many are those of a, where to cut) -> plans to try
Planner = Callable[[Context, list[Item], int, tuple[Cond, ...]], Iterable[list[Step]]]


class Judgement:
    """Which terms are equal, under the hypotheses and the definitions of a context."""

    def __init__(self, ctx: Context, planner: Planner):
        self.ctx, self.planner = ctx, planner
        self.shown: set[tuple[Term, Term]] = set()

    def equal(self, a: Term, b: Term, unfold: Iterable[str] = (), cuts: tuple[Cond, ...] = ()) -> bool:
        """Are a and b equal for all sizes, indices, tensors and rings? False means "not shown".

        With the definitions `unfold` put in first (which is shorter, and as good), then with all of them.
        """
        if a == b or (a, b) in self.shown:
            return True
        every = frozenset(self.ctx.definitions)
        for names in dict.fromkeys((frozenset(unfold) & every, every)):
            with limit(STEP_WORK):
                if self.cancel(a, b, names, cuts):
                    break
        else:
            return False
        with limit(2 * STEP_WORK):
            if not agree(self.ctx, a, b):
                return False
        self.shown.add((a, b))
        return True

    def cancel(self, a: Term, b: Term, names: frozenset[str], cuts: tuple[Cond, ...]) -> bool:
        """Do the items of a - b cancel, with these definitions put in?"""
        items, mine = items_of(self.ctx, a, b, names)
        return any(cancels(self.ctx, items, plan) for plan in self.planner(self.ctx, items, mine, cuts))

    def theorem(self, goal: tuple[Term, Term], lines: Sequence[Term]) -> bool:
        """Do these lines lead from one side of the goal to the other, each equal to the next?"""
        if len(lines) < 2 or not all(map(self.equal, lines, lines[1:])):
            return False
        return any(self.equal(lines[0], a) and self.equal(lines[-1], b) for a, b in (goal, goal[::-1]))
