"""A page in a real browser, Debian's Chromium: what the tests of moving figures share."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium")
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no program `chromium` here (Debian: apt-get install chromium)"
    ),
]


def in_chromium(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that needs the browser; it is skipped where there is none."""
    for mark in NEEDS_CHROMIUM:
        test = mark(test)
    return test


@contextmanager
def opened(file: Path, **context: Any) -> Iterator[Page]:
    """The file in a window of its own, in whose scripts there may be no error.

    `context` is Playwright's, such as viewport or has_touch.
    """
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        page = browser.new_context(**context).new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file.as_uri())
        yield page
        browser.close()
    assert errors == []
