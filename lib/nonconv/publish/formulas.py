"""Formulas as MathML, which browsers draw by themselves.

Needs nothing but latex2mathml, so it runs in a browser, too.
"""

import re
from html import escape, unescape

from latex2mathml.converter import convert

# how a proof's table marks its formulas; a bare dollar in an output may be a price
FORMULA = re.compile(r"\$\\displaystyle\s(.+?)\$", re.S)


def mathml(formula: str, *, block: bool = False) -> str:
    """A LaTeX formula as MathML; one that cannot be read stays as it was typed."""
    try:
        return convert(formula, display="block" if block else "inline")
    except Exception:  # whatever a student typed: latex2mathml raises errors of a dozen kinds
        return f"<code>{escape(formula)}</code>"


def with_formulas(html: str) -> str:
    """The HTML of an output, with the formulas of proofs as MathML."""
    return FORMULA.sub(lambda found: mathml(unescape(found[1])), html)
