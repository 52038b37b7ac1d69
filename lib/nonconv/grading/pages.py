"""What a student wrote, as HTML that is safe to open: for feedback pages and for formgrader.

nbgrader renders a submission's Markdown and HTML outputs as they are, scripts included, in the instructor's own browser
session. These two filters stand in for nbconvert's (nbgrader_config.py names them): they keep text, tables,
pictures and formulas, and nothing that runs or that fetches. What nbconvert's templates write without a filter is
taken off before, by `CleanOutputs`.
"""

import re
from typing import Any

import bleach
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from nonconv.publish import pages

MATHML = (
    "math", "mfenced", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt",
    "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "menclose",
)  # fmt: skip
TAGS = {
    *bleach.ALLOWED_TAGS, *MATHML, "br", "caption", "dd", "del", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "img", "p", "pre", "s", "small", "span", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip
ATTRIBUTES = {
    "align", "alt", "class", "colspan", "display", "displaystyle", "fence", "height", "href", "linethickness", "lspace",
    "maxsize", "mathvariant", "minsize", "rowspan", "rspace", "scope", "scriptlevel", "src", "start", "stretchy", "title",
    "width",
}  # fmt: skip
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$")
SCRIPT = re.compile(
    r"<(script|style)\b.*?</\1\s*>", re.S | re.I
)  # their text would stay as words on the page
LINK = re.compile(r"(https?:|mailto:|#)", re.I)


def _allowed(tag: str, name: str, value: str) -> bool:
    """A link leads to a page, a picture carries its own bytes: nothing is fetched when the page is opened."""
    if name == "src":
        return tag == "img" and bool(PICTURE.match(value))
    if name == "href":
        return tag == "a" and bool(LINK.match(value))
    return name in ATTRIBUTES


def clean_html(html: str | bytes) -> str:
    """HTML without anything that runs, styles the page, or fetches; the formulas of proofs drawn."""
    text = html.decode(errors="replace") if isinstance(html, bytes) else str(html)
    drawn = pages.with_formulas(SCRIPT.sub("", text))
    return bleach.clean(
        drawn, tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, strip=True
    )


def markdown2html(source: str) -> str:
    """A Markdown cell, safe as `clean_html` makes it."""
    return clean_html(pages.markdown2html(source))


class CleanOutputs(Preprocessor):
    """Of what is said about an output, only a picture's size and words: a template writes a width without quotes around it."""

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        cell.metadata.pop("alt", None)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = {
                    kind: of_picture(told)
                    for kind, told in output.metadata.items()
                    if kind.startswith("image/")
                }
        return cell, resources


def of_picture(told: Any) -> dict[str, Any]:
    """Width and height in pixels, and the words for who cannot see it."""
    if not isinstance(told, dict):
        return {}
    sizes = {name: told[name] for name in ("width", "height") if type(told.get(name)) in (int, float)}
    return sizes | ({"alt": told["alt"]} if isinstance(told.get("alt"), str) else {})
