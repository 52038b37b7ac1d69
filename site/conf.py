"""Sphinx's configuration of the site. `make site` calls Sphinx; see lib/nonconv/publish/website."""

from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx

from nonconv.publish.website import docstrings, launch, printed, sources

HERE = Path(__file__).resolve().parent
ADDRESS = launch.read(HERE / "site.toml")
PLAYGROUND = ("playground/index.html", "proof.html")  # where `make playground` leaves its page

project = "Layers that are not convolutions"
author = "The authors of the course"
copyright = "the authors of the course; text and pictures CC BY 4.0, code BSD 3-Clause"
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "sphinx-mathjax-offline",
]

# notebooks: shown as they are, never run
nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "myst"
nb_code_prompt_show = "Show the code of the picture"
nb_code_prompt_hide = "Hide the code of the picture"
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_dmath_double_inline = True  # $$…$$ in the middle of a paragraph, as JupyterLab reads it
myst_heading_anchors = 4
# a heading may follow any other, and a document may link a file that is no page (it is offered for download)
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type"]

# the library's docstrings
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_inherit_docstrings = False  # `forward` would get the text of PyTorch's Module
python_use_unqualified_type_names = True
add_module_names = False

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = [str(HERE / "static")]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
templates_path = [str(HERE / "templates")]
html_sidebars = {
    "**": ["navbar-logo.html", "search-button-field.html", "playground.html", "sbt-sidebar-nav.html"]
}
html_copy_source = True
html_show_sourcelink = False
html_show_search_summary = False  # a page that is opened from a disk may not fetch another one's text
html_context = {"default_mode": "auto"}
html_theme_options: dict[str, Any] = {
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": True,
    "use_fullscreen_button": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "navbar_persistent": [],  # the search field at the side is enough
}
if ADDRESS.repository:
    html_theme_options |= {
        "repository_url": ADDRESS.page,
        "repository_branch": ADDRESS.branch,
        "use_repository_button": True,
        "use_issues_button": True,
    }
# formulas drawn as SVG need no fonts, which a browser may refuse to load from a disk
MATHJAX = "mathjax/tex-svg.js"
copybutton_exclude = ".linenos, .gp, .go"
copybutton_selector = "div.cell_input pre, div.highlight:not(.cell_output *) pre"


def read_source(_: Sphinx, name: str, content: list[str]) -> None:
    """Notebooks as MyST-NB wants them."""
    if name.startswith(("lectures/", "exercises/")):
        content[0] = nbformat.writes(sources.prepared(nbformat.reads(content[0], as_version=4)))


def read_docstring(_: Sphinx, __: str, ___: str, ____: object, _____: object, lines: list[str]) -> None:
    lines[:] = docstrings.as_rst([line for line in lines if not line.startswith("Alias for field number")])


def add_buttons(app: Sphinx, page: str, _: str, context: dict[str, Any], __: object) -> None:
    """Launch buttons on a notebook's page, and the PDF of a lecture."""
    buttons = context.get("header_buttons", [])
    up = "../" * page.count("/")
    notebook = f"{page}.ipynb" if page.startswith(("lectures/", "exercises/")) else ""
    if found := launch.links(ADDRESS, notebook):
        group = [_link(link.name, link.url, f"Open in {link.name}", "fas fa-rocket") for link in found]
        shown = {"tooltip": "Open it where it can be run", "icon": "fas fa-rocket"}
        buttons.insert(0, {"type": "group", "buttons": group, "label": "launch-buttons", **shown})
    for button in buttons:
        if (
            button.get("label") == "download-buttons"
            and page.startswith("lectures/")
            and app.config.print_lectures
        ):
            file = f"{up}pdf/{Path(page).name}.pdf"
            pdf = _link(".pdf", file, "Download the lecture as a PDF", "fas fa-file-pdf")
            # in place of the theme's button, which prints the page
            button["buttons"] = [one for one in button["buttons"] if one["type"] != "javascript"] + [pdf]
    there = [name for name in PLAYGROUND if (Path(app.outdir) / name).exists()]
    context["playground"] = up + there[0] if there else ""


def _link(text: str, url: str, tooltip: str, icon: str) -> dict[str, str]:
    return {"type": "link", "text": text, "url": url, "tooltip": tooltip, "icon": icon}


def setup(app: Sphinx) -> None:
    app.add_config_value("print_lectures", printed.chromium() is not None, "html", [bool])
    app.config.mathjax_path = MATHJAX  # the extension that brings MathJax has set another one
    app.connect("source-read", read_source)
    app.connect("autodoc-process-docstring", read_docstring)
    app.connect("html-page-context", add_buttons, priority=900)  # after the theme has made its own
