"""The playground as a student has it: real Pyodide in a real browser, from a disk and from a server."""

import functools
import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from classroom import ROOT, UNITS, is_answer, solution_of
from playwright.sync_api import Page, expect

from helpers.browser import NEEDS_CHROMIUM, PATIENCE, opened
from helpers.playground import pyodide_files
from nonconv.proofs import judge
from nonconv.publish.playground.build import build
from nonconv.publish.playground.levels import NOTEBOOK, levels

pytestmark = NEEDS_CHROMIUM
(UNIT,) = (unit for unit in UNITS if unit.name.startswith("02"))
CELLS = {cell.id: cell.source for cell in solution_of(UNIT, NOTEBOOK).cells if is_answer(cell)}
SOLUTIONS = {
    one["id"]: "\n\n".join(CELLS[id] for id in one["cells"])
    for one in levels(ROOT / "exercises")
    if one["cells"]
}
CHAIN, ORDER = "6 · The theorem, whole: one of your own", "1 · Put the lines in order"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT / "exercises", pyodide_files(), tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def loaded(file: Path) -> Iterator[Page]:
    """The page opened from the disk without a network, once for the tests of this module."""
    with opened(file, viewport={"width": 1300, "height": 900}, offline=True) as page:
        expect(page.locator("body")).to_have_attribute("data-checked", "example")
        yield page


@pytest.fixture
def page(loaded: Page) -> Page:
    """The page at its sixth level, with the exercise's own text."""
    loaded.get_by_role("button", name=CHAIN).click()
    write(loaded, "")
    loaded.once("dialog", lambda dialog: dialog.accept())
    loaded.get_by_role("button", name="Start again").click()
    return loaded


@contextmanager
def another(page: Page, **context: Any) -> Iterator[Page]:
    """A second window of the same browser, without a network."""
    assert page.context.browser is not None
    window = page.context.browser.new_context(**context)
    window.set_default_timeout(PATIENCE)
    yield window.new_page()
    window.close()


def text_of(page: Page) -> str:
    return page.get_by_role("textbox", name="Your text").input_value()


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your text").fill(text)


def proved(page: Page) -> None:
    expect(page.locator("#summary")).to_have_class("good")


def test_by_keyboard_alone_a_proof_is_written_checked_and_left(page: Page) -> None:
    page.get_by_role("link", name="All lectures").focus()
    for _ in range(20):  # past the levels before
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").endswith(ORDER):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=ORDER)).to_be_visible()
    page.get_by_role("link", name="To the editor").focus()
    page.keyboard.press("Enter")
    assert "#1." in page.url  # the state is still there
    page.keyboard.press("Control+a")
    page.keyboard.type('def ordered_proof():\nreturn in_order("E B G D A F C")')  # Enter has indented
    page.keyboard.press("Control+Enter")
    proved(page)
    assert (
        page.get_by_role("textbox", name="Your text")
        .input_value()
        .startswith("def ordered_proof():\n    return")
    )
    assert page.locator("#points").inner_text() == "✓ proof-order: 1 of 1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "check"


def test_a_wrong_line_is_marked_told_and_found(page: Page) -> None:
    text = SOLUTIONS["chain"].replace("t : p + 2 * (r - 1), k:K", "t : p + 2 * (r - 2), k:K")
    write(page, text)
    told = page.get_by_label("What is wrong")
    expect(told).to_contain_text("Counterexample")
    area = page.get_by_role("textbox", name="Your text")
    assert area.get_attribute("aria-invalid") == "true"
    assert "problems" in (area.get_attribute("aria-describedby") or "")
    button = told.get_by_role("button").first
    line = int(button.inner_text().removeprefix("Line "))
    assert page.locator("#gutter span").nth(line - 1).inner_text() == f"✗ {line}"
    button.press("Enter")
    area = page.get_by_role("textbox", name="Your text")
    place = area.evaluate("one => [one === document.activeElement, one.selectionStart, one.selectionEnd]")
    start = sum(len(one) + 1 for one in text.split("\n")[: line - 1])
    assert place == [True, start, start + len(text.split("\n")[line - 1])]
    assert page.get_by_role("table", name="Convolution with stride 2").get_by_role("row").count() > 8
    assert page.locator("#tables math").count() > 8


