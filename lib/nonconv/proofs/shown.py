"""A checked proof to look at: a table with formulas (notebook, web page), or text (terminal)."""

from __future__ import annotations

import html

from .checking import (
    BLANK,
    CARRIED,
    OTHER_RULE,
    PENDING,
    PROVED,
    RESTS,
    WAITING,
    LineResult,
    Proof,
    Report,
    describe,
)
from .render import Style, plain
from .statement import Statement

MARKS = {PROVED: "✓", OTHER_RULE: "~", PENDING: "~", WAITING: "…", BLANK: "…", CARRIED: "↳", RESTS: "↳"}


def style_of(statement: Statement, proof: Proof | None = None) -> Style:
    """How the formulas of a statement are printed."""
    own = dict(proof.indices) if proof else {}
    positions = statement.positions | {x for x, k in own.items() if k == "s"}
    used = statement.names | set(own)
    return Style(statement.kinds, positions, statement.shown, frozenset(used))


class Shown:
    """What P.show() returns.

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
                verdict = "✗ wrong" if problem else "well-formed"
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
