"""The explorer of patches: its weights are softmax's, in Python and in the browser, by mouse and by keys."""

import re
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from helpers.browser import in_chromium, opened
from nonconv import figures
from nonconv.figures import explorer
from nonconv.layers import scaled_dot_product_attention


@pytest.fixture
def page() -> str:
    html = figures.attention_explorer().html
    plt.close("all")
    assert html is not None
    return html


@pytest.mark.parametrize("name", explorer.PHOTOGRAPHS)
def test_a_photograph_is_a_square_of_whole_patches(name: str) -> None:
    image = explorer.pixels(name)
    assert image.shape == (explorer.GRID * explorer.SIDE,) * 2 + (3,)
    assert image.dtype == np.uint8
    assert np.ptp(image) > 150


@pytest.mark.parametrize("kind", explorer.FEATURES)
@pytest.mark.parametrize("scaled", [True, False])
def test_its_weights_are_those_of_the_layer(kind: str, scaled: bool) -> None:
    features = explorer.patch_features("flower", kind)
    seen = {"colour": 3, "pixels": 48, "position": 0, "colour and position": 3}[kind]
    assert torch.allclose(features[:, :seen].mean(0), torch.zeros(seen).double(), atol=1e-12)
    assert torch.allclose(features[:, :seen].square().mean(0), torch.ones(seen).double())
    lengths = features[:, seen:].square().sum(1)
    assert torch.allclose(lengths, torch.full_like(lengths, features.shape[1] - seen))
    scale = (features.shape[1] ** -0.5 if scaled else 1.0) / 2
    every = scaled_dot_product_attention(
        features, features, torch.eye(len(features), dtype=torch.float64), scale=scale
    )
    for patch in (0, 57, 195):
        A = explorer.patch_attention("flower", kind, patch, scaled, temperature=2.0)
        assert torch.allclose(A.flatten(), every[patch], atol=1e-12)


def test_by_position_a_patch_looks_around_itself() -> None:
    A = explorer.patch_attention("temple", "position", 5 * explorer.GRID + 8)
    assert divmod(int(A.argmax()), explorer.GRID) == (5, 8)
    of_another = explorer.patch_attention("cat", "position", 5 * explorer.GRID + 8)
    torch.testing.assert_close(A, of_another, rtol=0, atol=1e-12, msg="whatever the photograph")


def test_a_lower_temperature_looks_more_sharply() -> None:
    largest = [explorer.patch_attention("cat", "colour", 60, temperature=T).max() for T in (4.0, 1.0, 0.25)]
    assert largest == sorted(largest)


def test_two_runs_give_the_same_bytes_and_few_of_them(page: str) -> None:
    assert figures.attention_explorer().html == page
    plt.close("all")
    assert len(page) < 300_000
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"@[A-Z]+@", page), "a place in the script was not filled"


def test_the_words_of_the_still_one_are_its_numbers() -> None:
    alt = figures.attention_explorer("cat", 60).alt
    plt.close("all")
    spread = explorer.patch_attention("cat", "colour", 60).flatten().sort(descending=True).values.cumsum(0)
    assert f"by colour on {int((spread < 0.5).sum()) + 1}," in alt
    assert "in row 5 and column 5" in alt


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explorer.pixels("dog"), "no photograph 'dog'; there is flower, cat"),
        (lambda: explorer.patch_features("cat", "smell"), "no kind of features 'smell'; there is colour"),
        (lambda: figures.patch_attention("cat", "colour", 196), r"patch must lie in \[0, 195\], not 196"),
        (lambda: figures.patch_attention("cat", "colour", 0, temperature=0), "must be positive, not 0"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@in_chromium
def test_a_click_a_key_and_a_choice_change_what_is_shown(page: str, tmp_path: Path) -> None:
    file = tmp_path / "explorer.html"
    file.write_text(f'<!doctype html><meta charset="utf-8"><body>{page}', encoding="utf-8")
    with opened(file) as tab:

        def shows(name: str, kind: str, patch: int, scaled: bool = True, temperature: float = 1.0) -> None:
            numbers = tab.get_attribute("#attention-explorer", "data-weights")
            assert numbers is not None
            weights = torch.tensor([float(number) for number in numbers.split()], dtype=torch.float64)
            expected = figures.patch_attention(name, kind, patch, scaled, temperature).flatten()
            assert torch.allclose(weights, expected, rtol=1e-4, atol=1e-9)
            row, column = divmod(patch, explorer.GRID)
            said = tab.inner_text("#attention-explorer p >> nth=0")
            assert said.startswith(f"Patch in row {row + 1}, column {column + 1}, by {kind} (d =")

        shows("flower", "colour", 6 * 14 + 7)
        tab.click('[aria-label="patch in row 3, column 14"]')
        shows("flower", "colour", 2 * 14 + 13)
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowRight")  # there is no column 15: it stays
        tab.keyboard.press("ArrowDown")
        shows("flower", "colour", 4 * 14 + 13)
        focused = "document.activeElement.getAttribute('aria-label')"
        assert tab.evaluate(focused) == "patch in row 5, column 14"
        assert tab.locator('[role="button"][tabindex="0"]').count() == 1, "one stop for the Tab key"
        tab.select_option(".kind", "pixels")
        shows("flower", "pixels", 4 * 14 + 13)
        tab.uncheck(".root")
        tab.select_option(".heat", "4")
        shows("flower", "pixels", 4 * 14 + 13, scaled=False, temperature=4.0)
        tab.select_option(".photo", "coffee")
        tab.select_option(".kind", "colour and position")
        shows("coffee", "colour and position", 4 * 14 + 13, scaled=False, temperature=4.0)
