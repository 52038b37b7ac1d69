"""Hand-ins that are meant for whoever reads them, on the pages as a browser shows them: the student's own
page, the page of the class, and Formgrader."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import nbformat
import pytest
from classroom import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from playwright.sync_api import Page

from helpers.browser import NEEDS_CHROMIUM, jupyterlab, opened
from helpers.grading import isolation, tiny
from nonconv.grading.class_view import class_view, write_class
from nonconv.grading.pipeline import grade
from nonconv.grading.submissions.collect import collect
from nonconv.publish.course import COURSE, course_api, url

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.slow, isolation.needed()]
UNIT = tiny.UNIT
STUDENT = "<img src=x onerror=alert(1)> javascript:alert(2) {{ 7 * 7 }}"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
RUNS = "window.top.owned = 1; alert(1); fetch('http://seen.test/js')"
# what would run, fetch, ask or lead away
HOSTILE = [
    f"<script>{RUNS}</script>",
    f'<svg onload="{RUNS}"><animate onbegin="{RUNS}" attributeName=x dur=1s /></svg>',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={RUNS}&gt;">',
    f'<noscript><p title="</noscript><img src=x onerror={RUNS}>">',
    f"<details open ontoggle=\"{RUNS}\">x</details><input autofocus onfocus='{RUNS}'>",
    '<meta http-equiv="refresh" content="0;url=http://seen.test/meta">',
    '<img src="http://seen.test/img.png" srcset="http://seen.test/set.png 2x">',
    '<img src="file:///etc/passwd"><a href="file:///etc/passwd">file</a><a href="//seen.test/">plain</a>',
    '<video src="http://seen.test/v" autoplay></video><audio src="//seen.test/a" autoplay></audio>',
    '<link rel="prefetch" href="http://seen.test/l"><style>@import "http://seen.test/s.css"</style>',
    '<table background="http://seen.test/bg.png"><tr><td>x</td></tr></table>',
    '<form action="http://seen.test/form"><button>send</button></form>',
    '<iframe srcdoc="<script>top.owned=1</script>"></iframe>',
    "![](http://seen.test/md.png) [run](javascript:alert(1)) <javascript:alert(1)>",
    r"$\href{javascript:alert(1)}{x}$ $\require{html}\class{modal-backdrop}{x}$ $\unicode{<script>alert(1)}$",
    r"$$\text{</math><script>alert(1)</script>}\style{position:fixed}{x}\includegraphics{http://seen.test/i}$$",
    "```mermaid\ngraph LR; A[<img src=http://seen.test/m onerror=alert(1)>]\n```",
    "x" * 20_000,
]
# what would lie over the page, or be Formgrader's own buttons, by the page's own styles and scripts
COVER = (
    '<div class="modal-backdrop">black</div><div class="navbar navbar-fixed-top">'
    '<h4>39.0 / 39.0</h4></div><a class="full-credit btn btn-success" href="#">my sources</a>'
    '<math><mpadded height="0px" lspace="-40em"><mtable>'
    + "<mtr><mtd><mtext>Score: 9.0 / 9.0 Score: 9.0 / 9.0 Score: 9.0 / 9.0</mtext></mtd></mtr>" * 40
    + "</mtable></mpadded></math>"
)
# a heading of the student's own, which would close the table of the points and write another
FORGED = (
    "## Own</a></td><td>9</td><td>9</td><td></td></tr><tr><td><b>in all</b></td><td><b>9</b></td>"
    "<td><b>9</b></td></tr></tbody></table><details><summary></summary><table><tr><td>"
)
CODE = f"""
from IPython.display import display
for text in {[*HOSTILE, COVER]!r}:
    for kind in ("text/html", "text/markdown", "text/latex", "image/svg+xml", "text/vnd.mermaid",
                 "application/javascript", "application/vnd.jupyter.widget-view+json"):
        display({{kind: text, "text/plain": text}}, raw=True)
    print(text, "\\x1b]8;;javascript:alert(1)\\x07link\\x1b]8;;\\x07\\x1b[38;2;1;2;3m\\x1b[2J")
