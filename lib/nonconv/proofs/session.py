"""What a student works with: `P = theorem("conv-conv")`, P.witness, P.calc, P.show(), P.certificate().

Nothing here is trusted: whatever happens in the notebook, the certificate is judged again elsewhere.
"""

from __future__ import annotations

import difflib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .catalogue import CATALOGUE
from .certificate import Reader, load, proof_to_json
from .checking import (
    BLANK,
    CARRIED,
    OTHER_RULE,
    OWN_NAME,
    PENDING,
    PROVED,
    WAITING,
    Checker,
    LineResult,
    Proof,
    Report,
    check_with,
    describe,
)
from .dimensions import Written, bound_names
from .notation import Condition, Index, NotationError, Tensor, Value, indices, term
from .render import Style, plain, plain_cond, plain_poly
from .rules import RULES, Reason, parse_reason
from .statement import Statement
from .terms import IllFormed

MARKS = {PROVED: "✓", OTHER_RULE: "~", PENDING: "~", WAITING: "…", BLANK: "…", CARRIED: "↳"}


def split(*conds: Condition) -> Reason:
    """The reason "cut the range of a sum": split(m <= M)."""
    if not conds or not all(isinstance(c, Condition) for c in conds):
        raise NotationError("split takes a condition on a summation index, for example split(m <= M)")
    return Reason("split", (), tuple(c.written for c in conds))


def definition(*tensors: Tensor | str) -> Reason:
    """The reason "definition": definition(Z), the same as "definition Z"."""
    return Reason("definition", tuple(t.name if isinstance(t, Tensor) else str(t) for t in tensors))


def as_reason(x: Any) -> Reason:
    """A reason from what stands behind a line."""
    if isinstance(x, Reason):
        return x
    if x is Ellipsis or x == "...":
        return Reason("...")
    if isinstance(x, str):
        return parse_reason(x)
    raise NotationError(f'a reason is a text such as "distribute" or "definition Z", not {x!r}')


