"""The moving figures move: in a real browser, by mouse and by keyboard, without a network."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page

from helpers.browser import NEEDS_CHROMIUM, opened
from nonconv import figures
from nonconv.figures.composer import BORDERS
from nonconv.figures.player import NETWORKS, reduced
from nonconv.reduction import compose

pytestmark = NEEDS_CHROMIUM


FIGURES: dict[str, Callable[[], figures.Picture]] = {
    "flow": lambda: figures.gradient_flow(30),
    "quiz": figures.twelve_layers,
    "composer": figures.kernel_composer,
    "player": figures.reduce_player,
}


@pytest.fixture
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """A static page with the figure that the test names, for which the script must raise no error."""
    name = request.param
    file = tmp_path / f"{name}.html"
    section = FIGURES[name]().page(name)
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    file.write_text(f"{head}<body>{section}</body>", encoding="utf-8")
    with opened(file) as page:
        yield page


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


@shown("composer")
def test_the_composed_kernel_is_the_librarys_for_any_numbers(page: Page) -> None:
    generator = torch.Generator().manual_seed(1)
    F, G = torch.randint(-5, 6, (2, 3, 3), generator=generator)
    root = page.locator("#kernel-composer")
    for letter, kernel in (("F", F), ("G", G)):
        for i in range(3):
            for j in range(3):
                field = page.get_by_label(f"{letter} in row {i + 1}, column {j + 1}", exact=True)
                field.fill(str(kernel[i, j].item()))
    expected = compose(F.double()[None, None], None, G.double()[None, None], None).weight.int()
    numbers = [text.replace("\u2212", "-") for text in root.locator("svg.composed text").all_text_contents()]
    assert sorted(map(int, numbers)) == sorted(expected.flatten().tolist())
    for t, r in ((1, 1), (3, 4)):
        cell = page.get_by_role("button", name=f"O in row {t}, column {r}:")
        cell.click()
        assert (
            root.locator("p")
            .first.inner_text()
            .endswith(f"= {expected[0, 0, t - 1, r - 1].item()}".replace("-", "\u2212"))
        )
    page.keyboard.press("ArrowUp")
    assert root.locator("p").first.inner_text().startswith("O in row 2, column 4 =")
    for border, name in BORDERS.items():
        page.get_by_label("border of each layer").select_option(name)
        twice, once = figures.border_error(F, G, border)
        gap = int((twice - once).abs().max())
        said = root.locator("p").nth(1).inner_text()
        assert said.startswith(
            f"The largest difference is {gap}, at the border. " if gap else "The two layers and"
        )
        assert not gap or said.endswith("it is 0.")


@shown("composer")
def test_a_preset_fills_both_kernels_and_an_own_number_says_so(page: Page) -> None:
    page.get_by_label("kernels").select_option("a shift, then a shift back")
    field = page.get_by_label("F in row 2, column 1", exact=True)
    assert field.input_value() == "1"
    field.focus()
    page.keyboard.press("ArrowUp")
    assert field.input_value() == "2"
    assert page.get_by_label("kernels").input_value() == "own"


@shown("composer")
def test_the_composer_fits_a_narrow_page(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.querySelector('#kernel-composer').scrollWidth") <= 400


@shown("player")
def test_the_player_steps_through_what_reduce_did(page: Page) -> None:
    root = page.locator("#reduce-player")
    said, boxes = root.locator("p"), root.locator("rect")
    step = page.get_by_role("button", name="step", exact=True)
    for name in NETWORKS:
        report = reduced(name)
        page.get_by_label("network").select_option(name)
        assert said.inner_text().startswith("The network as it was written")
        assert page.get_by_role("button", name="back").is_disabled()
        assert boxes.count() == len(report.before)
        for n, stage in enumerate(report.stages, 1):
            assert root.locator("rect.taken").count() == len(stage.taken)
            step.click()
            assert said.inner_text().startswith(f"Step {n} of {len(report.stages)}, {stage.row.rule}: ")
            assert boxes.count() == len(stage.graph)
            assert root.locator("rect.made").count() == len(stage.made)
        assert step.is_disabled()
        assert root.locator("li").count() == len(report.left)


@shown("player")
def test_the_player_goes_by_keyboard_and_fits_a_narrow_page(page: Page) -> None:
    bar = page.get_by_role("slider")
    bar.focus()
    page.keyboard.press("End")
    assert "No further step" in page.locator("#reduce-player p").inner_text()
    page.keyboard.press("ArrowLeft")
    assert bar.get_attribute("aria-valuetext") == "step 3 of 4"
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.querySelector('#reduce-player').scrollWidth") <= 400
