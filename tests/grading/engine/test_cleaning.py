"""What a student wrote runs nowhere: not in a feedback page, not in formgrader."""

import base64
import contextlib
import io
import re
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import UNITS, course_folder, solved, written
from nbconvert.exporters import HTMLExporter
from PIL import Image
from tags import Tags
from traitlets.config.loader import PyFileConfigLoader

from nonconv.grading.engine.cleaning import clean_html, inline, markdown, markdown2html
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect

ROOT = Path(__file__).resolve().parents[3]
ATTACKS = [
    "<script>document.title = 'owned'</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<img src=x onerror=\"document.title='owned'\">",
    '<img src="http://evil.example/seen.png">',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    "<svg onload=\"document.title='owned'\"><script>1</script></svg>",
    '<a href="javascript:document.title=1">x</a>',
    '<a href=" jAvAsCrIpT:document.title=1">x</a>',
    '<a href="data:text/html,<script>1</script>">x</a>',
    '<iframe src="http://evil.example"></iframe>',
    '<object data="http://evil.example"></object><embed src="http://evil.example">',
    '<form action="http://evil.example"><input autofocus onfocus="x()"></form>',
    '<meta http-equiv="refresh" content="0;url=http://evil.example">',
    '<link rel="stylesheet" href="http://evil.example/x.css">',
    "<style>@import url(http://evil.example/x.css)</style>",
    '<div style="background:url(http://evil.example/x)">x</div>',
    '<math><mtext><img src=x onerror="x()"></mtext></math>',
    '<math href="javascript:x()"><mi>x</mi></math>',
    '<math><annotation-xml encoding="text/html"><script>x()</script></annotation-xml></math>',
    "<b onclick=\"document.title='owned'\">x</b>",
    "<base href=http://evil.example/>",
]
SIGNS = (
    "<script",
    "owned",
    "evil.example",
    "onerror",
    "onload",
    "onclick",
    "onfocus",
    "javascript:",
    "data:text",
    "svg",
    "<iframe",
    "<object",
    "<embed",
    "<form",
    "<input",
    "<meta",
    "<link",
    "<style",
    "style=",
    "<base",
)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("clean", [clean_html, markdown], ids=["output", "markdown"])
def test_nothing_that_runs_or_fetches_is_left(attack: str, clean) -> None:
    found = clean(f"before {attack} after").lower()
    assert not [sign for sign in SIGNS if sign in found], found
    assert "before" in found
    assert "after" in found


