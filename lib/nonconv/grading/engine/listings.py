"""Code on pages: highlighted where it is short, since what Pygments takes can grow with the square of a
listing's length, and in some of its languages faster. A student chooses text and language."""

from functools import cache
from html import escape
from typing import Any

from nbconvert.filters.highlight import Highlight2HTML

from nonconv.publish.pages import Renderer

MAX_HIGHLIGHTED = 6000  # characters of a cell or listing; all that a notebook shows are 300,000
PYTHON = ("python", "python3", "py", "py3", "ipython", "ipython3")


@cache
def _python() -> Highlight2HTML:
    return Highlight2HTML(pygments_lexer="ipython3")


def highlight_code(source: str, language: str | None = None, metadata: Any = None) -> str:
    """nbconvert's filter of that name, for Python; long code, and a cell in another language, stay plain."""
    # spaces at the ends of lines cannot be seen, and lines of nothing else take longest
    lines = [line.rstrip() for line in source.split("\n")]
    code = "\n".join(lines)
    if len(code) > MAX_HIGHLIGHTED or code.lstrip().startswith("%%"):
        return f'<div class="highlight"><pre>{escape(code)}\n</pre></div>'
    return _python()(code)


class Listings(Renderer):
    """Markdown's renderer, whose listings are as `highlight_code` has them."""

    def block_code(self, code: str, info: str | None = None) -> str:
        if (info or "").strip().lower() in PYTHON:
            return highlight_code(code)
        return super().block_code(code)
