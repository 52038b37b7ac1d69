"""A chain of lines, checked from its start to its end, and what to say about it in a sentence.

A wrong start, or a line that is wrong, costs itself: the lines after it are compared with the last good one.
"""

from __future__ import annotations

from collections.abc import Mapping

from .budget import OutOfBudget
from .checking import (
    BLANK,
    CARRIED,
    ILL_FORMED,
    PROVED,
    REFUTED,
    RESTS,
    UNKNOWN,
    WAITING,
    Checker,
    LineResult,
    Proof,
    Report,
    has_blank,
)
from .credit import named
from .dimensions import Written
from .render import plain
from .rules import Reason
from .statement import Statement
from .terms import IllFormed


def check(statement: Statement, proof: Proof) -> Report:
    """Check a whole proof."""
    try:
        checker = Checker(statement, proof.witness, proof.indices)
    except IllFormed as e:
        return Report(False, str(e), {}, ())
    return check_with(checker, proof)


def check_with(checker: Checker, proof: Proof) -> Report:
    """Check a proof's lines with a checker made for its witnesses."""
    st = checker.statement
    results: list[LineResult] = []
    if proof.lines:
        results = [_start(checker, proof)]
        # a wrong start costs itself: the chain goes on from the left side
        good, bad, missing = proof.lines[0] if results[0].holds else st.left, None, False
        for n, (line, reason) in enumerate(zip(proof.lines[1:], proof.steps, strict=True), 1):
            try:
                r = checker.line(n, good, bad, line, reason, missing)
            except OutOfBudget as e:
                r = LineResult(n, UNKNOWN, str(reason), f"The checker gave up here: {e}.")
            results.append(r)
            if r.holds:
                good, bad, missing = line, None, False
                continue
            waits = r.verdict in (BLANK, RESTS) or (r.verdict == WAITING and checker.only_missing)
            missing = waits and (missing or bad is None)
            # without a line to compare with, the next one has a gap before it
            bad = line if r.verdict in (REFUTED, CARRIED, RESTS, UNKNOWN, WAITING) else bad or good
    wrong = next((r for r in results if r.verdict != PROVED), None)
    absent = [x for x in st.witnesses if checker.problems[x]]
    ends = bool(results) and len(results) == len(proof.lines) and ends_well(checker, proof)
    proved = not absent and wrong is None and ends and checker.theorem(proof.lines)
    faults = {x: fault or "" for x, fault in checker.faults.items()} if not proved else checker.problems
    return Report(proved, _summary(checker, proof, wrong, ends, faults), faults, tuple(results))


def _summary(
    checker: Checker, proof: Proof, wrong: LineResult | None, ends: bool, faults: Mapping[str, str]
) -> str:
    """The first thing to do, in a sentence."""
    st = checker.statement
    fault = next((x for x in faults if faults[x]), None)
    if fault is not None:
        return f"witness {named(fault, faults[fault])}"
    if not proof.lines:
        return "there is no chain yet; write P.calc(…)"
    if wrong is not None:
        summary = f"line {wrong.number}: {wrong.verdict}"
        return summary + (
            (": " if wrong.message[0].islower() else ". ") + wrong.message if wrong.message else ""
        )
    if not ends:
        end = plain(_other_end(checker, proof))
        return f"every line holds so far, but the chain does not yet end with {end}"
    dimensions = f"{', '.join(map(str, st.dims))} dimension{'s' * (st.dims != (1,))}"
    return f"every line holds, for all sizes, in {dimensions}"


def _start(checker: Checker, proof: Proof) -> LineResult:
    st, line = checker.statement, proof.lines[0]
    if has_blank(line):
        return LineResult(0, BLANK, "start", f"the chain starts from {plain(st.left)}")
    problem = "" if line[0] == "unread" else checker.well_formed(line)[0]
    if problem:
        return LineResult(0, ILL_FORMED, "start", problem)
    if line[0] != "unread" and (_is(checker, line, st.left) or _is(checker, line, st.right)):
        return LineResult(0, PROVED, "start")
    found = line[1] if line[0] == "unread" else f"this one starts with {plain(line)}"
    left, right = plain(st.left), plain(st.right)
    return LineResult(
        0,
        ILL_FORMED,
        "start",
        f"the chain starts with a left side, {left} (or, backwards, {right}), and then come its lines:"
        f' P.calc({left}, (line, "reason"), …); {found}. A second P.calc replaces the first',
    )


def backwards(checker: Checker, proof: Proof) -> bool:
    """Does the chain go from the right side to the left side?"""
    st = checker.statement
    return (
        bool(proof.lines)
        and _is(checker, proof.lines[0], st.right)
        and not _is(checker, proof.lines[0], st.left)
    )


def _other_end(checker: Checker, proof: Proof) -> Written:
    return checker.statement.left if backwards(checker, proof) else checker.statement.right


def ends_well(checker: Checker, proof: Proof) -> bool:
    """Is the chain's last line the side that it has to end with?"""
    return len(proof.lines) > 1 and _is(checker, proof.lines[-1], _other_end(checker, proof))


def _is(checker: Checker, line: Written, side: Written) -> bool:
    """Is the line this side, up to arithmetic?"""
    try:
        return not has_blank(line) and checker.by_rule(line, side, Reason("arithmetic"))[0]
    except IllFormed:
        return False
