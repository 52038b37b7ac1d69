"""What a student wrote, as HTML that is safe to open: for feedback pages and for formgrader.

nbgrader renders a submission's Markdown and HTML outputs as they are, scripts included, in the instructor's
own browser session. These two filters stand in for nbconvert's (nbgrader_config.py names them): they keep
text, tables, pictures and formulas, and nothing that runs or that fetches. What nbconvert's templates write
without a filter is taken off before, by `CleanOutputs`.
"""

import re
from collections import Counter
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import unquote

import bleach
from jinja2 import pass_context
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from pygments.token import STANDARD_TYPES

from nonconv.grading.engine.listings import Listings
from nonconv.grading.engine.outputs import printed
from nonconv.grading.engine.pictures import fits, is_picture
from nonconv.publish import pages

MATHML = (
    "math",
    "mfenced",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "menclose",
)
TAGS = {
    *bleach.ALLOWED_TAGS,
    *MATHML,
    "br",
    "caption",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
}
ATTRIBUTES = {
    "align",
    "alt",
    "class",
    "colspan",
    "display",
    "displaystyle",
    "fence",
    "height",
    "href",
    "linethickness",
    "lspace",
    "maxsize",
    "mathvariant",
    "minsize",
    "rowspan",
    "rspace",
    "scope",
    "scriptlevel",
    "src",
    "start",
    "stretchy",
    "title",
    "width",
}
# their text would stay as words on the page; what a drawing shows stands in the text beside it too
SCRIPT = {name: re.compile(rf"<{name}\b.*?</{name}\s*>", re.S | re.I) for name in ("script", "style", "svg")}
ELEMENT = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
NEVER_OPEN = {
    "area",
    "base",
    "br",
    "col",
    "dd",
    "dt",
    "hr",
    "img",
    "input",
    "li",
    "link",
    "meta",
    "option",
    "p",
    "td",
    "th",
    "tr",
    "wbr",
}
# The time that html5lib and mistune take grows with the square of these; a page must not cost an hour.
MAX_DEPTH = 100  # elements in each other
# characters of one text, and of all that a notebook shows; the course's longest Markdown has 1,245
MAX_TEXT_CHARS = {"markdown": 20_000, "html": 50_000, "code": 30_000}
MAX_NOTEBOOK_CHARS = {"markdown": 300_000, "html": 500_000, "code": 300_000}
MAX_PICTURE_CHARS = 4_000_000  # of an attached picture
MAX_KNOWN_CHARS = 10_000  # of a text whose HTML is remembered
MAX_SHOWN = 2  # of one attached picture in one cell
# characters that a page shows of outputs, and of attached pictures; how many outputs
MAX_PAGE_CHARS, MAX_OUTPUTS = 20_000_000, 2_000
# (each part has an end, and none can take what the next one takes: else it is the cube of a text's length)
ATTACHED = re.compile(
    r"!\[(?P<alt>[^\]\n]{0,1000})\]\(attachment:(?P<name>[^)\s]{1,300})(?:[ \t][^)\n]{0,300})?\)"
)
STRAY = re.compile(r"attachment:")  # in raw HTML or a link: nbconvert would look for a file and stop
EMBEDDED = re.compile(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]*")  # pictures cost next to nothing
CUT = "\n\n… cut off here: too long\n"
# what a hidden check holds: inputs and answers, on one line of thousands of characters
HIDDEN_DATA = re.compile(
    r"(?:^### BEGIN HIDDEN TESTS\n)?^(check\([^\n]*?), data='''.*?'''\)(?:\n### END HIDDEN TESTS)?$",
    re.S | re.M,
)
INSTEAD = r"\1)  # a hidden check: its data are not shown; what went wrong stands below"
LINK = re.compile(r"(https?:|mailto:|#)", re.I)


# what an output or a listing in a text needs: colours of code, tables, headings' marks. Any other may be one
# of the page's own: of its buttons, which give points in formgrader, or of what lies over all else.
CLASSES = {"highlight", "dataframe", "anchor-link", *filter(None, STANDARD_TYPES.values())}
IN_A_LINE = {*MATHML, "b", "code", "em", "i", "strong", "sub", "sup"}


def _allowed(tag: str, name: str, value: str) -> bool:
    """A link leads to a page, a picture carries its own bytes: nothing is fetched when the page is opened."""
    if name == "src":
        return tag == "img" and is_picture(value)
    if name == "href":
        return tag == "a" and bool(LINK.match(value))
    if name == "class":
        return CLASSES.issuperset(value.split())
    return name in ATTRIBUTES


def clean_html(html: str | bytes) -> str:
    """HTML without anything that runs, styles the page, or fetches; the formulas of proofs as MathML."""
    text = html.decode(errors="replace") if isinstance(html, bytes) else str(html)
    for name, script in SCRIPT.items():
        ends = [found.end() for found in re.finditer(rf"</{name}\s*>", text, re.I)]
        if (
            ends
        ):  # behind the last end nothing can match, and looking for it there takes the square of the time
            text = script.sub("", text[: ends[-1]]) + text[ends[-1] :]
    if _depth(text) > MAX_DEPTH:
        return f"<p>(not shown: more than {MAX_DEPTH} elements in each other)</p>"
    readable = pages.with_formulas(text)
    return bleach.clean(
        readable, tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, strip=True
    )


