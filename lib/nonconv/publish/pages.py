"""Markdown and formulas as HTML that a browser shows without a network: formulas become MathML."""

import re
from html import escape, unescape
from typing import Any

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

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


class Renderer(IPythonRenderer):
    """Markdown as nbconvert renders it, but for formulas."""

    def block_math(self, body: str) -> str:
        return mathml(body, block=True)

    def inline_math(self, body: str) -> str:
        return mathml(body)


def markdown2html(source: str, renderer: type[Renderer] = Renderer, **rest: Any) -> str:
    """Markdown as HTML, raw HTML inside it kept."""
    return MarkdownWithMath(renderer=renderer(escape=False, **rest)).render(source)
