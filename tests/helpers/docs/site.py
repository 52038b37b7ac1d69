"""What can be wrong with a page of the site, seen in Chromium and by axe-core."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from helpers.browser import CHROMIUM, PATIENCE

READY = "async () => { if (window.MathJax?.startup) await MathJax.startup.promise }"
WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide, the window ${clientWidth}`] : [];
}"""
FORMULAS = """() => [...document.querySelectorAll('mjx-merror, [data-mml-node="merror"]')]
  .map(one => (one.closest('mjx-container') ?? one).textContent)"""
# a dollar or a delimiter that is left in the text, outside of code
RAW = r"""() => {
  const found = [], code = 'pre, code, script, style, mjx-container';
  const article = document.querySelector('.bd-article') ?? document.body;
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (/\$|\\\(|\\\[/.test(data) && !parentElement.closest(code)) found.push(data.trim().slice(0, 80));
  }
  return found;
}"""


class Window:
    """A tab that remembers what went wrong in it since the last page."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.said: list[str] = []
        tab.on("pageerror", lambda error: self.said.append(f"error in a script: {error}"))
        tab.on(
            "console", lambda one: self.said.append(f"console: {one.text}") if one.type == "error" else None
        )
        tab.on("requestfailed", lambda one: self.said.append(f"not loaded: {one.url}"))
        tab.on("request", lambda one: self._outside(one.url))

    def _outside(self, url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:")):
            self.said.append(f"asks the network for {url}")

    def open(self, file: Path) -> None:
        self.said.clear()
        self.tab.goto(file.resolve().as_uri())
        self.tab.evaluate(READY)


@contextmanager
def window(width: int, height: int = 900, *, dark: bool = False) -> Iterator[Window]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        scheme = "dark" if dark else "light"
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        page.set_default_timeout(PATIENCE)
        yield Window(page)
        browser.close()


def faults(window: Window, file: Path) -> list[str]:
    """What is wrong with the page: scripts, network, width, formulas."""
    window.open(file)
    found = [*window.said, *window.tab.evaluate(WIDE)]
    found += [f"a formula that MathJax cannot read: {one}" for one in window.tab.evaluate(FORMULAS)]
    found += [f"a formula that nobody drew: {one}" for one in window.tab.evaluate(RAW)]
    return found


def barriers(window: Window, file: Path) -> list[str]:
    """What axe-core calls serious or critical on the page."""
    window.open(file)
    found = Axe().run(window.tab, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {one['help']}, at {node['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.add(value)
            elif name == "id" and value:
                self.ids.append(value)


@cache
def _read(file: Path) -> _Links:
    links = _Links()
    links.feed(file.read_text(encoding="utf-8"))
    return links


def broken_links(file: Path) -> list[str]:
    """The links and sources of the page that lead nowhere inside the site."""
    found = []
    for target in sorted(_read(file).targets):
        if target.startswith(("http://", "https://", "mailto:", "data:", "javascript:")):
            continue
        name, _, anchor = unquote(target).partition("#")
        name = name.partition("?")[0]
        there = (file.parent / name).resolve() if name else file
        if there.is_dir():
            there /= "index.html"
        if not there.exists():
            found.append(f"{target}: no such file")
        elif anchor and there.suffix == ".html" and anchor not in _read(there).ids:
            found.append(f"{target}: no such place on that page")
    return found
