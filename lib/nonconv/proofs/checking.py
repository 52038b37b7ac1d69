"""A line of a chain, checked: it gets one verdict and, if it is not proved, one message.

Order for a line: its rule; if that fails, all laws together (is it true?); if that fails too, a
counterexample. A line is compared with the last good line (chain.py). What merely follows from a mistake
further up is not reported as a second mistake.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from . import polynomials as po
from . import witnesses
from .bounds import OutOfRange, definition_out_of_range, out_of_range
from .budget import STEP_WORK, OutOfBudget, limit
from .dimensions import Written, lower, lower_cond
from .equality import ALL, equal
from .judgement import Judgement
from .planning import plans
from .refutation import Counterexample, refute
from .render import plain, plain_counterexample, plain_poly
from .rules import RULES, Need, Reason, follows, least, unknown
from .scope import check_scope, tensors_of
from .statement import Statement
from .terms import Cond, IllFormed, Term

PROVED, REFUTED, OTHER_RULE, ILL_FORMED = "proved", "refuted", "true, but not by this rule", "ill-formed"
UNKNOWN, WAITING, BLANK, PENDING, CARRIED, RESTS = (
    "not justified",
    "waits for a definition",
    "still to be written",
    "true",
    "follows from the mistake above",
    "right, but something above it is missing",
)

NO_REASON = 'Name the rule: (line, "reason").'
OWN_NAME = re.compile(r"[a-z]{1,6}\Z")


@dataclass(frozen=True)
class Proof:
    """What a student hands in. `indices`: own index names, "s" for positions and "c" for channels."""

    statement: str
    witness: Mapping[str, tuple[tuple[str, ...], Written]]
    lines: tuple[Written, ...]
    steps: tuple[Reason, ...]
    indices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LineResult:
    """The verdict on one line. `number` 0 is the line that the chain starts from."""

    number: int
    verdict: str
    reason: str
    message: str = ""
    counterexample: Counterexample | None = None
    dimension: int = 1
    need: Need | None = None
    true: bool = False  # of a line that is not proved: is it known to be equal to the last good one?

    @property
    def holds(self) -> bool:
        """May the next line start from this one?"""
        return self.true or self.verdict in (PROVED, OTHER_RULE, PENDING)


@dataclass(frozen=True)
class Report:
    """The verdicts on a whole proof."""

    proved: bool
    summary: str
    witness: Mapping[str, str]  # name -> what is wrong with its definition, "" if nothing is
    lines: tuple[LineResult, ...]


class Checker:
    """A statement together with the student's witnesses, in all its dimensions."""

    def __init__(
        self,
        statement: Statement,
        witness: Mapping[str, tuple[tuple[str, ...], Written]],
        indices: Mapping[str, str] | None = None,
        strict: bool = False,
    ):
        self.statement, self.strict = statement, strict
        own = dict(indices or {})
        for x, kind in own.items():
            if not OWN_NAME.match(x) or x in statement.tensors or kind not in ("s", "c"):
                raise IllFormed(f"{x} cannot be the name of an index here; use one to six small letters")
            if x in statement.names and (x in statement.positions) != (kind == "s"):
                raise IllFormed(f"{x} has a meaning in this statement already")
        self.positions = statement.positions | {x for x, kind in own.items() if kind == "s"}
        alien = sorted(set(witness) - set(statement.witnesses))
        if alien:
            raise IllFormed(f"{alien[0]} is not yours to define in this statement")
        self.problems: dict[str, str] = {}
        good = dict(witness)
        for name in statement.witnesses:
            problem = self._witness_problem(name, good)
            self.problems[name] = problem
            if problem:
                good.pop(name, None)
        self.witness = good
        # is nothing wrong with the witnesses but that some are still missing?
        self.only_missing = all(not problem or x not in witness for x, problem in self.problems.items())
        self.contexts = {d: statement.context(d, good, self.positions) for d in statement.dims}
        self.judgements = {d: Judgement(ctx, plans) for d, ctx in self.contexts.items()}

    @cached_property
    def faults(self) -> Mapping[str, str | None]:
        """witness -> what is wrong with it, "" if it is right, None if that was not found out."""
        try:
            return witnesses.faults(self.statement, self.witness, self.problems, self.positions)
        except OutOfBudget:
            return {x: problem or None for x, problem in self.problems.items()}

    def _witness_problem(self, name: str, witness: Mapping[str, tuple[tuple[str, ...], Written]]) -> str:
        """What is wrong with one witness, or ""."""
        st = self.statement
        if name not in witness:
            head = f"{name}[{', '.join(st.definition(name).params)}]"
            return f"{name} is not defined yet; write P.witness({head}, …)"
        params, body = witness[name]
        kinds = st.kinds[name]
        try:
            if len(params) != len(kinds) or len(set(params)) != len(params):
                head = f"{name}[{', '.join(st.definition(name).params)}]"
                raise IllFormed(
                    f"{name} takes {len(kinds)} different index names: write P.witness({head}, …)"
                )
            for x, kind in zip(params, kinds, strict=True):
                if x in st.sizes or (x in self.positions) != (kind == "s"):
                    raise IllFormed(f"{x} cannot stand in this place of {name}[...]")
            for d in st.dims:
                ctx = st.context(d, {name: (params, body)}, self.positions)
                with limit(STEP_WORK):
                    outside = next(definition_out_of_range(ctx, name), None)
                if outside:
                    ways = "look at the order of its indices and at the ranges, or add a condition to the sum"
                    return f"{self.explain_outside(outside, d)}; {ways}"
        except IllFormed as e:
            return f"{e}{_at(e.where)}"
        except OutOfBudget as e:
            return f"this definition is too large to be checked ({e})"
        except RecursionError:
            return "this definition is nested too deeply"
        return ""

    # ------------------------------------------------------------ one line
    def lower(self, line: Written, d: int) -> Term:
        """A line as a kernel term, its names and arities checked."""
        t = lower(line, self.statement.kinds, self.positions, d)
        check_scope(self.contexts[d], t, self.contexts[d].globals)
        return t

    def well_formed(self, line: Written) -> tuple[str, bool]:
        """(what is wrong with a line, can it be compared with others nevertheless?)"""
        try:
            for d in self.statement.dims:
                self.lower(line, d)
            for d in self.statement.dims:
                with limit(STEP_WORK):
                    outside = next(out_of_range(self.contexts[d], self.lower(line, d)), None)
                if outside:
                    return self.explain_outside(outside, d), True
        except IllFormed as e:
            return f"{e}{_at(e.where)}", False
        except OutOfBudget as e:
            return f"this line is too large to be checked ({e})", False
        except RecursionError:
            return "this line is nested too deeply", False
        return "", True

    def explain_outside(self, o: OutOfRange, d: int) -> str:
        """index 2 of X is n+1 when ..., but it goes from 1 to n only"""
        limits = f"from {plain_poly(o.least)} to {plain_poly(o.greatest)}"
        text = f"index {o.slot} of {plain(o.where)} may leave its range {limits}"
        if o.instance:
            values = dict(o.instance)
            shown = ", ".join(f"{x}={v}" for x, v in o.instance)
            text = (
                f"index {o.slot} of {plain(o.where)} leaves its range: it is "
                f"{po.evaluate(o.index, values)} when "
                f"{shown}, but goes {limits} = "
                f"{po.evaluate(o.least, values)}..{po.evaluate(o.greatest, values)}"
            )
        return text + (f" (in {d} dimensions)" if d > 1 else "")

    def by_rule(self, before: Written, line: Written, reason: Reason) -> tuple[bool, str]:
        """(does `line` follow from `before` by the rule in all dimensions?, why the question stayed open)

        The rule is policy; that the lines are equal is for judgement.py to say.
        """
        for d in self.statement.dims:
            a, b, cuts = self.lower(before, d), self.lower(line, d), self.cuts(reason, d)
            try:
                with limit(STEP_WORK):
                    if not follows(self.contexts[d], a, b, reason, cuts):
                        return False, ""
                if not self.judgements[d].equal(a, b, reason.names, cuts):
                    return False, "the rule seems to allow it, but a second check does not confirm it"
            except OutOfBudget as e:
                return False, str(e)
        return True, ""

    def is_true(self, before: Written, line: Written, reason: Reason | None = None) -> bool:
        """Are the lines equal in all dimensions, by any laws? False also means: not found out."""
        for d in self.statement.dims:
            ctx, a, b = self.contexts[d], self.lower(before, d), self.lower(line, d)
            cuts = self.cuts(reason, d) if reason else ()
            try:
                with limit(STEP_WORK):
                    if not equal(ctx, a, b, ALL, ctx.definitions, cuts):
                        return False
                if not self.judgements[d].equal(a, b, (), cuts):
                    return False
            except OutOfBudget:
                return False
        return True

    def cuts(self, reason: Reason, d: int) -> tuple[Cond, ...]:
        """Where a split cuts, in d dimensions."""
        return tuple(c for cut in reason.cuts for c in lower_cond(cut, self.positions, d))

    def theorem(self, lines: Sequence[Written]) -> bool:
        """Do the lines lead from one side of the statement to the other, in all dimensions?"""
        try:
            return all(
                self.judgements[d].theorem(self.statement.goal(d), [self.lower(t, d) for t in lines])
                for d in self.statement.dims
            )
        except (IllFormed, OutOfBudget):
            return False

    def counterexample(self, before: Written, line: Written) -> tuple[Counterexample | None, int]:
        """A counterexample in the least dimension that has one."""
        for d in self.statement.dims:
            ce = refute(self.contexts[d], self.lower(before, d), self.lower(line, d))
            if ce:
                return ce, d
        return None, 1

    def reason_problem(self, reason: Reason) -> str:
        """Is the reason itself in order?"""
        st = self.statement
        if reason.problem:
            return reason.problem
        if reason.rule not in RULES:
            return unknown(reason.rule)
        if reason.rule == "definition" and not reason.names:
            return 'say which definition is used, for example "definition Z"'
        if reason.rule == "split" and not reason.cuts:
            return "say where to split, as a condition on a summation index: split(m <= M)"
        if (reason.names and reason.rule != "definition") or (reason.cuts and reason.rule != "split"):
            return f'"{reason.rule}" stands alone, without names or conditions'
        if self.strict and len(reason.names) > 1:
            return "one definition a line, please: this exercise asks for small steps"
        for x in reason.names:
            if x not in st.tensors:
                near = [y for y in st.tensors if y.lower() == x.lower()]
                near = near or difflib.get_close_matches(x, st.tensors, n=1)
                also = f"; did you mean {near[0]}?" if near else ""
                return f"there is no {x} in this statement{also}"
            if x in st.inputs:
                return f"{x} is given, it has no definition"
        try:
            for cut in reason.cuts:
                lower_cond(cut, self.positions, st.dims[0])
        except IllFormed as e:
            return str(e)
        return ""

    def line(
        self,
        number: int,
        good: Written,
        previous: Written | None,
        line: Written,
        reason: Reason,
        missing: bool = False,
    ) -> LineResult:
        """The verdict on a line. `good`: the last good line; `previous`: the line just before, if it is a
        bad one; `missing`: it is bad only because something above is still missing.
        """
        told = str(reason)
        if has_blank(line):
            text = NO_REASON if reason.rule == "..." else "Fill in what is missing here."
            return LineResult(number, BLANK, told, text)
        problem, comparable = self.well_formed(line)
        if problem:
            if comparable:
                ce, d = (None, 1) if self.undefined(good, line) else self.counterexample(good, line)
                if ce:
                    return LineResult(number, REFUTED, told, f"This line is false. Look: {problem}.", ce, d)
            return LineResult(number, ILL_FORMED, told, problem)
        if reason.rule == "...":
            return LineResult(number, BLANK, told, NO_REASON, true=self.is_true(good, line))
        problem = self.reason_problem(reason)
        if problem:
            return LineResult(number, ILL_FORMED, told, problem, true=self.is_true(good, line))
        open_names = [x for x in reason.names if self.problems.get(x)]
        if open_names:
            return LineResult(
                number,
                WAITING,
                told,
                f"It uses the definition of {open_names[0]}, which is not {self._state()} yet.",
            )
        proved, why = self.by_rule(good, line, reason)
        if proved:
            return LineResult(number, PROVED, told)
        if self.is_true(good, line, reason):
            if previous is not None:
                above = "written" if missing else "right"
                text = f"This line is true; its reason can be judged when the line above is {above}."
                return LineResult(number, PENDING, told, text)
            d = self.statement.dims[0]
            need = least(
                self.contexts[d],
                self.lower(good, d),
                self.lower(line, d),
                self.cuts(reason, d),
            )
            return LineResult(number, OTHER_RULE, told, self.explain_need(reason, need), need=need)
        if previous is not None and self.by_rule(previous, line, reason)[0]:
            if missing:
                return LineResult(number, RESTS, told, "Nothing is wrong here.")
            return LineResult(
                number, CARRIED, told, "This step is right, but it starts from the mistake above."
            )
        unknown = self.undefined(good, line)
        if unknown:  # a counterexample would speak about an entry that has no value yet
            return LineResult(
                number,
                WAITING,
                told,
                f"It depends on {unknown}, whose definition is not {self._state()} yet.",
            )
        ce, d = self.counterexample(good, line)
        if ce:
            also = "".join(map(self.explain_witness, reason.names))
            return LineResult(
                number, REFUTED, told, f"This line is not equal to the last good line.{also}", ce, d
            )
        if why:
            return LineResult(
                number, UNKNOWN, told, f"The checker gave up on this line: {why}. Take smaller steps."
            )
        return LineResult(
            number,
            UNKNOWN,
            told,
            "No counterexample at small sizes, but the checker cannot derive "
            "this line either: take smaller steps.",
        )

    def _state(self) -> str:
        return "there" if self.only_missing else "in order"

    def undefined(self, *lines: Written) -> str:
        """A witness without a usable definition, on which the lines depend, or ""."""
        ctx = self.contexts[self.statement.dims[0]]
        seen, todo = set(), [t for line in lines for t in tensors_of(line)]
        while todo:
            x = todo.pop()
            if self.problems.get(x):
                return x
            if x not in seen and x in ctx.definitions:
                todo += tensors_of(ctx.definitions[x].body)
            seen.add(x)
        return ""

    def explain_witness(self, name: str) -> str:
        """Is a refuted line wrong, or the definition that it uses?"""
        if name not in self.statement.witnesses or self.faults[name] is None:
            return ""
        if self.faults[name]:
            return f" Your definition of {name} is wrong, see there."
        return f" Your definition of {name} is right, so the line is wrong."

    @staticmethod
    def explain_need(reason: Reason, need: Need | None) -> str:
        """true, but not by this rule: what it needs"""
        if need is None:
            return f'This line is true, but not by "{reason}": take smaller steps.'
        if not need.rules and set(need.names) <= set(reason.names):
            return f'This line is true, but not by "{reason}".'
        several = len(need.rules) + len(need.names) > 1
        text = f'This line is true, but not by "{reason}": it needs '
        if several and need.one_rule:
            steps = " and ".join(f'"{x}"' for x in need.rules)
            return f'{text}"{need.one_rule}", which does {steps} in one.'
        if need.rules == ("one point",) and not need.names:
            return f'{text}"regroup", or only "one point", which is a part of it.'
        split = " One rule a line: write a line for each, or another line before this one."
        return f"{text}{need}." + split * several


def _at(where: Term | None) -> str:
    if not where or where[0] == "blank":
        return ""
    text = plain(where)
    return f" - here: {text if len(text) < 120 else text[:117] + '...'}"


def has_blank(t: Written) -> bool:
    """Is something still to be filled in?"""
    if t[0] == "blank":
        return True
    if t[0] in ("add", "mul"):
        return any(map(has_blank, t[1:]))
    return t[0] == "sum" and has_blank(t[3])


def describe(r: LineResult, dims: tuple[int, ...] = (1,)) -> str:
    """A line's verdict as plain text; `dims`: those of the statement."""
    text = r.verdict + (f": {r.message}" if r.message else "")
    if r.counterexample:
        dim = f" in {r.dimension} dimension{'s' * (r.dimension > 1)}" if dims != (1,) else ""
        text += f"\nCounterexample{dim}: " + plain_counterexample(r.counterexample)
    return text
