"""Rules: how long a step may be. A policy on top of the one sound judgement.

A rule is a set of flags for `equal`. If a rule allowed too much, a proof could become shorter than a
teacher wants; it could not become wrong.
"""

from __future__ import annotations

import difflib
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
        Rule("split", frozenset({"dist", "range", "onepoint"}), "cut the range of a sum in two", 2),
    )
}
ALIASES = {
    "factor": "distribute",
    "factor out": "distribute",
    "multiply out": "distribute",
    "expand": "distribute",
    "distributivity": "distribute",
    "distributive law": "distribute",
    "linearity": "distribute",
    "reindex": "regroup",
    "exchange": "swap",
    "exchange the sums": "swap",
    "onepoint": "one point",
    "one-point": "one point",
    "rename": "arithmetic",
    "reorder": "arithmetic",
    "commutativity": "arithmetic",
    "associativity": "arithmetic",
}
DEFINITION = {"definition", "definitions", "def", "defs", "defn", "unfold"}
FILLERS = {"by", "the", "of", "and", "using", "use", "with", "from", "apply"}
MAX_REASON_CHARS = 80
# no control characters, no surrogates, nothing that LaTeX or HTML would read
LEGIBLE = re.compile(rf"[\w ,.;:+*/()\[\]<>=!?'\"&|^~…-]{{1,{MAX_REASON_CHARS}}}\Z")


@dataclass(frozen=True)
class Reason:
    """A rule as it stands behind a line: `definition` with names, `split` with written conditions.

    `said`: the student's word for the rule, where it is another. `problem`: why this is no reason, or "".
    The rule "..." stands for a reason that is still to be named.
    """

    rule: str
    names: tuple[str, ...] = ()
    cuts: tuple[tuple, ...] = field(default=())
    said: str = ""
    problem: str = ""

    def __str__(self) -> str:
        from .render import plain_cond

        tail = ", ".join([*self.names, *map(plain_cond, self.cuts)])
        return f"{self.said or self.rule} {tail}".strip()


def parse_reason(text: str) -> Reason:
    """ "definition Z", "by definition of Z", "distribute", "factor out", ...

    IllFormed says what is no reason. A split is made by `split(condition)`.
    """
    words = re.findall(r"[^\s,;:.]+", text)
    while words and words[0].lower() in FILLERS:
        del words[0]
    low = [x.lower() for x in words]
    if low and low[0] in DEFINITION:
        names = [x for x in words[1:] if x.lower() not in FILLERS]
        if not names:
            raise IllFormed('say which definition is used, for example "definition Z"')
        if any(x in RULES or x in ALIASES for x in map(str.lower, names)):
            raise IllFormed(f'"{text}" names two rules, and a line has one: write a line for each')
        return Reason("definition", tuple(names))
    said = " ".join(low)
    rule = ALIASES.get(said, said)
    if low and low[0].startswith("split"):
        raise IllFormed("say where to split, as a condition on a summation index: split(m <= M), not a text")
    if rule not in RULES:
        raise IllFormed(unknown(text))
    return Reason(rule, said="" if said == rule else said)


def unknown(text: str) -> str:
    """What to say about a text that is no rule."""
    low = text.lower()
    named = [x for x in (*RULES, *ALIASES) if re.search(rf"\b{re.escape(x)}\b", low)]
    if len(named) > 1 and re.search(r"[,;+&]| and | then ", low):
        return f'"{text}" names two rules, and a line has one: write a line for each'
    near = difflib.get_close_matches(low, [*RULES, *ALIASES], n=1, cutoff=0.75)
    if near:
        return f'"{text}" is not a rule; did you mean "{near[0]}"?'
    return f'"{text}" is not a rule; the rules are: {RULE_NAMES}'


RULE_NAMES = (
    'arithmetic, definition Z, distribute (or "factor"), range, swap, one point, regroup,'
    " and split(condition), which cuts the range of a sum in two"
)


def read_reason(text: str) -> Reason:
    """The reason that a text gives; if it gives none, one whose `problem` says so."""
    text = " ".join(text.split(" "))
    if text.strip() in ("", "..."):
        return Reason("...")
    if len(text) > MAX_REASON_CHARS:
        text = text[: MAX_REASON_CHARS // 2] + "…"
    if not LEGIBLE.match(text):
        return Reason(
            "?", problem=f"this reason has characters that no rule has; the rules are: {RULE_NAMES}"
        )
    try:
        return parse_reason(text)
    except IllFormed as e:
        return Reason(text, problem=str(e))


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
    def one_rule(self) -> str:
        """The one rule that includes all that is needed, "" if there is none."""
        flags = frozenset().union(*(RULES[r].flags for r in self.rules))
        fit = [r for r in RULES.values() if flags <= r.flags and r.name not in ("definition", "split")]
        return "" if self.names or not fit else min(fit, key=lambda r: (len(r.flags), r.weight)).name

    def __str__(self) -> str:
        family = [r for r in self.rules if RULES[r].flags < RULES["regroup"].flags]
        rules = [r for r in self.rules if r not in family] + (["regroup"] if len(family) > 1 else family)
        return " + ".join([*(f"definition {x}" for x in self.names), *rules]) or "arithmetic"


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