class Work:
    """A proof in the making. Safe to re-run: every call replaces what the same call said before."""

    def __init__(self, statement: Statement, strict: bool = False):
        self.statement, self.strict = statement, strict
        self._witness: dict[str, tuple[tuple[str, ...], Written]] = {}
        self._lines: tuple[Written, ...] = ()
        self._steps: tuple[Reason, ...] = ()
        self._own: dict[str, str] = {}

    # ------------------------------------------------------------ names
    def symbols(self, names: str | None = None) -> Any:
        """The statement's tensors, indices and sizes, in the order in which it lists them (or those asked
        for).
        """
        st = self.statement
        out = []
        for x in (names or st.symbols).replace(",", " ").split():
            if x in st.inputs and not st.inputs[x][0]:
                out.append(Tensor(x)[()])
            elif x in st.tensors:
                out.append(Tensor(x))
            elif x in st.names or x in {y for d in st.defs if d.body for y in bound_names(d.body)}:
                out += indices(x)
            else:
                raise NotationError(
                    f"{x} has no meaning in this statement; for an index of your own use "
                    f'P.positions("{x}") or P.channels("{x}")'
                )
        return out[0] if len(out) == 1 else tuple(out)

    def positions(self, names: str) -> Any:
        """Index names of your own for positions (they stand for one number per dimension)."""
        return self._own_names(names, "s")

    def channels(self, names: str) -> Any:
        """Index names of your own for channels."""
        return self._own_names(names, "c")

    def _own_names(self, names: str, kind: str) -> Any:
        out = []
        for x in names.replace(",", " ").split():
            if not OWN_NAME.match(x) or x in self.statement.tensors:
                raise NotationError(f"{x} cannot be the name of an index here; use one to six small letters")
            if x in self.statement.names:
                raise NotationError(f"{x} has a meaning already; take it from P.symbols")
            self._own[x] = kind
            out += indices(x)
        return out[0] if len(out) == 1 else tuple(out)

    # ------------------------------------------------------------ what the student says
    def witness(self, head: Value, body: Any) -> None:
        """Define a witness: P.witness(O[m, l, t], ...)."""
        t = head.term if isinstance(head, Value) else None
        if t is None or t[0] != "acc":
            raise NotationError(
                "P.witness takes the entry that is defined and then its definition: "
                "P.witness(O[m, l, t], ...)"
            )
        if t[1] not in self.statement.witnesses:
            asked = ", ".join(self.statement.witnesses) or "nothing"
            raise NotationError(f"{t[1]} is not yours to define; this statement asks for {asked}")
        params = []
        for p in t[2]:
            params.append(Index(p).name)
        self._witness[t[1]] = (tuple(params), term(body))

    def calc(self, start: Any, *links: Any) -> None:
        """The chain: the start, then pairs (line, reason). `...` stands for what is still to be written."""
        lines, steps = [term(start)], []
        for n, link in enumerate(links, 1):
            if link is Ellipsis:
                link = (..., "...")
            if isinstance(link, Value):
                raise NotationError(f'line {n} has no reason; write (line, "reason")')
            if not isinstance(link, tuple) or len(link) != 2:
                raise NotationError(
                    f'line {n} must be a pair (line, "reason"); is a comma or a bracket missing?'
                )
            try:
                lines.append(term(link[0]))
                steps.append(as_reason(link[1]))
            except IllFormed as e:
                raise NotationError(f"line {n}: {e}") from None
        self._lines, self._steps = tuple(lines), tuple(steps)

    # ------------------------------------------------------------ exercise levels, all by the same checker
    def order(self, start: Any, lines: Mapping[str, tuple[Any, Any]], order: str | Iterable[str]) -> None:
        """Shuffled lines: {"A": (line, reason), ...} put in order, "C A B"."""
        keys = order.replace(",", " ").split() if isinstance(order, str) else list(order)
        unknown = [x for x in keys if x not in lines]
        if unknown:
            raise NotationError(f"there is no line {unknown[0]}; the lines are {', '.join(lines)}")
        twice = [x for x in keys if keys.count(x) > 1]
        if twice:
            raise NotationError(f"line {twice[0]} is used more than once")
        self.calc(start, *(lines[x] for x in keys))

    def reasons(self, lines: Sequence[Any], reasons: Sequence[Any]) -> None:
        """Given lines (the first is the start); the student names the reasons, one for each step."""
        if len(reasons) != len(lines) - 1:
            raise NotationError(
                f"{len(lines)} lines have {len(lines) - 1} steps, but there are {len(reasons)} reasons"
            )
        self.calc(lines[0], *zip(lines[1:], reasons, strict=True))

    # ------------------------------------------------------------ results
    @property
    def proof(self) -> Proof:
        """What has been said so far."""
        return Proof(self.statement.id, dict(self._witness), self._lines, self._steps, dict(self._own))

    def report(self) -> Report:
        """The verdicts."""
        return check_with(
            Checker(self.statement, self._witness, self._own, self.strict), _without_blank_reasons(self.proof)
        )

    def show(self) -> Shown:
        """The chain with every line's reason and verdict, for the notebook and as text."""
        return Shown(self.statement, self.proof, self.report())

    def certificate(self) -> str:
        """What is handed in: JSON, to be judged again where the notebook's code cannot reach."""
        return json.dumps(proof_to_json(self.proof), separators=(",", ":"))

    def hint(self, reference: Mapping | str, level: int = 1) -> Hint:
        """What to do next, seen from the student's last good line; see `hint`."""
        return hint(self, reference, level)

    def __repr__(self) -> str:
        return f"<proof of {self.statement.id}: {len(self._lines)} lines>"


def theorem(id: str, strict: bool = False) -> Work:
    """Start a proof of a statement of the catalogue; `strict`: at most one definition a line."""
    if id not in CATALOGUE:
        near = difflib.get_close_matches(str(id), CATALOGUE, n=3, cutoff=0.3) or list(CATALOGUE)[:3]
        raise NotationError(f"there is no statement {id}; did you mean {' or '.join(near)}?")
    return Work(CATALOGUE[id], strict)


def resume(certificate: str | Mapping) -> Work:
    """A proof from a certificate, for example to look at it again."""
    proof = Reader().proof(load(certificate))
    work = theorem(proof.statement)
    work._witness, work._lines, work._steps = dict(proof.witness), proof.lines, proof.steps
    work._own = dict(proof.indices)
    return work


def _without_blank_reasons(proof: Proof) -> Proof:
    """A line whose reason is missing counts as not yet written."""
    lines = tuple(
        ("blank",) if n and proof.steps[n - 1].rule == "..." else t for n, t in enumerate(proof.lines)
    )
    return Proof(proof.statement, proof.witness, lines, proof.steps, proof.indices)


def style_of(statement: Statement, proof: Proof | None = None) -> Style:
    """How the formulas of a statement are printed."""
    own = dict(proof.indices) if proof else {}
    positions = statement.positions | {x for x, k in own.items() if k == "s"}
    used = statement.names | set(own)
    return Style(statement.kinds, positions, statement.shown, frozenset(used))


