"""Certificates: proofs as plain JSON, and the judge that trusts nothing in them.

    {"statement": id, "indices": {own name: "s" | "c"}, "witness": {name: {"indices": [...], "body": term}},
     "lines": [term, ...], "steps": [{"rule": name, "names": [...], "cuts": [cond, ...]}, ...]}
    term = integer | "..." | ["acc", T, [poly, ...]] | ["add" | "mul", term, term, ...]
         | ["sum", [[x, poly, poly], ...], [cond, ...], term]
    poly = {"i": 1, "s*i": 2, "": -1}        cond = [op, poly, poly], op one of <= < >= > ==

The first line is where the chain starts; step n leads to line n. What is being proved is looked up in the
catalogue; the certificate only names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from . import checking, counterexamples
from . import polynomials as po
from .budget import OutOfBudget, limit
from .catalogue import CATALOGUE
from .checking import PROVED, Checker, Proof, Report, check_with, describe
from .dimensions import Written
from .equality import ALL, equal
from .rules import Reason, least
from .statement import Statement
from .terms import Context, IllFormed, Term, tensors_of

MAX_BYTES = 65_536
MAX_LINES = 60
MAX_NODES = 6_000  # in the whole certificate
MAX_LINE_NODES = 600
MAX_DEPTH = 25
MAX_NUMBER = 10**6
MAX_CREDITED = 15  # lines at the end of a prefix, or at the start of a suffix, that are measured
JUDGE_WORK = 4_000_000  # everything that one judgement may cost; see budget.py
NAME = re.compile(r"[A-Za-z]{1,8}\Z")
OPS = ("<=", "<", ">=", ">", "==")


# ---------------------------------------------------------------- writing
def poly_to_json(p: po.Poly) -> dict[str, int]:
    """{"i": 1, "s*i": 2, "": -1}"""
    return {"*".join(m): c for m, c in p}


def cond_to_json(cond: tuple) -> list:
    """[op, left, right]"""
    return [cond[0], poly_to_json(cond[1]), poly_to_json(cond[2])]


def term_to_json(t: Written) -> Any:
    """A written term as JSON."""
    if t[0] == "num":
        return t[1]
    if t[0] == "blank":
        return "..."
    if t[0] == "acc":
        return ["acc", t[1], [poly_to_json(p) for p in t[2]]]
    if t[0] in ("add", "mul"):
        return [t[0], *map(term_to_json, t[1:])]
    ranges = [[x, poly_to_json(lo), poly_to_json(hi)] for x, lo, hi in t[1]]
    return ["sum", ranges, [cond_to_json(c) for c in t[2]], term_to_json(t[3])]


def proof_to_json(proof: Proof) -> dict:
    """A proof as a certificate."""
    steps = []
    for s in proof.steps:
        step: dict[str, Any] = {"rule": s.rule}
        if s.names:
            step["names"] = list(s.names)
        if s.cuts:
            step["cuts"] = [cond_to_json(c) for c in s.cuts]
        steps.append(step)
    return {
        "statement": proof.statement,
        "indices": dict(proof.indices),
        "witness": {
            x: {"indices": list(ps), "body": term_to_json(b)} for x, (ps, b) in proof.witness.items()
        },
        "lines": [term_to_json(t) for t in proof.lines],
        "steps": steps,
    }


# ---------------------------------------------------------------- reading
class Reader:
    """Turns hostile JSON into terms; everything is counted, checked for type, and capped."""

    def __init__(self) -> None:
        self.nodes, self.line_nodes = MAX_NODES, 0

    def term(self, o: Any, depth: int = 0) -> Written:
        """A written term."""
        self.nodes -= 1
        self.line_nodes = self.line_nodes - 1 if depth else MAX_LINE_NODES
        if depth > MAX_DEPTH or self.nodes < 0 or self.line_nodes < 0:
            raise IllFormed("the formula is too large")
        if isinstance(o, int):
            return ("num", self.number(o))
        if o == "...":
            return ("blank",)
        if not isinstance(o, list) or not o:
            raise IllFormed("this is not a formula")
        if o[0] == "acc" and len(o) == 3:
            return ("acc", self.name(o[1]), tuple(map(self.poly, self.items(o[2], 16))))
        if o[0] in ("add", "mul") and len(o) <= 60:
            parts = tuple(self.term(u, depth + 1) for u in o[1:])
            if len(parts) < 2:
                raise IllFormed("a sum or product needs two parts")
            return (o[0], *parts)
        if o[0] == "sum" and len(o) == 4:
            ranges = []
            for r in self.items(o[1], 12):
                x, lo, hi = self.items(r, 3, exactly=3)
                ranges.append((self.name(x), self.poly(lo), self.poly(hi)))
            conds = tuple(map(self.cond, self.items(o[2], 12)))
            return ("sum", tuple(ranges), conds, self.term(o[3], depth + 1))
        raise IllFormed("this is not a formula")

    def cond(self, o: Any) -> tuple:
        """A written condition."""
        op, left, right = self.items(o, 3, exactly=3)
        if op not in OPS:
            raise IllFormed("this is not a condition")
        return (op, self.poly(left), self.poly(right))

    def poly(self, o: Any) -> po.Poly:
        """An index expression."""
        if not isinstance(o, dict) or len(o) > 24:
            raise IllFormed("this is not an index expression")
        terms = []
        for key, c in o.items():
            mono = tuple(key.split("*")) if key else ()
            if len(mono) > 4 or not all(map(NAME.match, mono)):
                raise IllFormed("this is not an index expression")
            terms.append((tuple(sorted(mono)), self.number(c)))
        self.nodes -= len(terms) // 4
        return po.collect(terms)

    @staticmethod
    def number(o: Any) -> int:
        if not isinstance(o, int) or isinstance(o, bool) or abs(o) > MAX_NUMBER:
            raise IllFormed("a number in a formula must be an integer of reasonable size")
        return o

    @staticmethod
    def name(o: Any) -> str:
        if not isinstance(o, str) or not NAME.match(o):
            raise IllFormed("a name must be one to eight letters")
        return o

    @staticmethod
    def items(o: Any, most: int, exactly: int | None = None) -> list:
        if not isinstance(o, list) or len(o) > most or (exactly is not None and len(o) != exactly):
            raise IllFormed("a list in this certificate has the wrong length")
        return o

    @staticmethod
    def mapping(o: Any, most: int) -> dict:
        if not isinstance(o, dict) or len(o) > most:
            raise IllFormed("a part of this certificate has the wrong form")
        return o

    def proof(self, o: Any) -> Proof:
        """A whole certificate."""
        o = self.mapping(o, 12)
        indices = {self.name(x): self.name(k) for x, k in self.mapping(o.get("indices", {}), 20).items()}
        witness = {}
        for x, w in self.mapping(o.get("witness", {}), 8).items():
            w = self.mapping(w, 4)
            params = tuple(map(self.name, self.items(w.get("indices"), 16)))
            witness[self.name(x)] = (params, self.term(w.get("body")))
        lines = tuple(map(self.term, self.items(o.get("lines"), MAX_LINES)))
        steps = []
        for s in self.items(o.get("steps"), MAX_LINES):
            s = self.mapping(s, 4)
            rule = s.get("rule")
            if not isinstance(rule, str) or len(rule) > 40:
                raise IllFormed("a step has no rule")
            steps.append(
                Reason(
                    rule,
                    tuple(map(self.name, self.items(s.get("names", []), 12))),
                    tuple(map(self.cond, self.items(s.get("cuts", []), 4))),
                )
            )
        if len(steps) != max(0, len(lines) - 1):
            raise IllFormed(f"{len(lines)} lines need {max(0, len(lines) - 1)} reasons, not {len(steps)}")
        return Proof(self.name_of_statement(o.get("statement")), witness, lines, tuple(steps), indices)

    @staticmethod
    def name_of_statement(o: Any) -> str:
        if not isinstance(o, str) or not re.match(r"[a-z0-9-]{1,40}\Z", o):
            raise IllFormed("the certificate does not name a statement")
        return o


def load(certificate: str | bytes | Mapping) -> Any:
    """JSON from text, with a cap on its size; a dict passes the same check."""
    try:
        if isinstance(certificate, Mapping):
            certificate = json.dumps(certificate)
        size = len(certificate.encode() if isinstance(certificate, str) else certificate)
        if size > MAX_BYTES:
            raise IllFormed(f"the certificate is larger than {MAX_BYTES} bytes")
        return json.loads(certificate)
    except IllFormed:
        raise
    except (ValueError, TypeError, RecursionError, AttributeError) as e:
        raise IllFormed(f"the certificate is not JSON ({type(e).__name__})") from None


# ---------------------------------------------------------------- judging
def judge(
    certificate: str | bytes | Mapping,
    statement: str | None = None,
    reference: Mapping | str | None = None,
    strict: bool = False,
) -> dict:
    """The verdict on a certificate, as plain data.

    statement: what had to be proved (the grader knows it; a certificate for another statement fails). None:
    take the statement that the certificate names. reference: a trusted certificate of the same statement;
    only its witnesses are used, so that the prefix of a proof with a wrong witness can be credited for how
    far it came. strict: at most one definition is used in a line.

    Keys: statement, proved, verdict, reason, witness {name: ""|problem}, lines [{line, verdict, reason,
    message, ...}], credits {"witness", "prefix", "suffix", "end"}, each from 0 to 1.
    """
    return examine(certificate, statement, reference, strict)[0]


def examine(
    certificate: str | bytes | Mapping,
    statement: str | None = None,
    reference: Mapping | str | None = None,
    strict: bool = False,
    parts: bool = True,
) -> tuple[dict, tuple[Statement, Proof, Report] | None]:
    """`judge`'s verdict, and what was checked, as `session.Shown` wants it to draw the table;
    None if there are no lines to draw.

    Without `parts`, an incomplete proof has no credits: to find them takes longer than to check it.
    """
    checked = None
    out: dict[str, Any] = {
        "statement": statement or "",
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
        with limit(JUDGE_WORK):
            proof = Reader().proof(data)
            out["statement"] = out["statement"] or proof.statement
            if statement is not None and proof.statement != statement:
                raise IllFormed(f"this is a certificate for {proof.statement}, not for {statement}")
            if proof.statement not in CATALOGUE:
                raise IllFormed(f"there is no statement {proof.statement}")
            st = CATALOGUE[proof.statement]
            checker = Checker(st, proof.witness, proof.indices, strict)
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
                out["credits"] = credits(st, checker, proof, report, reference)
    except IllFormed as e:
        out["reason"] = str(e)
    except OutOfBudget as e:
        out |= {"verdict": "not justified", "reason": f"this proof is too large to be checked: {e}"}
    except RecursionError:
        out["reason"] = "the certificate is nested too deeply"
    return out, checked


def _judge_counterexample(data: dict, statement: str | None) -> dict:
    result = counterexamples.judge(data, statement)
    value = 1.0 if result["proved"] else 0.0
    return {**result, "witness": {}, "lines": [], "credits": dict.fromkeys(no_credit(), value)}


def no_credit() -> dict[str, float]:
    """The four parts of the credit."""
    return {"witness": 0.0, "prefix": 0.0, "suffix": 0.0, "end": 0.0}


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


def credits(
    st: Statement, checker: Checker, proof: Proof, report: Report, reference: Mapping | str | None = None
) -> dict[str, float]:
    """Partial credit, in the statement's least dimension.

    witness: the share of right witnesses. end: 1 for a complete proof. prefix: with the verified lines from
    the start, 1 - (weight of the rules still needed to the right side) / (weight from the left side);
    suffix likewise from the end. Lines that bring the goal no nearer, such as repetitions, change nothing.
    """
    if report.proved:
        return dict.fromkeys(no_credit(), 1.0)
    out = no_credit()
    d = st.dims[0]
    try:
        right = witness_parts(st, checker)
        out["witness"] = sum(right.values()) / len(right) if right else 0.0
        good = all(right.values())
        goal_checker = checker
        if not good and reference is not None:
            trusted = Reader().proof(load(reference))
            goal_checker = Checker(st, trusted.witness, trusted.indices)
        if not good and reference is None:
            return out
        ctx = goal_checker.contexts[d]
        left_side, right_side = st.goal(d)
        total = least(ctx, left_side, right_side)
        if total is None or not total.weight or not report.lines:
            return out

        def progress(a, b) -> float:
            need = least(ctx, a, b)
            return 0.0 if need is None else max(0.0, 1 - need.weight / total.weight)

        def best(lines, measure) -> float:
            different = list(dict.fromkeys(lines))[-MAX_CREDITED:]
            return max((measure(checker.lower(t, d)) for t in different), default=0.0)

        wrong = {x for x in st.witnesses if not right[x]}
        n = next((k for k, r in enumerate(report.lines) if r.verdict != PROVED), len(report.lines))
        usable = [t for t in proof.lines[:n] if not wrong & set(tensors_of(t))]
        out["prefix"] = best(usable, lambda t: progress(t, right_side))
        if good:
            suffix = verified_suffix(st, checker, proof)[::-1]
            out["suffix"] = best(suffix[:MAX_CREDITED], lambda t: progress(left_side, t))
    except OutOfBudget:
        pass
    return {k: round(v, 4) for k, v in out.items()}


def witness_parts(st: Statement, checker: Checker) -> dict[str, bool]:
    """Which witnesses are right? With a probe input X: what stays of the theorem at X = 0 is about those
    witnesses that are not multiplied by X (the bias), the rest about the others (the kernel)."""
    if not st.witnesses:
        return {}
    d = st.dims[0]
    defined = {x: not checker.problems[x] for x in st.witnesses}

    def true(ctx: Context, sides: tuple[Term, Term]) -> bool:
        with limit(checking.STEP_WORK):
            return equal(ctx, sides[0], sides[1], ALL, ctx.definitions)

    ctx, goal = checker.contexts[d], st.goal(d)
    if all(defined.values()) and true(ctx, goal):
        return dict.fromkeys(st.witnesses, True)
    if not st.probe or len(st.witnesses) < 2:
        return dict.fromkeys(st.witnesses, False)
    at_zero = st.context(d, checker.witness, checker.positions, probe=st.probe)
    with limit(checking.STEP_WORK):
        seen = set(_tensors_unfolded(at_zero, goal[1]))
    constant = [x for x in st.witnesses if x in seen]
    out = {}
    for x in st.witnesses:
        if not defined[x]:
            out[x] = False
        elif x in constant:
            out[x] = true(at_zero, goal)
        else:  # left - left(0) == right - right(0): add a copy of the statement in which X is 0
            both = _two_copies(st, checker, d)
            out[x] = true(*both)
    return out


def _two_copies(st: Statement, checker: Checker, d: int):
    """A context with all definitions twice, the copies at X = 0; and left + right0 == right + left0."""
    ctx = st.context(d, checker.witness, checker.positions)
    zero = st.context(d, checker.witness, checker.positions, probe=st.probe)

    def copy(t):
        if t[0] == "acc":
            return ("acc", t[1] + "0", t[2]) if t[1] in zero.definitions else t
        if t[0] in ("add", "mul"):
            return (t[0], *map(copy, t[1:]))
        return (*t[:3], copy(t[3])) if t[0] == "sum" else t

    for x, df in zero.definitions.items():
        ctx.define(x + "0", df.params, zero.shapes[x], copy(df.body))
    left, right = st.goal(d)
    return ctx, (("add", left, copy(right)), ("add", right, copy(left)))


def _tensors_unfolded(ctx, t):
    """The witnesses that matter in a term: those not multiplied by a literal 0."""
    if t[0] == "acc":
        yield t[1]
        if t[1] in ctx.definitions:
            yield from _tensors_unfolded(ctx, ctx.definitions[t[1]].body)
    elif t[0] == "add":
        for u in t[1:]:
            yield from _tensors_unfolded(ctx, u)
    elif t[0] == "mul":
        if ("num", 0) not in t:
            for u in t[1:]:
                yield from _tensors_unfolded(ctx, u)
    elif t[0] == "sum":
        yield from _tensors_unfolded(ctx, t[3])


def verified_suffix(st: Statement, checker: Checker, proof: Proof) -> list[Written]:
    """The lines at the end from which every step down to the right side is verified."""
    lines, out = proof.lines, []
    if not lines or not checking._ends(checker, lines[-1]):
        return out
    k = len(lines) - 1
    while True:
        if checking.has_blank(lines[k]) or checker.well_formed(lines[k])[0]:
            break
        out.append(lines[k])
        if k == 0 or checking.has_blank(lines[k - 1]) or checker.well_formed(lines[k - 1])[0]:
            break
        reason = proof.steps[k - 1]
        if checker.reason_problem(reason) or not checker.by_rule(lines[k - 1], lines[k], reason)[0]:
            break
        k -= 1
    return out
