"""A checked proof to look at: a table with formulas (notebook, web page), or text (terminal)."""

from __future__ import annotations

import html

from .checking import (
    BLANK,
    CARRIED,
    ILL_FORMED,
    OTHER_RULE,
    PENDING,
    PROVED,
    REFUTED,
    RESTS,
    UNKNOWN,
    WAITING,
    LineResult,
    Proof,
    Report,
    describe,
)
from .picture import svg
from .render import Style, plain, plain_counterexample
from .statement import Statement

KEY = {
    PROVED: "follows by its reason",
    OTHER_RULE: "right, with another reason",
    PENDING: "right; its reason waits for the line above",
    REFUTED: "false: see the counterexample",
    ILL_FORMED: "cannot be read as a formula here",
    UNKNOWN: "not decided: smaller steps help",
    WAITING: "waits for a definition",
    BLANK: "still to be written",
    CARRIED: "right, from a mistake above",
    RESTS: "right, from something that is missing",
}
TINTS = {"✓": (0, 150, 90), "✗": (220, 40, 40), "~": (230, 150, 0)}
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

    def _wrong(self) -> LineResult | None:
        """The first line that is not right yet."""
        return next((r for r in self.report.lines if r.verdict != PROVED), None)

    def _repr_html_(self) -> str:
        st, style = self.statement, style_of(self.statement, self.proof)
        rows = []
        for x in st.witnesses:
            problem = self.report.witness.get(x, "")
            if x in self.proof.witness:
                params, body = self.proof.witness[x]
                head = style.latex(("acc", x, tuple(((((p,), 1),)) for p in params)))
                verdict = "✗ wrong" if problem else "well-formed"
                rows.append(_row(x, verdict, "witness", math(f"{head} := {style.latex(body)}"), problem))
            else:
                rows.append(_row(x, "… not defined", "witness", "", problem))
        wrong = self._wrong()
        for n, t in enumerate(self.proof.lines):
            r = self._result(n)
            verdict = rest = picture = ""
            if r and (n or r.verdict != PROVED):
                verdict = mark(r.verdict)
                rest = describe(r, st.dims)[len(r.verdict) :].lstrip(": ")
                # the first wrong line has its picture above the table
                picture = svg(r.counterexample) if r.counterexample and r is not wrong else ""
            reason = str(self.proof.steps[n - 1]) if n else "start"
            formula = math(f"{'=' if n else ''} {style.latex(t)}")
            rows.append(
                _row(str(n), verdict, reason, formula, rest, picture, first=r is not None and r is wrong)
            )
        head = "".join(f'<th scope="col"{LEFT}>{x}</th>' for x in ("line", "verdict", "reason", "formula"))
        return (
            f"{self._first(style)}<table><caption{LEFT}>{html.escape(st.title)}</caption><thead><tr>{head}</tr>"
            f"</thead><tbody>{''.join(rows)}</tbody></table>{self._key()}"
        )

    def _first(self, style: Style) -> str:
        """What comes first, because a long table may push it out of sight: the outcome and, if a line is
        wrong, that line with its counterexample.
        """
        verdict, summary = self._outcome()
        out = f"<p><b>{verdict}:</b> {html.escape(summary)}</p>"
        r = self._wrong()
        if r is None or r.number >= len(self.proof.lines):
            return out
        line = math(("= " if r.number else "") + style.latex(self.proof.lines[r.number]))
        picture = ""
        if r.counterexample:
            sizes, *_, numbers = plain_counterexample(r.counterexample).splitlines()
            said = f"{sizes.rstrip(':')}; {numbers.strip()}".removeprefix("; ")
            picture = f"<div>{svg(r.counterexample)}</div>{html.escape(said)}"
        box = f"border-left:4px solid {tint(mark(r.verdict), 0.9)};padding:2px 10px;margin:0 0 10px"
        return f'{out}<div style="{box}"><b>Line {r.number}:</b> {line}{picture}</div>'

    def _key(self) -> str:
        """What the signs in the table say, those that stand in it."""
        seen = {r.verdict for r in self.report.lines} & KEY.keys()
        items = [f"{_badge(mark(v))} {html.escape(KEY[v])}" for v in KEY if v in seen]
        return f"<p>{' &ensp; '.join(items)}</p>" if items else ""


LEFT = ' style="text-align:left"'


def math(t: str) -> str:
    """LaTeX in a page."""
    return html.escape(rf"$\displaystyle {t}$")


def mark(verdict: str) -> str:
    """A verdict with its sign."""
    return f"{MARKS.get(verdict, '✗')} {verdict}"


def tint(verdict: str, opacity: float) -> str:
    """A colour behind a verdict: so thin that the text keeps the page's own colour, on dark and on light."""
    red, green, blue = TINTS.get(verdict[:1], (128, 128, 128))
    return f"rgba({red},{green},{blue},{opacity})"


def _badge(verdict: str) -> str:
    if not verdict:
        return ""
    style = f"background:{tint(verdict, 0.22)};border-radius:4px;padding:1px 5px"
    return f'<b style="{style}">{html.escape(verdict)}</b>'


def _row(
    number: str, verdict: str, reason: str, formula: str, message: str, picture: str = "", first: bool = False
) -> str:
    def keep(text: str) -> str:
        return ' style="text-align:left;white-space:nowrap"' if len(text) < 16 else LEFT

    # the formula comes last: a wide one must not push the verdict out of sight
    text = "".join(f"<br>{html.escape(line)}" for line in message.splitlines())
    text += f"<br>{picture}" if picture else ""
    outline = f' style="outline:2px solid {tint(verdict, 0.9)};outline-offset:-2px"' if first else ""
    return (
        f'<tr{outline}><th scope="row">{number}</th><td{keep(verdict)}>{_badge(verdict)}</td>'
        f"<td{keep(reason)}>{html.escape(reason)}</td><td{LEFT}>{formula}{text}</td></tr>"
    )