class Shown:
    """A checked proof, as a table with formulas (notebook, web page) and as text (terminal, screen reader).

    Both JupyterLab and nbconvert's HTML typeset LaTeX between dollar signs inside HTML output, so one HTML
    form serves.
    """

    def __init__(self, statement: Statement, proof: Proof, report: Report):
        self.statement, self.proof, self.report = statement, proof, report

    def __repr__(self) -> str:
        st = self.statement
        out = [f"{st.title}. {st.claim}"]
        for x in st.witnesses:
            if x in self.proof.witness:
                params, body = self.proof.witness[x]
                out.append(f"  {x}[{','.join(params)}] := {plain(body)}")
            if self.report.witness.get(x):
                out.append(f"      {x}: {self.report.witness[x]}")
        for n, t in enumerate(self.proof.lines):
            r = self._result(n)
            reason = f"   by {self.proof.steps[n - 1]}" if n else ""
            out.append(f"{n:3d}. {'= ' if n else '  '}{plain(t)}{reason}")
            if r and (n or r.verdict != PROVED):
                out += ["      " + line for line in describe(r, st.dims).splitlines()]
        out.append(": ".join(self._outcome()))
        return "\n".join(out)

    def _outcome(self) -> tuple[str, str]:
        return "Proved" if self.report.proved else "Not yet proved", self.report.summary

    def _result(self, n: int) -> LineResult | None:
        return self.report.lines[n] if n < len(self.report.lines) else None

    def _repr_html_(self) -> str:
        st, style = self.statement, style_of(self.statement, self.proof)

        def math(t: str) -> str:
            return html.escape(rf"$\displaystyle {t}$")

        rows = []  # line, verdict, formula with the message under it, reason
        for x in st.witnesses:
            problem = self.report.witness.get(x, "")
            if x in self.proof.witness:
                params, body = self.proof.witness[x]
                head = style.latex(("acc", x, tuple(((((p,), 1),)) for p in params)))
                verdict = "✗ not in order" if problem else "well-formed"
                rows.append((x, verdict, math(f"{head} := {style.latex(body)}"), problem, "witness"))
            else:
                rows.append((x, "… not defined", "", problem, "witness"))
        for n, t in enumerate(self.proof.lines):
            r = self._result(n)
            verdict = rest = ""
            if r and (n or r.verdict != PROVED):
                verdict = f"{MARKS.get(r.verdict, '✗')} {r.verdict}"
                rest = describe(r, st.dims)[len(r.verdict) :].lstrip(": ")
            reason = str(self.proof.steps[n - 1]) if n else "start"
            rows.append((str(n), verdict, math(f"{'=' if n else ''} {style.latex(t)}"), rest, reason))
        left = ' style="text-align:left"'

        def keep(text: str) -> str:
            return ' style="text-align:left;white-space:nowrap"' if len(text) < 16 else left

        def row(number: str, verdict: str, formula: str, message: str, reason: str) -> str:
            # the formula comes last: a wide one must not push the verdict out of sight
            text = "".join(f"<br>{html.escape(line)}" for line in message.splitlines())
            return (
                f'<tr><th scope="row">{number}</th><td{keep(verdict)}><b>{html.escape(verdict)}</b></td>'
                f"<td{keep(reason)}>{html.escape(reason)}</td><td{left}>{formula}{text}</td></tr>"
            )

        body = "".join(row(*r) for r in rows)
        head = "".join(f'<th scope="col"{left}>{x}</th>' for x in ("line", "verdict", "reason", "formula"))
        verdict, summary = self._outcome()
        return (
            f"<table><caption{left}>{html.escape(st.title)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table><p><b>{verdict}:</b> {html.escape(summary)}</p>"
        )


# ---------------------------------------------------------------- hints
class Hint:
    """A hint, as text and, where it contains a formula, as LaTeX."""

    def __init__(self, text: str, latex: str = ""):
        self.text, self.latex = text, latex

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(self.text)}</p>" + (
            "<p>" + html.escape(rf"$\displaystyle {self.latex}$") + "</p>" if self.latex else ""
        )


