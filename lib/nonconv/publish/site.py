"""python -m nonconv.publish.site FOLDER: the lectures as web pages that need no network and no kernel.

Formulas become MathML, which browsers draw by themselves. Pictures lie inside the page. Interactive figures
are plain HTML, SVG and JavaScript already.
"""

import copy
import sys
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import DictLoader, pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from nonconv.publish.pages import Renderer, markdown2html, with_formulas

TITLE = "Layers that are not convolutions, and which of them are convolutions after all"
PLAYGROUND = "proof.html"  # `make playground` writes it
# Jupyter's own page without the script that would fetch MathJax, with a way back and a readable width
TEMPLATE = """{% extends 'lab/index.html.j2' %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_requirejs %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_css %}{{ super() }}
<style>main { max-width: 62em; margin: auto }
math[display=block] { margin: 0.6em 0; overflow-x: auto }</style>{% endblock %}
{% block data_png scoped %}
<div class="jp-RenderedImage jp-OutputArea-output"><img
src="data:image/png;base64,{{ output.data['image/png'] | trim }}"
alt="{{ output | get_metadata('alt', 'image/png') | escape }}"></div>
{% endblock %}
{% block body_header %}{{ super() }}<p><a href="index.html">All lectures</a></p>{% endblock %}
"""


class _Linking(Renderer):
    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link to another lecture leads to its page; of a link out of lectures/ only the text stays."""
        if url.startswith(("../", "./../")):
            return text
        return super().link(text, url.replace(".ipynb", ".html") if "://" not in url else url, title)


class PageExporter(HTMLExporter):
    """A notebook as one HTML file."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})], **rest)
        self.template_file = "page.html.j2"
        self.exclude_input_prompt = self.exclude_output_prompt = True

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        attachments = context.get("cell", {}).get("attachments", {})
        return markdown2html(source, _Linking, attachments=attachments)


def with_drawn_outputs(notebook: NotebookNode) -> NotebookNode:
    """The notebook with the formulas of its HTML outputs (a proof's table) as MathML.

    Outputs with scripts are left alone.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            if html and "<script" not in html:
                output.data["text/html"] = with_formulas(html)
    return notebook


def page(path: Path) -> str:
    """The lecture in `path` as HTML."""
    html, _ = PageExporter().from_notebook_node(with_drawn_outputs(nbformat.read(path, as_version=4)))
    return html.replace("<title>Notebook</title>", f"<title>{escape(heading(path))}</title>")


def heading(path: Path) -> str:
    """The notebook's first heading."""
    first = nbformat.read(path, as_version=4).cells[0].source
    return first.splitlines()[0].lstrip("# ")


def site(lectures: Path, folder: Path) -> list[Path]:
    """A page for each lecture and an index of them. ValueError if there is no lecture."""
    notebooks = sorted(lectures.glob("*.ipynb"))
    if not notebooks:
        raise ValueError(f"there is no lecture in {lectures}; `make build` makes them")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for notebook in notebooks:
        written.append(folder / f"{notebook.stem}.html")
        written[-1].write_text(page(notebook), encoding="utf-8")
    return [*written, write_index(lectures, folder)]


def write_index(lectures: Path, folder: Path) -> Path:
    """The page that leads to the other pages that are there: the lectures, and the playground."""
    notebooks = [one for one in sorted(lectures.glob("*.ipynb")) if (folder / f"{one.stem}.html").exists()]
    items = "".join(f'<li><a href="{one.stem}.html">{escape(heading(one))}</a></li>' for one in notebooks)
    if (folder / PLAYGROUND).exists():
        items += (
            f'<li><a href="{PLAYGROUND}">The proof, level by level: exercises checked in the browser</a></li>'
        )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{TITLE}</title>'
    style = "<style>body{font-family:sans-serif;max-width:46em;margin:2em auto;padding:0 1em}</style>"
    index = folder / "index.html"
    index.write_text(
        f'<!doctype html><html lang="en"><head>{head}{style}</head>'
        f"<body><h1>{TITLE}</h1><ul>{items}</ul></body></html>\n",
        encoding="utf-8",
    )
    return index


if __name__ == "__main__":
    for path in site(Path("lectures"), Path(sys.argv[1])):
        print(path)
