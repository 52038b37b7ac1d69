"""python -m nonconv.publish.slides UNIT: the lecture as slides, build/slides/UNIT.html.

One file that any browser opens, without a network: reveal.js (fetched by npm, at a pinned version and hash)
and MathJax are in it. docs/instructors/README.md has the keys.
"""

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode

from nonconv.publish.npm import NoPackage, Package
from nonconv.publish.slides.deck import deck

REVEAL = Package(
    name="reveal.js",
    version="6.0.2",
    integrity="sha512-JYIg5D9aoxoaLeb84O+OvAwsKWdIavVgEDScxtYEXFCT6t6TQrhNtSgogcjdCpdLsWglhJn3zyE3fUOwiH5KEg==",
    files=("dist/reveal.css", "dist/reveal.js", "dist/plugin/notes.js", "LICENSE"),
)
WEB = Path(__file__).with_name("web")
MATHJAX = "static/mathjax/tex-svg-full.js"  # formulas as SVG need no fonts, and all of TeX is in one file
# nothing that it would have to load from elsewhere, and no typesetting before the slides are ready
SETTINGS = r"""window.MathJax = {
  tex: {inlineMath: [['$', '$'], ['\\(', '\\)']], processEscapes: true},
  options: {enableMenu: false},
  startup: {typeset: false},
};"""


def slides(notebook: NotebookNode, reveal: Path) -> str:
    """The page. reveal: the folder with reveal.js's files."""
    made = deck(notebook)
    made.metadata.title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    scripts = [reveal / "dist/reveal.js", reveal / "dist/plugin/notes.js", WEB / "slides.js"]
    texts = [SETTINGS, mathjax().read_text("utf-8"), *(path.read_text("utf-8") for path in scripts)]
    parts = {
        "css": "".join(path.read_text("utf-8") for path in (reveal / "dist/reveal.css", WEB / "slides.css")),
        "licence": (reveal / "LICENSE").read_text("utf-8"),
        "scripts": [text.replace("</script", r"<\/script") for text in texts],
    }
    exporter = SlidesExporter(extra_template_basedirs=[str(WEB.parent)], template_name=WEB.name)
    exporter.exclude_output_prompt = True
    return exporter.from_notebook_node(made, resources={"slides": parts})[0]


def mathjax() -> Path:
    """MathJax, which the site has too. ImportError if it is not installed."""
    found = find_spec("sphinx-mathjax-offline")
    if found is None or found.origin is None:
        raise ImportError(
            "sphinx-mathjax-offline is missing, which brings MathJax; `make slides` installs it"
        )
    return Path(found.origin).parent / MATHJAX


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nonconv.publish.slides", description=__doc__)
    parser.add_argument("unit", nargs="*", help="all lectures, if none is named")
    arguments = parser.parse_args()
    lectures = {path.stem: path for path in sorted(Path("lectures").glob("*.ipynb"))}
    chosen = [name for name in lectures if not arguments.unit or {name, name[:2]} & set(arguments.unit)]
    if not chosen:
        there = ", ".join(lectures) or "nothing; `make build` makes the lectures"
        print(f"there is no lecture {' '.join(arguments.unit)!r}; there is {there}", file=sys.stderr)
        return 1
    try:
        reveal = REVEAL.fetched(Path("build"))
        for name in chosen:
            target = Path("build/slides") / f"{name}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            page = slides(nbformat.read(lectures[name], as_version=4), reveal)
            target.write_text(page, encoding="utf-8")
            print(target)
    except (NoPackage, ImportError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
