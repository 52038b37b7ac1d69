"""Markdown and formulas as HTML that a browser shows without a network: formulas become MathML."""

from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from nonconv.publish.formulas import mathml, with_formulas

__all__ = ["Renderer", "markdown2html", "mathml", "with_formulas"]


class Renderer(IPythonRenderer):
    """Markdown as nbconvert renders it, but for formulas."""

    def block_math(self, body: str) -> str:
        return mathml(body, block=True)

    def inline_math(self, body: str) -> str:
        return mathml(body)


def markdown2html(source: str, renderer: type[Renderer] = Renderer, **rest: Any) -> str:
    """Markdown as HTML, raw HTML inside it kept."""
    return MarkdownWithMath(renderer=renderer(escape=False, **rest)).render(source)
