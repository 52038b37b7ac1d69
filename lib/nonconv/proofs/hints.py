"""Hints that look at the student's work, with a right proof at hand."""

from __future__ import annotations

import html
from collections.abc import Mapping

from .catalogue import CATALOGUE
from .checking import PROVED, Checker, Proof, Report
from .dimensions import Written
from .reader import Reader, load
from .render import Style, plain
from .rules import RULES, Reason
from .shown import style_of
from .statement import Statement
from .terms import IllFormed


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


def hint(proof: Proof, report: Report, reference: Mapping | str, level: int = 1) -> Hint:
    """What to do next in a checked proof. Level 1: which rule; 2: the skeleton of the next line; 3: the
    line.

    `reference` is a certificate of a right proof, given by the caller. The hint goes to the furthest line
    of it that one rule reaches from the student's last good line, so a student on a way of their own is not
    sent back to the start.
    """
    st = CATALOGUE[proof.statement]
    style = style_of(st, proof)
    trusted = Reader().proof(load(reference))
    for x in st.witnesses:
        if report.witness.get(x):
            return _witness_hint(st, style, x, trusted, level)
    checker = Checker(st, proof.witness, {**trusted.indices, **proof.indices})
    good, number = None, 0
    for n, r in enumerate(report.lines):  # up to the first line that is not right: there help is needed
        if r.verdict != PROVED:
            break
        good, number = proof.lines[n], n
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
