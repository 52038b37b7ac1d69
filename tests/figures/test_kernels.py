"""The kernel that a reader types: what the picture shows is what the layer computes."""

import re
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
import torch

from helpers.browser import in_chromium, opened
from nonconv import figures, layers
from nonconv.figures import kernels, sliding, wiring


def test_the_filters_are_those_of_the_slides() -> None:
    assert figures.filter_kernel("sharpen").tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert figures.filter_kernel("custom").tolist() == [[1, -1, 1], [-1, 0, -1], [1, -1, 1]]
    # exact: powers of two
    assert (16 * figures.filter_kernel("blur")).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    top, bottom, left, right = (
        figures.filter_kernel(f"{side} sobel") for side in ("top", "bottom", "left", "right")
    )
    assert torch.equal(top, -bottom)  # exact: whole numbers
    assert torch.equal(left, -right)
    assert torch.equal(left, top.T)
    assert figures.filter_kernel("outline").tolist() == [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]


@pytest.mark.parametrize("border", kernels.BORDERS)
def test_a_filtered_photograph_keeps_its_size(border: str) -> None:
    assert figures.filtered("cat", figures.filter_kernel("blur"), border).shape == figures.grey("cat").shape


def test_a_kernel_that_sums_to_nothing_is_drawn_around_grey() -> None:
    flat = torch.zeros(2, 2, dtype=torch.float64)
    assert (
        kernels.shown(flat, figures.filter_kernel("outline")).tolist() == [[128, 128]] * 2
    )  # exact: grey levels
    assert kernels.shown(flat, figures.filter_kernel("blur")).tolist() == [[0, 0]] * 2  # exact: grey levels


def test_two_runs_give_the_same_bytes_and_few_of_them() -> None:
    page = figures.kernel_explorer().html
    assert page == figures.kernel_explorer().html
    plt.close("all")
    assert page is not None
    assert len(page) < 300_000
    assert "http" not in page
    assert not re.search(r"@[A-Z]+@", page), "a place in the script was not filled"


def test_special_matrices_show_what_their_titles_say() -> None:
    found = wiring.special_matrices()
    weights = {name: len(A[A != 0].unique()) for name, A in found.items()}
    assert weights == {
        "convolution": 9,
        "padding 1, stride 2": 9,
        "transposed, stride 2": 9,
        "2 groups": 8,
        "locally connected": 81,
        "fully connected": 225,
    }
    assert not found["2 groups"][:9, 16:].any()
    assert not found["2 groups"][9:, :16].any()
    assert torch.equal(found["locally connected"] != 0, found["convolution"] != 0)  # exact: true or false


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kernels") / "kernels.html"
    sections = figures.kernel_explorer().page("kernel") + figures.sliding_window().page("window")
    file.write_text(f'<!doctype html><meta charset="utf-8"><body>{sections}', encoding="utf-8")
    return file


@in_chromium
def test_a_typed_kernel_changes_the_photograph_and_a_click_shows_its_sum(page: Path) -> None:
    with opened(page, has_touch=True, viewport={"width": 400, "height": 900}) as tab:
        said = tab.locator("#kernel-explorer p >> nth=0")

        def shows(name: str, kernel: torch.Tensor, border: str = "zeros") -> torch.Tensor:
            numbers = tab.evaluate("document.getElementById('kernel-explorer').result")
            found = torch.tensor(numbers, dtype=torch.float64).reshape(kernels.SIDE, kernels.SIDE)
            expected = figures.filtered(name, kernel, border)
            assert torch.allclose(found, expected, rtol=0, atol=1e-9)
            return expected

        shows("temple", figures.filter_kernel("top sobel"))
        tab.select_option(".filter", "blur")
        shows("temple", figures.filter_kernel("blur"))
        for border in kernels.BORDERS:
            tab.select_option(".border", border)
            shows("temple", figures.filter_kernel("blur"), border)
        own = torch.tensor([[0.5, 0, 0], [0, -2, 0], [0, 0, 1 / 3]], dtype=torch.float64)
        for n, text in enumerate(["1/2", "0", "0", "0", "-2.0", "0", "0", "0", " 1 / 3"]):
            tab.locator(".tap").nth(n).fill(text)
        assert tab.locator(".filter").input_value() == "my own"
        tab.select_option(".photo", "coffee")
        values = shows("coffee", own, "circle")
        tab.locator(".tap").nth(5).fill("2x")
        assert "row 2, column 3: “2x” is no number yet" in said.inner_text()
        assert tab.locator(".tap").nth(5).get_attribute("aria-invalid") == "true"
        tab.locator(".tap").nth(5).fill("0")
        shows("coffee", own, "circle")
        box = tab.locator("#kernel-explorer .after").bounding_box()
        assert box is not None
        tab.touchscreen.tap(box["x"] + 0.5, box["y"] + 0.5)
        assert said.inner_text().startswith("Row 1, column 1:")
        tab.locator("#kernel-explorer .after").focus()
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowLeft")  # there is no column 0: it stays
        assert said.inner_text().startswith("Row 2, column 1:")
        stated = float(re.search(r"= (-?[\d.]+)\. The", said.inner_text()).group(1))  # type: ignore[union-attr]
        assert abs(stated - values[1, 0].item()) < 0.006


@in_chromium
def test_the_sliders_of_the_window_compute_what_the_layers_do(page: Path) -> None:
    X = torch.tensor(sliding.INPUT, dtype=torch.float64)
    F = torch.tensor(sliding.KERNEL, dtype=torch.float64)
    cases = [
        {"size": 5, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1},
        {"size": 7, "kernel": 3, "stride": 2, "padding": 1, "dilation": 2},
        {"size": 6, "kernel": 4, "stride": 3, "padding": 3, "dilation": 1},
        {"size": 4, "kernel": 2, "stride": 2, "padding": 0, "dilation": 3},
    ]
    with opened(page) as tab:
        root = tab.locator("#sliding-window")
        for transposed in (False, True):
            root.locator(".transposed").set_checked(transposed)
            for case in cases:
                for name, value in case.items():
                    root.locator(f".{name}").fill(str(value))
                x, weight = X[: case["size"], : case["size"]], F[: case["kernel"], : case["kernel"]]
                rest = {key: case[key] for key in ("stride", "padding", "dilation")}
                layer = layers.conv_transpose2d if transposed else layers.conv2d
                allowed = case["dilation"] * (case["kernel"] - 1)
                if transposed and case["padding"] > allowed:
                    assert f"at most {allowed}" in root.locator("p").inner_text()
                    continue
                s, P, d = (case[key] for key in ("stride", "padding", "dilation"))
                expected = layer(x[None, None], weight[None, None], stride=s, padding=P, dilation=d).flatten()
                numbers = [float(one) for one in (root.get_attribute("data-values") or "").split()]
                assert torch.allclose(torch.tensor(numbers, dtype=torch.float64), expected)
                shape = figures.geometry(case["size"], case["kernel"], transposed=transposed, **rest)
                assert root.get_attribute("data-grid") == str(shape["grid"])
        for name, value in {"size": 2, "kernel": 4, "padding": 0, "dilation": 1}.items():
            root.locator(f".{name}").fill(str(value))
        root.locator(".transposed").set_checked(False)
        assert "spans 4 places" in root.locator("p").inner_text()
        root.locator(".size").fill("7")
        root.locator("svg").focus()
        tab.keyboard.press("ArrowRight")
        assert root.locator("p").inner_text().startswith("Output 2 of")