def _depth(html: str) -> int:
    """How many elements are open at most; what a browser closes by itself is not counted."""
    deepest = depth = 0
    for closes, name in ELEMENT.findall(html):
        if name.lower() not in NEVER_OPEN:
            depth = max(0, depth - 1) if closes else depth + 1
            deepest = max(deepest, depth)
    return deepest


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """A Markdown cell with the pictures attached to it, safe as `clean_html` makes it."""
    attached = context.get("cell", {}).get("attachments", {})
    return markdown(_with_pictures(source, attached))


def markdown(source: str) -> str:
    """Markdown as HTML, safe as `clean_html` makes it."""
    return _known(source) if len(source) < MAX_KNOWN_CHARS else _rendered(source)


def inline(source: str) -> str:
    """A heading's Markdown as HTML that stays within its line, safe as `clean_html` makes it."""
    cleaned = bleach.clean(markdown(source), tags=IN_A_LINE, attributes=_allowed, strip=True)
    return " ".join(cleaned.split())


@lru_cache(maxsize=4096)  # most of a page is the exercise's own text, the same for the whole class
def _known(source: str) -> str:
    return _rendered(source)


def _rendered(source: str) -> str:
    return clean_html(pages.markdown2html(source, Listings))


def _with_pictures(source: str, attached: Any) -> str:
    """Attachments as they stand: a picture in its own bytes, and words for one that is not there."""
    shown = Counter[str]()

    def image(found: re.Match[str]) -> str:
        name = unquote(found["name"])
        shown[name] += 1
        if shown[name] > MAX_SHOWN:
            return f"*(the picture {escape(name)} again)*"
        data = _picture(attached.get(name) if isinstance(attached, dict) else None)
        return (
            f"![{found['alt']}]({data})" if data else f"*(the picture {escape(name)} is not in the notebook)*"
        )

    return STRAY.sub("", ATTACHED.sub(image, source))


def _picture(kinds: Any) -> str:
    """The data URI of an attachment, if it is a picture that may be shown."""
    for kind, data in kinds.items() if isinstance(kinds, dict) else ():
        uri = f"data:{kind};base64,{''.join(str(data).split())}"
        if len(uri) <= MAX_PICTURE_CHARS and is_picture(uri):
            return uri
    return ""


class CleanOutputs(Preprocessor):
    """Of an output's metadata, only a picture's size and alternative text: a template writes a width without
    quotes around it.

    And of what must be read as Markdown or HTML no more than a page can hold. A hidden check shows a sentence
    instead of its data.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self.left = {**MAX_NOTEBOOK_CHARS}
        self.page, self.pictures, self.outputs = MAX_PAGE_CHARS, MAX_PAGE_CHARS, MAX_OUTPUTS
        return super().preprocess(nb, resources)

    def short(self, kind: str, text: Any) -> str:
        text, most = "".join(text), min(MAX_TEXT_CHARS[kind], self.left[kind])
        size = len(EMBEDDED.sub("", text))
        self.left[kind] -= min(size, most)
        return text if size <= most else text[:most] + CUT

    def that_fit(self, outputs: list[Any]) -> list[Any]:
        """Those for which the page has room, and the errors: they say what points were lost for."""
        kept = []
        for output in outputs:
            self.outputs -= 1
            self.page -= len(str(output))
            if (self.outputs >= 0 and self.page >= 0) or output.output_type == "error":
                kept.append(output)
        return kept if len(kept) == len(outputs) else [*kept, printed(CUT)]

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        cell.metadata.pop("alt", None)
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            cell.source = HIDDEN_DATA.sub(INSTEAD, cell.source)
        if cell.cell_type in ("markdown", "code"):
            cell.source = self.short(cell.cell_type, cell.source)
        for name, kinds in list(cell.get("attachments", {}).items()):
            self.pictures -= len(str(kinds))
            if self.pictures < 0:
                del cell.attachments[name]
        if "outputs" in cell:
            cell.outputs = self.that_fit(cell.outputs)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = {
                    kind: of_picture(value)
                    for kind, value in output.metadata.items()
                    if kind.startswith("image/")
                }
            for kind, text in list(output.get("data", {}).items()):
                if kind.endswith("json"):  # a widget, say: it needs scripts, and any form of it is let in
                    del output.data[kind]
                elif kind in ("image/png", "image/jpeg") and not fits(str(text)):
                    del output.data[kind]  # the text beside it says what it shows
                elif kind in ("text/markdown", "text/html"):
                    output.data[kind] = self.short(kind.removeprefix("text/"), text)
        return cell, resources


def of_picture(metadata: Any) -> dict[str, Any]:
    """Width and height in pixels, and the alternative text."""
    if not isinstance(metadata, dict):
        return {}
    sizes = {name: metadata[name] for name in ("width", "height") if type(metadata.get(name)) in (int, float)}
    return sizes | ({"alt": metadata["alt"]} if isinstance(metadata.get("alt"), str) else {})
