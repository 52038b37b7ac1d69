"""The moving figures move: in a real browser, by mouse and by keyboard, without a network."""

import shutil
from collections.abc import Callable, Iterator
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


FIGURES: dict[str, Callable[[], figures.Picture]] = {
    "flow": lambda: figures.gradient_flow(30),
    "quiz": figures.twelve_layers,
}


@pytest.fixture
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """A static page with the figure that the test names, for which the script must raise no error."""
    name = request.param
    file = tmp_path / f"{name}.html"
    section = FIGURES[name]().page(name)
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    file.write_text(f"{head}<body>{section}</body>", encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file.as_uri())
        yield page
        browser.close()
    assert errors == []


def shown(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", [name], indirect=True)


@shown("flow")
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


@shown("quiz")
def test_the_quiz_answers_each_prediction_once_and_counts(page: Page) -> None:
    root = page.locator("#quiz")
    said, first = root.locator("p"), root.locator("li").first
    assert root.locator("li").count() == 12
    assert "Right" not in root.inner_text()
    assert said.inner_text() == "0 of 12 answered."
    page.get_by_label("max pooling 2×2: a convolution").focus()
    page.keyboard.press("Enter")  # by keyboard
    assert "Not so: no convolution. max(x + y) ≠" in root.locator("li").nth(3).inner_text()
    assert page.get_by_label("max pooling 2×2: no convolution").is_disabled()
    for n, item in enumerate(root.locator("li").all()):
        if n != 3:
            item.locator("button").first.click()
    assert "Right: a convolution." in first.inner_text()
    assert said.inner_text().startswith("5 of 12 are right.")
    root.get_by_role("button", name="start again").click()
    assert said.inner_text() == "0 of 12 answered."
    assert "Right" not in root.inner_text()
