"""Partial credit: each line that is right earns its share, and no line costs another one its own.

The chain is walked from both ends. On the way from an end some lines are proved, a few are true but not by
their reason, and the rest of the way is estimated: each definition that is still to be put in or put back is
a line, and so are multiplying out, taking out, and counting by another index. The share is

    lines proved / (lines proved + lines true for another reason + lines still to come).

Nothing here needs to know a right proof, so a notebook and the judge say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .budget import OutOfBudget
from .chain import backwards, ends_well
from .checking import PROVED, Checker, Proof, Report, has_blank
from .dimensions import Written
from .rules import Reason
from .scope import tensors_of

USUAL = {"distribute": 2, "regroup": 1}  # the lines of a usual proof that are no definitions
KINDS = {
    "distribute": "distribute",
    "split": "distribute",
    "swap": "regroup",
    "range": "regroup",
    "one point": "regroup",
    "regroup": "regroup",
}
SPARE = 2  # lines that a proof may have beyond the usual ones and still be paid for
REMEMBERED = 8  # a line that repeats one of the last so many is no new one


class Step(NamedTuple):
    """A step of a walk: the line that it leads to, why, and whether it is proved or only true."""

    line: Written
    reason: Reason
    proved: bool


def no_credit() -> dict[str, float]:
    """The four parts of the credit."""
    return {"witness": 0.0, "prefix": 0.0, "suffix": 0.0, "end": 0.0}


def credits(checker: Checker, proof: Proof, report: Report) -> dict[str, float]:
    """Partial credit, in the statement's least dimension, each part from 0 to 1.

    witness: the share of right witnesses. prefix: what the walk from the left side earns; it ends before a
    line that mentions a wrong witness. suffix: the walk from the right side; it needs all witnesses to be
    right. end: 1 for a complete proof.
    """
    if report.proved:
        return dict.fromkeys(no_credit(), 1.0)
    out = no_credit()
    wrong = {x for x, fault in checker.faults.items() if fault != ""}
    if checker.statement.witnesses:
        out["witness"] = 1 - len(wrong) / len(checker.statement.witnesses)
    walks = [_from_the_start(proof, report), _from_the_end(checker, proof, report)]
    left, right = reversed(walks) if backwards(checker, proof) else walks
    out["prefix"] = _share(checker, _before_a_mention(left, wrong), from_left=True)
    if not wrong:
        out["suffix"] = _share(checker, right, from_left=False)
    return {part: round(share, 4) for part, share in out.items()}


def _from_the_start(proof: Proof, report: Report) -> Iterator[Step]:
    results = zip(proof.lines[1:], proof.steps, report.lines[1:], strict=True)
    for line, reason, result in results:
        if not result.holds:
            return
        yield Step(line, reason, result.verdict == PROVED)


def _from_the_end(checker: Checker, proof: Proof, report: Report) -> Iterator[Step]:
    """The same from the last line up. A step is judged again where the lines above it do not hold."""
    if not ends_well(checker, proof):
        return

    def usable(k: int) -> bool:
        line = proof.lines[k]
        return report.lines[k].holds or not (has_blank(line) or checker.well_formed(line)[0])

    for k in range(len(proof.lines) - 1, 0, -1):
        if not (usable(k) and usable(k - 1)):
            return
        above, line, reason = proof.lines[k - 1], proof.lines[k], proof.steps[k - 1]
        if report.lines[k].holds and report.lines[k - 1].holds:
            proved = report.lines[k].verdict == PROVED
        else:
            proved = not checker.reason_problem(reason) and checker.by_rule(above, line, reason)[0]
            if not proved and not checker.is_true(above, line, reason):
                return
        yield Step(above, reason, proved)


def _before_a_mention(steps: Iterable[Step], wrong: set[str]) -> Iterator[Step]:
    for step in steps:
        if wrong & set(tensors_of(step.line)):
            return
        yield step


def _share(checker: Checker, steps: Iterable[Step], from_left: bool) -> float:
    """What a walk from one end earns: the best that it had earned at any of its lines."""
    st = checker.statement
    begin, goal = (st.left, st.right) if from_left else (st.right, st.left)
    mine, theirs = _mentioned(checker, begin), _mentioned(checker, goal)
    mine, theirs = mine - theirs, theirs - mine
    total = len(mine) + len(theirs) + sum(USUAL.values())
    used = dict.fromkeys(USUAL, 0)
    seen, before, best = [begin], len(mine) + len(theirs), 0.0
    proved = others = covered = 0
    try:
        for line, reason, by_its_rule in steps:
            mentioned = _mentioned(checker, line)
            definitions = len(mine & mentioned) + len(theirs - mentioned)  # still to be put in or put back
            if not by_its_rule:
                others += max(1, before - definitions)
                covered += definitions >= before
            elif not any(_same(checker, line, old) for old in seen[-REMEMBERED:]):
                proved += 1
                kind = KINDS.get(reason.rule)
                if kind:
                    used[kind] = min(used[kind] + 1, USUAL[kind])
            seen.append(line)
            before = definitions
            rest = definitions + max(0, sum(USUAL.values()) - sum(used.values()) - covered)
            if _same(checker, line, goal):
                rest = 0 if definitions == 0 and others == covered else rest
            counted = max(0, min(proved, total - rest - others + SPARE))
            best = max(best, counted / max(1, counted + others + rest))
    except OutOfBudget:
        pass
    return best


def _same(checker: Checker, line: Written, other: Written) -> bool:
    return checker.by_rule(line, other, Reason("arithmetic"))[0]


def _mentioned(checker: Checker, line: Written) -> set[str]:
    """The defined tensors of a line, and those that their definitions mention."""
    definitions = checker.contexts[checker.statement.dims[0]].definitions
    seen: set[str] = set()
    todo = set(tensors_of(line))
    while todo:
        x = todo.pop()
        seen.add(x)
        if x in definitions:
            todo |= set(tensors_of(definitions[x].body)) - seen
    return seen - checker.statement.inputs.keys()
