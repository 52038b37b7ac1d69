"""The attention matrix to edit: its weights are the layer's, in Python and in the browser."""

import re
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
import torch

from helpers.browser import in_chromium, opened
from nonconv import figures
from nonconv.figures.weighing import KEYS, QUERIES, VALUES
from nonconv.layers import scaled_dot_product_attention


@pytest.fixture
def page() -> str:
    html = figures.attention_editor().html
    plt.close("all")
    assert html is not None
    return html


def test_its_weights_are_those_of_the_layer() -> None:
    Q, K = (torch.tensor(points, dtype=torch.float64) for points in (QUERIES, KEYS))
    V = torch.tensor(VALUES, dtype=torch.float64)[:, None]
    A, Y = figures.weighing()
    torch.testing.assert_close(Y, scaled_dot_product_attention(Q, K, V)[:, 0])
    torch.testing.assert_close(A[2], torch.full((4,), 0.25, dtype=torch.float64))
    mask = torch.ones(3, 4, dtype=torch.bool)
    mask[0, 1] = mask[2, 3] = False
    _, Y = figures.weighing(forbidden=[(0, 1), (2, 3)], temperature=0.5, scaled=False)
    torch.testing.assert_close(Y, scaled_dot_product_attention(Q, K, V, mask, scale=2.0)[:, 0])


def test_a_query_that_may_look_at_nothing_gets_nothing() -> None:
    A, Y = figures.weighing(forbidden=[(1, j) for j in range(4)])
    assert not A[1].any()
    assert Y[1].item() == 0  # exact: a sum of zeros


def test_two_runs_give_the_same_bytes_and_the_words_are_the_numbers(page: str) -> None:
    again = figures.attention_editor()
    plt.close("all")
    assert again.html == page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"@[A-Z]+@", page), "a place in the script was not filled"
    A, Y = figures.weighing()
    assert f"query 1 looks most at key {int(A[0].argmax()) + 1}" in again.alt
    assert f"{Y[1]:.1f}" in again.alt


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.weighing(temperature=0), "must be positive, not 0"),
        (lambda: figures.weighing(values=[1.0]), "4 keys and 1 values"),
        (lambda: figures.weighing(forbidden=[(3, 0)]), r"\(3, 0\) lies outside of the 3×4 matrix"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@in_chromium
def test_points_move_by_mouse_and_keys_and_cells_are_forbidden(page: str, tmp_path: Path) -> None:
    file = tmp_path / "editor.html"
    file.write_text(f'<!doctype html><meta charset="utf-8"><body>{page}', encoding="utf-8")
    with opened(file) as tab:
        queries, keys = [list(point) for point in QUERIES], [list(point) for point in KEYS]

        def shows(**rest) -> None:
            A, Y = figures.weighing(queries, keys, **rest)
            for name, expected in (("weights", A.flatten()), ("outputs", Y)):
                numbers = tab.get_attribute("#attention-editor", f"data-{name}")
                assert numbers is not None
                got = torch.tensor([float(number) for number in numbers.split()], dtype=torch.float64)
                torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-9)

        shows()
        tab.focus('[aria-label^="query 3"]')
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowUp")
        queries[2] = [0.25, 0.25]
        shows()
        assert tab.inner_text("#attention-editor p >> nth=0").startswith("Query 3: y3 = ")
        box = tab.locator('[aria-label^="key 1"]').bounding_box()
        plane = tab.locator("#attention-editor svg rect >> nth=0").bounding_box()
        assert box is not None
        assert plane is not None
        tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        tab.mouse.down()
        tab.mouse.move(plane["x"] + plane["width"] * 0.3, plane["y"] + plane["height"] * 0.9, steps=4)
        tab.mouse.up()
        keys[0] = [-1.0, -2.0]
        shows()
        tab.click('[aria-label^="weight of key 2 for query 1"]')
        tab.focus('[aria-label^="weight of key 4 for query 3"]')
        tab.keyboard.press("Enter")
        forbidden = [(0, 1), (2, 3)]
        shows(forbidden=forbidden)
        tab.uncheck(".root")
        tab.fill(".heat", "-1")
        shows(forbidden=forbidden, scaled=False, temperature=0.5)
        tab.select_option(".mask", "causal")
        causal = [(i, j) for i in range(3) for j in range(4) if j > i]
        shows(forbidden=causal, scaled=False, temperature=0.5)
        tab.click(".reset")
        queries, keys = [list(point) for point in QUERIES], [list(point) for point in KEYS]
        shows()


@in_chromium
def test_on_a_narrow_page_the_matrix_stands_under_the_plane(page: str, tmp_path: Path) -> None:
    file = tmp_path / "narrow.html"
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    file.write_text(f"{head}<body>{page}", encoding="utf-8")
    with opened(file, viewport={"width": 400, "height": 900}) as tab:
        plane = tab.locator("#attention-editor svg rect >> nth=0").bounding_box()
        cell = tab.locator('[aria-label^="weight of key 1 for query 1"]').bounding_box()
        assert plane is not None
        assert cell is not None
        assert cell["y"] > plane["y"] + plane["height"]
        assert cell["width"] > 40, "a finger can hit it"
        assert tab.evaluate("document.documentElement.scrollWidth") <= 400