def hint(work: Work, reference: Mapping | str, level: int = 1) -> Hint:
    """A hint that looks at the student's work. Level 1: which rule; 2: the skeleton of the next line; 3:
    the line.

    `reference` is a certificate of a right proof, given by the caller. The hint goes to the furthest line
    of it that one rule reaches from the student's last good line, so a student on a way of their own is not
    sent back to the start.
    """
    st, style = work.statement, style_of(work.statement, work.proof)
    trusted = Reader().proof(load(reference))
    report = work.report()
    for x in st.witnesses:
        if report.witness.get(x):
            return _witness_hint(st, style, x, trusted, level)
    checker = Checker(st, work._witness, {**trusted.indices, **work._own})
    good, number = None, 0
    for n, r in enumerate(report.lines):  # up to the first line that is not right: there help is needed
        if r.verdict != PROVED:
            break
        good, number = work._lines[n], n
    if good is None:
        return Hint(f"Start the chain from {plain(st.left)}.", style.latex(st.left))
    if report.proved:
        return Hint("The proof is complete.")
    for line, reason in reversed(list(zip(trusted.lines[1:], trusted.steps, strict=True))):
        try:
            if (
                checker.by_rule(good, line, reason)[0]
                and not checker.by_rule(good, line, Reason("arithmetic"))[0]
            ):
                return _line_hint(style, number, line, reason, level)
        except IllFormed:
            continue
    for line, reason in zip(
        trusted.lines[1:], trusted.steps, strict=True
    ):  # a line equal to it, on another way
        try:
            for rule in RULES:
                reach = Reason(rule, tuple(d.name for d in st.defs) if rule == "definition" else ())
                if rule not in ("arithmetic", "split") and checker.by_rule(good, line, reach)[0]:
                    return _line_hint(
                        style, number, line, Reason(rule, reason.names if rule == "definition" else ()), level
                    )
        except IllFormed:
            continue
    return Hint(
        f"Line {number} is right, but no single rule leads from it to a line of the usual proof. "
        f"Try to work from the other end too: what is {plain(st.right)} by definition?"
    )


def _witness_hint(st: Statement, style: Style, x: str, trusted: Proof, level: int) -> Hint:
    built = ", ".join(st.allowed)
    if level <= 1 or x not in trusted.witness:
        return Hint(
            f"First define {x}, from {built}. Unfold {plain(st.left)} down to the given tensors and look at "
            "what each entry of the input is multiplied by, and at what is left without it."
        )
    params, body = trusted.witness[x]
    head = f"{x}[{','.join(params)}]"
    if level == 2:
        return Hint(f"{head} has this shape: {skeleton(body)}")
    return Hint(f"{head} := {plain(body)}", style.latex(body))


def _line_hint(style: Style, number: int, line: Written, reason: Reason, level: int) -> Hint:
    rule = f'From line {number} go on by "{reason}" ({RULES[reason.rule].meaning}).'
    if level <= 1:
        return Hint(rule)
    if level == 2:
        return Hint(f"{rule} The line has this shape: {skeleton(line)}")
    return Hint(f"{rule} The line is: {plain(line)}", style.latex(line))


def skeleton(t: Written) -> str:
    """A line with its sums and tensors, but with the subscripts and conditions left out."""
    if t[0] == "acc":
        return f"{t[1]}[{','.join('?' * len(t[2]))}]" if t[2] else t[1]
    if t[0] == "add":
        return " + ".join(map(skeleton, t[1:]))
    if t[0] == "mul":
        return "*".join(f"({skeleton(u)})" if u[0] == "add" else skeleton(u) for u in t[1:])
    if t[0] == "sum":
        inside = [*(f"{x}:?" for x, _, _ in t[1]), *("?" for _ in t[2])]
        return f"S[{', '.join(inside)}]({skeleton(t[3])})"
    return plain(t)


def statement_text(id: str) -> str:
    """A statement in words and formulas, as plain text."""
    st = CATALOGUE[id]
    out = [
        f"{st.title}. {st.claim}",
        "Given: "
        + ", ".join(
            f"{x}[{', '.join(f'1..{plain_poly(p)}' for p in last)}]" if last else x
            for x, (_, last) in st.inputs.items()
        ),
    ]
    for d in st.defs:
        body = "(to be found)" if d.body is None else plain(d.body)
        out.append(f"  {d.name}[{','.join(d.params)}] := {body}")
    out.append(f"Show: {plain(st.left)} = {plain(st.right)}")
    least = {n: [x for x, low in st.sizes.items() if low == n] for n in (1, 0)}
    conditions = [f"{', '.join(xs)} >= {n}" for n, xs in least.items() if xs]
    conditions += [f"{x} = 1..{plain_poly(p)}" for x, p in zip(st.free, st.free_last, strict=True)]
    out.append("for all " + "; ".join([*conditions, *map(plain_cond, st.hypotheses)]))
    return "\n".join(out)
