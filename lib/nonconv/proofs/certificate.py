"""Certificates: proofs as plain JSON, and the judge that trusts nothing in them.

    {"statement": id, "indices": {own name: "s" | "c"}, "witness": {name: {"indices": [...], "body": term}},
     "lines": [term, ...], "steps": [{"rule": name, "names": [...], "cuts": [cond, ...]}, ...],
     "hint": true}                   where there was one
    term = integer | "..." | ["acc", T, [poly, ...]] | ["add" | "mul", term, term, ...]
         | ["sum", [[x, poly, poly], ...], [cond, ...], term] | {"unread": why}
    poly = {"i": 1, "s*i": 2, "": -1}        cond = [op, poly, poly], op one of <= < >= > ==

The first line is where the chain starts; step n leads to line n. What is being proved is looked up in the
catalogue; the certificate only names it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from . import checking, counterexamples
from . import polynomials as po
from .budget import OutOfBudget, limit
from .catalogue import CATALOGUE
from .catalogue.drawn import belongs, is_own, level_of
from .chain import check_with
from .checking import Checker, Proof, Report, describe
from .dimensions import Written
from .reader import MAX_NUMBER, UNREAD, Reader, load
from .shares import credits, no_credit
from .statement import Statement
from .terms import IllFormed

JUDGE_WORK = 10_000_000  # everything that one judgement may cost; see budget.py
TOO_LARGE = 10**9  # stands for any number that is too large


# ---------------------------------------------------------------- writing
def poly_to_json(p: po.Poly) -> dict[str, int]:
    """{"i": 1, "s*i": 2, "": -1}"""
    return {"*".join(m): max(-TOO_LARGE, min(c, TOO_LARGE)) for m, c in p}


def cond_to_json(cond: tuple) -> list:
    """[op, left, right]"""
    return [cond[0], poly_to_json(cond[1]), poly_to_json(cond[2])]


def line_to_json(t: Written) -> Any:
    """A line as JSON, also where it is nested too deeply to be written."""
    try:
        out = term_to_json(t)
        json.dumps(out)
    except RecursionError:
        return {"unread": "large"}
    return out


def term_to_json(t: Written) -> Any:
    """A written term as JSON."""
    if t[0] == "num":
        return t[1] if abs(t[1]) <= MAX_NUMBER else {"unread": "number"}
    if t[0] == "blank":
        return "..."
    if t[0] == "unread":
        return {"unread": t[1] if t[1] in UNREAD else "large"}
    if t[0] == "acc":
        return ["acc", t[1], [poly_to_json(p) for p in t[2]]]
    if t[0] in ("add", "mul"):
        return [t[0], *map(term_to_json, flat(t))]
    ranges = [[x, poly_to_json(lo), poly_to_json(hi)] for x, lo, hi in t[1]]
    return ["sum", ranges, [cond_to_json(c) for c in t[2]], term_to_json(t[3])]


def flat(t: Written) -> Iterator[Written]:
    """The parts of a sum of sums, or of a product of products."""
    todo = [t]
    while todo:
        u = todo.pop()
        if u[0] == t[0]:
            todo += reversed(u[1:])
        else:
            yield u


def proof_to_json(proof: Proof) -> dict:
    """A proof as a certificate."""
    steps = []
    for s in proof.steps:
        step: dict[str, Any] = {"rule": s.said or s.rule}
        if s.names:
            step["names"] = list(s.names)
        if s.cuts:
            step["cuts"] = [cond_to_json(c) for c in s.cuts]
        steps.append(step)
    return {
        "statement": proof.statement,
        "indices": dict(proof.indices),
        "witness": {
            x: {"indices": list(ps), "body": line_to_json(b)} for x, (ps, b) in proof.witness.items()
        },
        "lines": [line_to_json(t) for t in proof.lines],
        "steps": steps,
    }


# ---------------------------------------------------------------- judging
def judge(
    certificate: str | bytes | Mapping,
    statement: str | None = None,
    strict: bool = False,
    whose: str = "",
) -> dict:
    """The verdict on a certificate, as plain data.

    statement: what had to be proved (the grader knows it; a certificate for another statement fails). None:
    take the statement that the certificate names. A family such as "own-2" stands for a theorem of anybody's
    own. strict: at most one definition is used in a line. whose: the name whose own theorem the statement is,
    for what is said if the certificate is about another.

    Keys: statement, hint (did its author take one?), proved, verdict, reason, witness {name: ""|problem},
    lines [{line, verdict, reason, message, ...}], credits {"witness", "prefix", "suffix", "end"}, each from 0
    to 1.
    """
    return examine(certificate, statement, strict, whose=whose)[0]


def examine(
    certificate: str | bytes | Mapping,
    statement: str | None = None,
    strict: bool = False,
    parts: bool = True,
    whose: str = "",
) -> tuple[dict, tuple[Statement, Proof, Report] | None]:
    """`judge`'s verdict, and what was checked, as `session.Shown` wants it to draw the table;
    None if there are no lines to draw.

    Without `parts`, an incomplete proof has no credits: to find them takes longer than to check it.
    """
    checked = None
    out: dict[str, Any] = {
        "statement": statement or "",
        "hint": False,
        "proved": False,
        "verdict": "ill-formed",
        "reason": "",
        "witness": {},
        "lines": [],
        "credits": no_credit(),
    }
    try:
        data = load(certificate)
        if isinstance(data, dict) and "counterexample" in data:
            return _judge_counterexample(data, statement), None
        out["hint"] = isinstance(data, dict) and bool(data.get("hint"))
        with limit(JUDGE_WORK), _remembered():
            proof = Reader().proof(data)
            if statement is not None and not belongs(proof.statement, statement):
                raise IllFormed(about_another(proof.statement, statement, whose))
            out["statement"] = proof.statement
            if proof.statement not in CATALOGUE:
                raise IllFormed(f"there is no statement {proof.statement}")
            st = CATALOGUE[proof.statement]
            checker = _checker(proof, st, strict)
            report = check_with(checker, proof)
            checked = st, proof, report
            out |= {
                "proved": report.proved,
                "reason": report.summary,
                "witness": dict(report.witness),
                "verdict": "proved" if report.proved else "not proved",
                "lines": [_line_data(r, st.dims) for r in report.lines],
            }
            if parts or report.proved:
                out["credits"] = credits(checker, proof, report)
    except IllFormed as e:
        out["reason"] = str(e)
    except OutOfBudget as e:
        out |= {"verdict": "not justified", "reason": f"this proof is too large to be checked: {e}"}
    except RecursionError:
        out["reason"] = "the certificate is nested too deeply"
    return out, checked


# those of the last judgements: many students choose the same witnesses, and a checker keeps what it has found
# out about sizes, conditions and lines
_checkers: dict[tuple, Checker] = {}
MAX_CHECKERS = 32


def _checker(proof: Proof, statement: Statement, strict: bool) -> Checker:
    own = (tuple(sorted(proof.witness.items())), tuple(sorted(proof.indices.items())))
    key = (proof.statement, *own, strict)
    if key not in _checkers:
        if len(_checkers) == MAX_CHECKERS:
            del _checkers[next(iter(_checkers))]
        _checkers[key] = Checker(statement, proof.witness, proof.indices, strict)
    return _checkers[key]


@contextmanager
def _remembered() -> Iterator[None]:
    """After a judgement in which a budget was used up, nothing is remembered: what was left open there may
    be answered for the next proof.
    """
    before = OutOfBudget.spent
    try:
        yield
    finally:
        if OutOfBudget.spent != before:
            _checkers.clear()


def about_another(proved: str, statement: str, whose: str = "") -> str:
    """What to say to a certificate that is about another statement than was asked for."""
    if not whose:
        return f'this is a proof of {proved}, not of {statement}: begin with theorem("{statement}")'
    name = " ".join(whose.split())
    same = is_own(proved) and level_of(proved) == level_of(statement)
    other = "the theorem of another name" if same else "another theorem"
    return (
        f"this is a proof of {proved}, {other}; that of {name!r} is {statement}. Is `me` the name under which"
        " you hand in, and does your proof begin with theorem(own_theorem(me))?"
    )


def _judge_counterexample(data: dict, statement: str | None) -> dict:
    result = counterexamples.judge(data, statement)
    value = 1.0 if result["proved"] else 0.0
    return {**result, "witness": {}, "lines": [], "credits": dict.fromkeys(no_credit(), value)}


def _line_data(r: checking.LineResult, dims: tuple[int, ...]) -> dict:
    out: dict[str, Any] = {
        "line": r.number,
        "verdict": r.verdict,
        "reason": r.reason,
        "message": r.message,
        "text": describe(r, dims),
    }
    if r.need:
        out["needs"] = {"rules": list(r.need.rules), "definitions": list(r.need.names)}
    if r.counterexample:
        ce = r.counterexample
        out["counterexample"] = {
            "sizes": dict(ce.values),
            "dimension": r.dimension,
            "entries": [[t, list(ix), v] for (t, ix), v in ce.entries],
            "before": ce.before,
            "after": ce.after,
        }
    return out
