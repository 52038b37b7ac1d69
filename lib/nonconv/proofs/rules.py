"""Rules: how long a step may be. A policy on top of the one sound judgement.

A rule is a set of flags for `equal`. If a rule allowed too much, a proof could become shorter than a
teacher wants; it could not become wrong.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .budget import OutOfBudget, limit
from .equality import ALL, equal
from .terms import Cond, Context, IllFormed, Term


@dataclass(frozen=True)
class Rule:
    """A name, what it may use, what it says to a student, and what it counts in partial credit."""

    name: str
    flags: frozenset[str]
    meaning: str
    weight: int = 0


RULES = {
    r.name: r
    for r in (
        Rule("arithmetic", frozenset(), "reorder sums and products, rename indices, compute subscripts"),
        Rule("definition", frozenset(), "replace a name by its definition, or a definition by its name", 1),
        Rule(
            "distribute", frozenset({"dist"}), "multiply out or factor out; sums keep their nesting order", 2
        ),
        Rule("range", frozenset({"range"}), "write the range of a sum in another way", 1),
        Rule("swap", frozenset({"swap", "range"}), "exchange the order of summation", 1),
        Rule("one point", frozenset({"onepoint", "range"}), "a sum in which an equality leaves one term", 1),
        Rule(
            "regroup",
            frozenset({"swap", "range", "onepoint", "affine"}),
            "sort the terms by the value of another index, or change the summation index",
            3,
        ),
        Rule("split", frozenset({"dist", "range"}), "cut the range of a sum in two", 2),
    )
}
ALIASES = {
    "def": "definition",
    "definitions": "definition",
    "factor": "distribute",
    "factor out": "distribute",
    "multiply out": "distribute",
    "expand": "distribute",
    "reindex": "regroup",
    "exchange": "swap",
    "onepoint": "one point",
    "one-point": "one point",
    "rename": "arithmetic",
    "reorder": "arithmetic",
}


@dataclass(frozen=True)
class Reason:
    """A rule as it stands behind a line: `definition` with names, `split` with written conditions."""

    rule: str
    names: tuple[str, ...] = ()
    cuts: tuple[tuple, ...] = field(default=())

    def __str__(self) -> str:
        from .render import plain_cond

        tail = ", ".join([*self.names, *map(plain_cond, self.cuts)])
        return f"{self.rule} {tail}".strip()


def parse_reason(text: str) -> Reason:
    """ "definition Z", "distribute", "factor out", "one point", ... A split is made by `split(condition)`."""
    words = " ".join(text.lower().split())
    first = words.split(" ")[0] if words else ""
    if ALIASES.get(first, first) == "definition":
        names = [x for x in re.split(r"[\s,]+", text.strip())[1:] if x.lower() not in ("of", "and")]
        if not names:
            raise IllFormed('say which definition is used, for example "definition Z"')
        return Reason("definition", tuple(names))
    rule = ALIASES.get(words, words)
    if rule == "split":
        raise IllFormed("say where to split, as a condition on a summation index: split(m <= M)")
    if rule not in RULES:
        raise IllFormed(f'"{text}" is not a rule; the rules are: ' + ", ".join(r for r in RULES))
    return Reason(rule)


def follows(ctx: Context, a: Term, b: Term, reason: Reason, cuts: Iterable[Cond] = ()) -> bool:
    """Does b follow from a by this one rule?"""
    return equal(ctx, a, b, RULES[reason.rule].flags, reason.names, tuple(cuts))


def _choices() -> list[tuple[str, ...]]:
    """Sets of rules by weight; none contains a rule that another one of the set includes."""
    out = []
    names = ("distribute", "range", "swap", "one point", "regroup")
    for n in range(len(names) + 1):
        for chosen in itertools.combinations(names, n):
            if not any(RULES[x].flags < RULES[y].flags for x in chosen for y in chosen):
                out.append(chosen)
    return sorted(out, key=lambda c: (sum(RULES[x].weight for x in c), len(c)))


CHOICES = _choices()


@dataclass(frozen=True)
class Need:
    """The least set of rules that gives a line: rule names and the definitions to be used."""

    rules: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def weight(self) -> int:
        """What is to be done, in points."""
        return sum(RULES[r].weight for r in self.rules) + len(self.names)

    def __str__(self) -> str:
        return " + ".join([*(f"definition {x}" for x in self.names), *self.rules]) or "arithmetic"


def least(ctx: Context, a: Term, b: Term, cuts: Iterable[Cond] = (), work: float = 900_000) -> Need | None:
    """The cheapest set of rules by which b follows from a; None if a = b is not shown at all."""
    cuts = tuple(cuts)
    names = tuple(ctx.definitions)

    def shown(rules: Iterable[str], names: Iterable[str]) -> bool:
        flags = frozenset().union(*(RULES[r].flags for r in rules))
        try:
            with limit(work / 4):
                return equal(ctx, a, b, flags, tuple(names), cuts)
        except OutOfBudget:
            return False

    try:
        with limit(work):
            if not equal(ctx, a, b, ALL, names, cuts):
                return None
    except OutOfBudget:
        return None
    found = ("distribute", "regroup")
    try:
        with limit(work):
            for x in names:  # definitions that are not needed ...
                fewer = tuple(y for y in names if y != x)
                if shown(found, fewer):
                    names = fewer
            for rules in CHOICES:  # ... and then the cheapest rules
                if shown(rules, names):
                    found = rules
                    break
    except OutOfBudget:
        pass
    return Need(found, names)