@cache
def exporter() -> HTMLExporter:
    """The one that formgrader and feedback share, with a template of nbconvert's own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
    ):  # the configuration makes an exchange
        config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    config.HTMLExporter.extra_template_basedirs = []
    return HTMLExporter(config=config, template_name="classic", mathjax_url="")


def exported(notebook: nbformat.NotebookNode) -> str:
    """The body of its page."""
    page, _ = exporter().from_notebook_node(notebook)
    return page[page.index("<body") :]


@pytest.mark.parametrize(
    "hostile",
    [
        again * (500_000 // len(again))
        for again in (
            "<script ",
            "</script ",
            "<style>",
            "<div>",
            "<b>",
            "<a href='x'>",
            "<p><i>",
            "$$",
            "- a\n",
            "> ",
            "`a ",
            "$\\frac{",
            "![a](attachment:x",
            "![a](attachment:x y ",
        )
    ]
    + ["<a x='>' " + " ".join(f"a{n}" for n in range(100_000))],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "markdown"])
def test_no_text_takes_the_square_of_its_length(hostile: str, kind: str) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell("-"), nbformat.v4.new_code_cell("1")]
    if kind.startswith("text/"):
        notebook.cells[1].outputs = [nbformat.v4.new_output("display_data", {kind: hostile})]
    else:
        notebook.cells[0].source = hostile
    start = time.process_time()
    assert re.search("cut off here|not shown: more than 100 elements", exported(notebook))
    assert time.process_time() - start < 20  # without a bound it takes from minutes to hours


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_that_unpacks_to_gigabytes_is_not_shown_and_a_photograph_is(kind: str) -> None:
    def uri(side: int) -> str:
        made = io.BytesIO()
        Image.new("1" if kind == "PNG" else "L", (side, side)).save(made, kind)
        return f"data:image/{kind.lower()};base64,{base64.b64encode(made.getvalue()).decode()}"

    assert "base64" in clean_html(f'<img src="{uri(100)}">')
    assert "base64" not in clean_html(f'<img src="{uri(8000)}">')
    assert "base64" not in markdown(f"![]({uri(8000)})")
    png = uri(8000).partition(",")[2]
    cell = nbformat.v4.new_code_cell(
        "1", outputs=[nbformat.v4.new_output("display_data", {"image/png": png})]
    )
    assert png not in exported(nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize("again", [" \n", "\n\t", "a.", "...", "%%perl\n$a"])
@pytest.mark.parametrize("kind", ["code", "```python\n", "```perl\n"])
def test_no_listing_takes_the_square_of_its_length(again: str, kind: str) -> None:
    notebook = nbformat.v4.new_notebook()
    for _ in range(4):
        text = again * (20_000 // len(again))
        made = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        notebook.cells.append(made(text if kind == "code" else kind + text))
    start = time.process_time()
    exported(notebook)
    assert time.process_time() - start < 10  # Pygments takes a minute and more for each cell of such lines


def test_code_is_highlighted_with_the_course_in_its_colours() -> None:
    cells = [nbformat.v4.new_code_cell("def f(x):   \n    return x"), nbformat.v4.new_markdown_cell("")]
    cells[1].source = "```python\nimport torch\n```\n\n```\nplain\n```\n"
    page = exported(nbformat.v4.new_notebook(cells=cells))
    assert '<span class="k">def</span>' in page
    assert '<span class="kn">import</span>' in page
    assert "plain" in page


def test_long_code_is_cut_off() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1\n" * 100_000)])
    start = time.process_time()
    assert exported(notebook).count("\n") < 10_000
    assert time.process_time() - start < 20


def test_a_large_picture_in_a_text_is_shown() -> None:
    picture = f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 50_000}='>"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(picture)])
    notebook.cells += [
        nbformat.v4.new_code_cell(
            "1", outputs=[nbformat.v4.new_output("display_data", {"text/html": picture})]
        )
    ]
    assert exported(notebook).count("iVBORw0KGgo") == 100_000


def test_a_long_table_is_shown_whole() -> None:
    rows = "".join(f"<tr><td>{n}<td><b>{n * n}</b></tr>" for n in range(2000))
    assert "3996001" in clean_html(f"<table>{rows}</table>")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("**bold** and `a < b`", "<strong>bold</strong> and <code>a &lt; b</code>"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td>"),
        ("[paper](https://example.org/a)", '<a href="https://example.org/a">paper</a>'),
        (r"$\frac{1}{n}$", "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>n</mi></mrow></mfrac>"),
        (r"$$\sum_k b^k$$", '<math display="block">'),
        ("<details><summary>Hint</summary>\n\nyes\n\n</details>", "<summary>Hint</summary>"),
        ("![dot](data:image/png;base64,iVBORw0KGgo=)", 'src="data:image/png;base64,iVBORw0KGgo="'),
    ],
)
def test_honest_text_stays(typed: str, kept: str) -> None:
    assert kept in markdown(typed)


@pytest.mark.parametrize(
    "formula", [r"$\frac{1$", r"$\begin{matrix}$", r"$}{$", r"$\left($", "$\\undefined{<script>}$"]
)
def test_a_formula_that_cannot_be_read_stays_as_typed_and_harms_nothing(formula: str) -> None:
    assert "<script" not in markdown(f"{formula} after")
    assert "after" in markdown(f"{formula} after")


PIXELS = "iVBORw0KGgo="
SHOWN: list[tuple[dict, dict]] = [
    *(
        ({kind: attack}, {})
        for attack in ATTACKS
        for kind in (
            "text/html",
            "text/markdown",
            "text/latex",
            "text/plain",
            "image/svg+xml",
            "image/png",
            "image/jpeg",
        )
    ),
    ({"application/javascript": "document.title = 'owned'"}, {}),
    ({"text/vnd.mermaid": ATTACKS[0]}, {}),
    (
        {
            "application/vnd.jupyter.widget-view+json": {"model_id": f"</script>{ATTACKS[0]}"},
            "text/plain": "owned",
        },
        {},
    ),
    ({"application/vnd.plotly.v1+json": {"data": f"</script>{ATTACKS[0]}"}}, {}),
    # what is said about an output comes to the page by other ways than the output does
    *(
        ({kind: PIXELS}, {kind: {size: "1 onerror=document.title='owned'", "alt": '" onload="x()'}})
        for kind in ("image/png", "image/jpeg")
        for size in ("width", "height")
    ),
    *(
        ({kind: PIXELS}, {size: "1 onerror=document.title='owned'"})
        for kind in ("image/png", "image/jpeg")
        for size in ("width", "height")
    ),
    ({"image/png": PIXELS}, {"filenames": {"image/png": "http://evil.example/seen.png"}}),
    ({"image/svg+xml": "<svg/>"}, {"filenames": {"image/svg+xml": "http://evil.example/seen.svg"}}),
    ({"text/html": "<b>bold</b>"}, {"text/html": {"isolated": True}}),
    ({"image/png": PIXELS}, {"image/png": "no table"}),
]


def hostile() -> nbformat.NotebookNode:
    """A submission with every attack as Markdown, as HTML, as Markdown output, and printed."""
    (unit,) = (unit for unit in UNITS if unit.name.startswith("02"))
    notebook = solved(unit, unit.name)
    outputs = [nbformat.v4.new_output("display_data", data, metadata=more) for data, more in SHOWN]
    outputs.append(nbformat.v4.new_output("stream", name="stdout", text="\n".join(ATTACKS)))
    outputs.append(nbformat.v4.new_output("error", ename=ATTACKS[0], evalue=ATTACKS[0], traceback=ATTACKS))
    source = f"""from IPython.display import display
