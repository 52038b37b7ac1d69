"""The moving figures move: in a real browser, by mouse and by keyboard, without a network."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from nonconv import figures

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="no program `chromium` here (Debian: apt-get install chromium)"
    ),
]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """A static page with the gradient figure, for which the script must raise no error."""
    file = tmp_path / "flow.html"
    section = figures.gradient_flow(30).page("Gradients by depth")
    file.write_text(f'<!doctype html><meta charset="utf-8"><body>{section}</body>', encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file.as_uri())
        yield page
        browser.close()
    assert errors == []


def test_the_slider_of_the_gradient_figure_redraws_it(page: Page) -> None:
    root = page.locator("#gradient-flow")
    said, bars = root.locator("p"), root.locator("rect.bar")
    assert said.inner_text().startswith("σ, He, 30 layers")
    assert bars.count() == 31
    slider = page.get_by_label("depth L")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert said.inner_text().startswith("σ, He, 31 layers")
    assert bars.count() == 32
    page.keyboard.press("Home")
    assert said.inner_text().startswith("σ, He, 1 layer:")
    assert slider.get_attribute("aria-valuetext") == "1 layer"
    page.keyboard.press("End")
    of_sigma = bars.first.get_attribute("height")
    page.get_by_label("activation").select_option("ReLU")
    page.get_by_label("initialisation").select_option("Xavier")
    assert said.inner_text().startswith("ReLU, Xavier, 50 layers")
    assert bars.first.get_attribute("height") != of_sigma