raise type({HOSTILE[0]!r}, (Exception,), {{}})({HOSTILE[1]!r} + "\\x1b[31m" + {COVER!r})
"""


def essay(source: str) -> nbformat.NotebookNode:
    """A written answer, to be marked by hand."""
    marks = {"grade_id": "in-words", "grade": True, "solution": True, "locked": False, "task": False}
    return new_markdown_cell(
        source, id="in-words", metadata={"nbgrader": {**marks, "points": 4, "schema_version": 3}}
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of one hostile student, graded."""
    folder = tmp_path_factory.mktemp("hostile")
    solved = tiny.notebook("def double(x):\n    return 2 * x")
    solved.cells.append(essay("Write."))
    course = tiny.course_of(UNIT, solved, folder / "course")
    made = course_api(course, course, course / "gradebook.db").generate_assignment(
        UNIT, force=True, create=True
    )
    assert made["success"], made["log"]
    notebook = nbformat.read(course / "exercises" / UNIT / f"{UNIT}.ipynb", as_version=4)
    notebook.cells[0].source = "def double(x):\n    raise KeyError('\\x1b[31m<script>alert(1)</script>')"
    notebook.cells[-1].source = "\n\n".join([COVER, *HOSTILE, "![](attachment:a.svg) ![](attachment:a.png)"])
    svg = {"image/svg+xml": "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+"}
    notebook.cells[-1].attachments = {"a.svg": svg, "a.png": {"image/png": PIXEL}}
    notebook.cells[:0] = [new_code_cell(CODE), new_markdown_cell(FORGED), *map(new_markdown_cell, HOSTILE)]
    notebook.cells[0].metadata = {"magics_language": '"><script>alert(1)</script>', "collapsed": True}
    notebook.metadata = {
        "kernelspec": {"name": '"><script>alert(1)</script>', "display_name": "<script>alert(1)</script>"},
        "language_info": {"name": '"><script>alert(1)</script>', "pygments_lexer": "<script>"},
        "title": "</title><script>alert(1)</script>",
    }
    (folder / "inbox" / STUDENT).mkdir(parents=True)
    nbformat.write(notebook, folder / "inbox" / STUDENT / f"{UNIT}.ipynb")
    submissions, _ = collect(folder / "inbox", UNIT, course)
    grades = grade(UNIT, submissions, course, say=lambda _: None)
    write_class(class_view(UNIT, course, grades), course / "class")
    return course


@dataclass
class Seen:
    """What a page did besides being shown."""

    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, page: Page, own: str) -> None:
        def dialog(one) -> None:
            self.dialogs.append(one.message)
            one.dismiss()

        def request(one) -> None:
            if urlparse(one.url).scheme not in ("data", "blob") and not one.url.startswith(own):
                self.requests.append(one.url)

        page.on("dialog", dialog)
        page.context.on("request", request)


@contextmanager
def watched(address: str, own: str) -> Iterator[Page]:
    """The page after it has come to rest; whatever it did is an error here."""
    seen = Seen()
    with opened("about:blank", viewport={"width": 1200, "height": 800}) as page:
        seen.watch(page, own)
        page.goto(address, wait_until="networkidle")
        assert page.evaluate("window.owned") is None
        yield page
        assert page.url.startswith(own)
    assert seen == Seen()


# what a student wrote must stay below its heading: is any of it what one sees, or would click, there?
ON_TOP = """selector => [...document.querySelectorAll(selector)].flatMap(one => {
  one.scrollIntoView({ block: "center" });
  const box = one.getBoundingClientRect(), found = [];
  for (let x = box.left + 2; x < box.right - 2; x += 20) {
    const top = document.elementFromPoint(x, (box.top + box.bottom) / 2);
    if (top && !one.contains(top) && !top.contains(one)) found.push(top.outerHTML.slice(0, 80)) }
  return found })"""


def test_a_feedback_page_runs_nothing_fetches_nothing_and_is_not_covered(course: Path) -> None:
    (page_file,) = (course / "feedback").glob(f"*/{UNIT}/*.html")
    with watched(page_file.as_uri(), course.as_uri()) as page:
        assert page.locator("body").inner_text().count("Own") >= 1
        assert page.evaluate(ON_TOP, ".panel-heading") == []


def test_the_points_at_the_top_of_it_are_the_gradebooks(course: Path) -> None:
    (page_file,) = (course / "feedback").glob(f"*/{UNIT}/*.html")
    with watched(page_file.as_uri(), course.as_uri()) as page:
        rows = page.locator("#notebook-container table").first.locator(":scope > tbody > tr")
        cells = [re.split(r"\s*\t\s*", row.strip()) for row in rows.all_inner_texts()]
        assert [row[1:3] for row in cells][-1] == ["0", "7"], cells
        assert len(cells) == 2
        assert rows.last.is_visible()


def test_the_page_of_the_class_runs_nothing_and_fetches_nothing(course: Path) -> None:
    address = (course / "class" / "class.html").as_uri()
    with watched(address, address) as page:
        assert page.locator("h1").is_visible()


def test_formgrader_shows_it_and_only_its_own_buttons_give_points(course: Path) -> None:
    environment = {
        "JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    with jupyterlab([sys.executable, "-m", "jupyterlab", "--allow-root"], course, environment) as running:
        address, token = running.split("|")
        with watched(f"{address}/lab?token={token}", address) as page:
            for path in ("manage_students", f"manage_submissions/{UNIT}", f"gradebook/{UNIT}/{UNIT}"):
                page.goto(f"{address}/formgrader/{path}", wait_until="networkidle")
                page.wait_for_selector("tbody tr td a")
            page.locator("tbody tr td a").first.click()
            page.wait_for_selector(".nbgrader_cell input.score")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.owned") is None
            assert page.evaluate(ON_TOP, ".panel-heading") == []
            page.get_by_text("my sources").last.click()
            page.wait_for_load_state("networkidle")
    with Gradebook(url(course / "gradebook.db"), COURSE) as book:
        (submission,) = book.assignment_submissions(UNIT)
        assert submission.score == 0