def test_what_is_saved_is_a_certificate_that_the_judge_accepts(page: Page) -> None:
    write(page, SOLUTIONS["chain"])
    proved(page)
    with page.expect_download() as one:
        page.get_by_role("button", name="Download this certificate").click()
    assert one.value.suggested_filename == "own-2.certificate.json"
    assert judge(Path(one.value.path()).read_text(encoding="utf-8"))["proved"]
    with page.expect_download() as every:
        page.get_by_role("button", name="Download all, to hand in").click()
    assert every.value.suggested_filename == "proof.certificates.json"
    (found, *_) = [
        one
        for one in json.loads(Path(every.value.path()).read_text(encoding="utf-8"))["certificates"]
        if str(one.get("statement")).startswith("own-2-")
    ]
    assert judge(found)["proved"]


@pytest.mark.parametrize("fragment", ["1.", "1.!!!", "2.AAAA", "1.AAAA", "x"])
def test_a_damaged_link_changes_nothing(fragment: str, page: Page) -> None:
    assert page.evaluate("Link.read", fragment) is None
    page.evaluate("one => location.hash = one", fragment)
    expect(page.get_by_role("heading", name=CHAIN)).to_be_visible()


def test_what_a_text_draws_cannot_run_in_the_page_or_reach_a_network(page: Page) -> None:
    write(
        page,
        "import js\n"
        "from nonconv.proofs.shown import Shown\n"
        "Shown.kept = Shown._repr_html_\n"
        'Shown._repr_html_ = lambda self: \'<p onclick="x()">drawn<img src=x onerror="document.title=1">'
        "<script>document.title=1</script><a href=//e.org>e</a></p>'\n"
        f"{SOLUTIONS['chain']}\n"
        "print([hasattr(js, one) for one in ('fetch', 'XMLHttpRequest', 'WebSocket', 'caches', 'Worker')])\n",
    )
    proved(page)
    assert page.locator("#printed").inner_text().startswith("[False, False, False, False, False]")
    assert page.locator("#tables").inner_html() == "<p>drawn</p>"
    assert page.title() == "The proof, level by level"
    write(page, "from nonconv.proofs.shown import Shown\nShown._repr_html_ = Shown.kept\nprint('undone')")
    expect(page.locator("#printed")).to_have_text("undone")


@pytest.mark.weekly
def test_a_link_holds_the_state_also_on_a_telephone_in_the_dark(page: Page, file: Path) -> None:
    write(page, SOLUTIONS["chain"])
    proved(page)
    link = page.url
    assert len(link) < 4000
    telephone = {"viewport": {"width": 400, "height": 800}, "color_scheme": "dark", "has_touch": True}
    with another(page, **telephone) as other:
        other.goto(link)
        expect(other.get_by_role("heading", name=CHAIN)).to_be_visible()
        assert text_of(other) == SOLUTIONS["chain"]
        proved(other)
        assert other.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [400, 400]
        style = other.locator("body").evaluate(
            "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"
        )
        ink, paper = ([int(one) for one in re.findall(r"\d+", color)] for color in style)
        assert min(ink) > 200 > 60 > max(paper)


@pytest.mark.weekly
def test_an_endless_loop_is_stopped_and_the_page_goes_on(page: Page) -> None:
    page.evaluate("RUN_SECONDS = 0.5")
    write(page, "while True:\n    pass\n")
    stopped = "took longer than 0.5 seconds and was stopped"
    expect(page.locator("#summary")).to_contain_text(stopped)
    page.evaluate("RUN_SECONDS = 60")
    write(page, SOLUTIONS["chain"])
    proved(page)


@pytest.mark.weekly
def test_every_level_is_solved_from_a_server_that_has_gone(loaded: Page, file: Path) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

    handler = functools.partial(Quiet, directory=str(file.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{file.name}"
    with another(loaded) as page:
        page.goto(address)
        requests: list[str] = []
        expect(page.locator("body")).to_have_attribute("data-checked", "example")
        ready = page.locator("body").get_attribute("data-ready")
        page.on("request", lambda request: requests.append(request.url))
        server.shutdown()
        page.context.set_offline(True)
        for level in page.evaluate("LEVELS.filter(one => one.checks.length).map(one => [one.id, one.title])"):
            page.get_by_role("button", name=level[1]).click()
            write(page, SOLUTIONS[level[0]])
            proved(page)
            print(level[1], page.locator("#time").inner_text())
        assert page.locator("#levels").inner_text().count("✓") == 7
        assert [one for one in requests if not one.startswith(("blob:", "data:"))] == []
    print(f"Python was there after {ready} s")
    server.server_close()