for data, metadata in {SHOWN!r}:
    display(data, metadata=metadata, raw=True)
print("\\n".join({ATTACKS!r}))
raise type({ATTACKS[0]!r}, (Exception,), {{}})({ATTACKS[1]!r})
"""
    cell = nbformat.v4.new_code_cell(source, outputs=outputs)
    cell.metadata.tags = cell.metadata.alt = [f'">{ATTACKS[0]}']
    raw = nbformat.v4.new_raw_cell("\n".join(ATTACKS), metadata={"raw_mimetype": "text/html"})
    notebook.cells[1:1] = [*map(nbformat.v4.new_markdown_cell, ATTACKS), raw, cell]
    return notebook


def test_no_attack_gets_through_the_exporter_that_formgrader_and_feedback_share() -> None:
    nothing_runs_or_fetches(exported(hostile()))


COLOURS = re.compile(r"((background-)?color: rgb\(\d+,\d+,\d+\);? ?)+")


def nothing_runs_or_fetches(html: str) -> None:
    tags = Tags(html)
    assert not tags.of(
        "script", "svg", "iframe", "object", "embed", "form", "input", "meta", "link", "style", "base"
    )
    for tag, attributes in tags.found:
        if COLOURS.fullmatch(attributes.get("style") or ""):  # nbconvert's own, of a traceback
            del attributes["style"]
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (
            tag,
            attributes,
        )
        assert (attributes.get("src") or "data:").startswith("data:"), (tag, attributes)
        assert not re.match(r"\s*(javascript|data):", attributes.get("href") or "", re.I), (tag, attributes)


@pytest.mark.slow
def test_a_feedback_page_forbids_itself_to_run_or_fetch(tmp_path: Path) -> None:
    (unit,) = (unit for unit in UNITS if unit.name.startswith("02"))
    course = course_folder(unit, tmp_path / "course")
    inbox = tmp_path / "inbox"
    (inbox / "eve").mkdir(parents=True)
    for name, content in written(unit).items():
        (inbox / "eve" / f"{name}.ipynb").write_bytes(content)
    nbformat.write(hostile(), inbox / "eve" / f"{unit.name}.ipynb")
    submissions, _ = collect(inbox, unit.name, course)
    grade(unit.name, submissions, course, say=lambda _: None)
    pages = sorted((course / "feedback/eve" / unit.name).glob("*.html"))
    assert [page.stem for page in pages] == sorted(written(unit))
    for page in pages:
        text = page.read_text()
        assert "<script" not in text
        assert "default-src 'none'" in text
        assert "<math" in text
        nothing_runs_or_fetches(text[text.index("<body") :])
    executed = nbformat.read(course / "autograded/eve" / unit.name / f"{unit.name}.ipynb", 4)
    shown = [
        output for cell in executed.cells for output in cell.get("outputs", []) if output.get("metadata")
    ]
    assert len(shown) > 10, "the attacks had come to where the page is made"


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.mark.parametrize(
    ("attachments", "shown"),
    [
        ({"my plot.png": {"image/png": PIXEL}}, f'src="data:image/png;base64,{PIXEL}"'),
        ({}, "the picture my plot.png is not in the notebook"),
        ({"my plot.png": {"image/svg+xml": "PHN2Zz4="}}, "is not in the notebook"),
        ({"my plot.png": {"image/png": '" onerror="alert(1)'}}, "is not in the notebook"),
        ({"my plot.png": ["no", "kinds"]}, "is not in the notebook"),
        ("no attachments", "is not in the notebook"),
    ],
)
def test_a_picture_that_is_attached_is_on_the_page_and_a_lost_one_costs_no_page(
    attachments: Any, shown: str
) -> None:
    page = markdown2html({"cell": {"attachments": attachments}}, "Seen: ![a plot](attachment:my%20plot.png).")
    assert shown in page
    assert "Seen: " in page
    assert "onerror" not in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('<a class="full-credit" href="#x">x</a>', False),  # formgrader's button
        ('<b class="k modal-backdrop">x</b>', False),  # lies over the whole page
        ('<b class="score">x</b>', False),
        ('<table class="dataframe"><tr><td>x</td></tr></table>', True),
        ('<b class="highlight mi">x</b>', True),
    ],
)
def test_no_class_is_left_that_the_page_knows_for_itself(typed: str, kept: bool) -> None:
    assert ("class=" in clean_html(typed)) is kept


@pytest.mark.parametrize("data", ["a text", {}, {"model_id": []}, None], ids=repr)
def test_a_widget_of_any_form_costs_no_page(data: Any) -> None:
    shown = {"application/vnd.jupyter.widget-view+json": data, "text/plain": "beside"}
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("display_data", shown)])
    assert "beside" in exported(nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize(
    "title",
    ["a</a></td></tr></table><details>", "a | 9 | 9 |", "a](#b) \\| 9", "$a$" * 90, "<b><i>" * 90],
)
def test_a_heading_stays_in_its_cell_of_the_table_of_points(title: str) -> None:
    shown = inline(title)
    assert not Tags(shown).of("a", "td", "tr", "table", "details")
    assert shown.count("<b>") == shown.count("</b>")


def test_an_attachment_in_raw_html_or_a_link_stops_nothing() -> None:
    page = markdown2html({"cell": {}}, 'a <img src="attachment:x.png"> b [c](attachment:y.pdf) d')
    assert all(word in page for word in "abcd")
    assert "attachment" not in page
