"""Every figure renders, says in words what it shows, and shows what is true."""

import re
from io import BytesIO

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from nonconv import figures
from nonconv.figures import sliding
from nonconv.layers import conv2d, conv_transpose2d, output_size
from nonconv.reduction import Step

GALLERY = dict(figures.gallery())


@pytest.mark.parametrize("title", GALLERY)
def test_it_renders_and_has_words(title: str) -> None:
    figures.use_style()
    picture = GALLERY[title]()
    assert len(picture.alt) > 80
    assert not re.search(r"\bnan\b|\binf\b|None", picture.alt)
    drawn = plt.imread(BytesIO(figures.png(picture.figure)))
    assert drawn.shape[0] > 150
    assert drawn.shape[1] > 300
    assert np.ptp(drawn[..., :3]) > 0.5, "an empty sheet"
    assert not plt.fignum_exists(picture.figure.number)  # type: ignore[attr-defined]  # closed, or a lecture fills the memory


def test_showing_gives_the_png_first_and_its_alt_text(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[dict, dict | None]] = []
    monkeypatch.setattr(
        "nonconv.figures.style.display", lambda data, metadata=None, **_: shown.append((data, metadata))
    )
    monkeypatch.setattr(
        "nonconv.figures.words.display", lambda data, metadata=None, **_: shown.append((data, metadata))
    )
    picture = figures.sliding_window()
    picture.show()
    html = ["text/html", "text/plain"]
    assert [sorted(data) for data, _ in shown] == [["image/png", "text/plain"], html, html]
    assert shown[0][1] == {"image/png": {"alt": picture.alt}}
    assert shown[1][0]["text/plain"] == f"[caption] {picture.alt}"


def test_a_caption_of_its_own_stands_under_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict] = []
    monkeypatch.setattr("nonconv.figures.style.display", lambda data, **_: shown.append(data))
    figures.Picture(plt.figure(), "two lines that cross, one rising", caption="a < b").show()
    assert shown[1]["text/html"] == "<p><small><em>a &lt; b</em></small></p>"


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'a plot'"):
        figures.Picture(plt.figure(), "a plot")
    plt.close("all")


def test_the_page_holds_every_figure_with_its_alt_text() -> None:
    page = figures.page()
    assert page.count("<img ") == len(GALLERY) == len(re.findall(r'<img [^>]*alt="[^"]{80,}"', page))
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page


@pytest.mark.parametrize(
    "options", [{"stride": 2}, {"padding": 1}, {"dilation": 2}, {"kernel": 2, "stride": 3}]
)
def test_the_window_has_a_step_for_each_output_and_stays_inside(options: dict) -> None:
    shape = figures.geometry(7, **options)
    kernel = options.get("kernel", 3)
    rest = {key: value for key, value in options.items() if key != "kernel"}
    assert shape["out"] == output_size(7, kernel, **rest)
    assert len(shape["steps"]) == shape["out"] ** 2
    assert {len(step) for step in shape["steps"]} == {kernel**2}
    places = np.array(shape["steps"])
    assert places.min() >= 0
    assert places.max() < shape["grid"]


def test_the_transposed_window_touches_the_inputs_that_the_layer_uses() -> None:
    shape = figures.geometry(3, 3, stride=2, padding=1, transposed=True)
    x = torch.rand(1, 1, 3, 3, dtype=torch.float64).requires_grad_()
    Y = conv_transpose2d(x, torch.rand(1, 1, 3, 3).double() + 0.1, stride=2, padding=1)
    assert Y.shape[-1] == shape["out"]
    cells = [tuple(cell) for cell in shape["cells"]]
    for n, step in enumerate(shape["steps"]):
        (slope,) = torch.autograd.grad(Y.flatten()[n], x, retain_graph=True)
        touched = {cells.index(place) for place in map(tuple, step) if place in cells}
        assert touched == set(slope.flatten().nonzero().flatten().tolist())


def test_two_runs_of_the_window_give_the_same_bytes_with_nothing_left_to_fill() -> None:
    first, second = figures.sliding_window(), figures.sliding_window()
    assert first.html == second.html
    assert first.html is not None
    assert len(first.html) < 20_000
    assert not re.search(r"@[A-Z]+@", first.html)
    plt.close("all")


def test_the_window_starts_with_the_example_of_dumoulin_and_visin() -> None:
    x = torch.tensor(sliding.INPUT, dtype=torch.float64)[:5, :5]
    F = torch.tensor(sliding.KERNEL, dtype=torch.float64)[:3, :3]
    Y = conv2d(x[None, None], F[None, None])[0, 0]
    assert Y.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]  # exact: whole numbers


def test_the_measured_receptive_field_is_the_computed_one() -> None:
    for stack in (((3, 1, 1), (3, 1, 1)), ((5, 2, 1), (3, 2, 2)), ((2, 1, 3),)):
        alt = figures.receptive_field(stack, 41).alt
        measured, computed = re.search(r"square of (\d+) by .* size (\d+) fits", alt).groups()  # type: ignore[union-attr]
        assert measured == computed
    assert "square of 5 by 5" in figures.receptive_field(((3, 1, 1), (3, 1, 1)), 9).alt
    plt.close("all")


def test_a_networks_boxes_are_as_high_as_its_maps_have_rows() -> None:
    shapes = ((1, 20), (4, 10), (8, 5), (4, 10))
    picture = figures.shape_walk(shapes, across=((1, 3),), title="a small one")
    boxes = picture.figure.axes[0].patches
    assert [round(box.get_height() * 20) for box in boxes[:4]] == [rows for _, rows in shapes]  # type: ignore[attr-defined]
    widths = [box.get_width() for box in boxes[:4]]  # type: ignore[attr-defined]
    assert widths[0] < widths[1] == widths[3] < widths[2]
    assert "Maps of rows: 1 of 20, 4 of 10, 8 of 5, 4 of 10. Arrows lead across at 1 size." in picture.alt
    plt.close("all")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: figures.geometry(3, 3, padding=3, transposed=True),
            r"padding in \[0, 2\], not .* padding 3",
        ),
        (lambda: figures.geometry(2, 3), r"spans 3 places"),
        (lambda: figures.sliding_window(99), r"step must lie in \[0, 8\], .* not 99"),
        (lambda: figures.receptive_field(()), r"at least one layer"),
        (lambda: figures.filter_kernel("emboss"), r"no filter 'emboss'; there is blur, sharpen"),
        (lambda: figures.filtered("cat", torch.zeros(3, 5)), r"shape \(3, 3\), not \(3, 5\)"),
        (lambda: figures.filtered("cat", torch.zeros(3, 3), "ones"), r"one of zeros, mirror.*not 'ones'"),
        (lambda: figures.borders(width=56), r"width must lie in \[1, 55\], not 56"),
        (lambda: figures.shared_weights(4, 5), r"window must lie in \[1, 4\], not 5"),
        (lambda: figures.receptive_field(((3, 1, 1),), 2), r"field of 3 places does not fit an input of 2"),
        (lambda: figures.photograph(2), r"size must lie in \[8, 427\], .* not 2"),
        (
            lambda: figures.attention_map(torch.zeros(2, 4, 4), torch.zeros(2, 2)),
            r"not \(2, 4, 4\) and \(2, 2\)",
        ),
        (
            lambda: figures.attention_map(torch.zeros(1, 4, 4), torch.full((2, 2), torch.nan)),
            r"must be finite",
        ),
        (lambda: figures.parameter_counts(0), r"at least 1, not 0, 3 and 14"),
        (lambda: figures.shape_walk(()), r"at least 1 map and 1 row, not \[\]"),
        (lambda: figures.shape_walk(((3, 8), (4, 0))), r"not \[\(3, 8\), \(4, 0\)\]"),
        (lambda: figures.shape_walk(((3, 8),), across=((0, 1),)), r"two of the 1 shapes .* not \(0, 1\)"),
        (lambda: figures.matrix(torch.zeros(3, 3)), r"four dimensions .* not shape \(3, 3\)"),
    ],
)
def test_bad_input_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_graph_too_large_to_read_is_refused() -> None:
    step = Step("x", "input", "x", ())
    with pytest.raises(ValueError, match="not one of 81"):
        figures.network_graphs([step] * 81, [step])
    with pytest.raises(ValueError, match="not one of 0"):
        figures.network_graphs([step], [])


def test_a_reduced_block_is_drawn_as_what_it_was_and_is() -> None:
    picture = figures.network_graphs()
    assert "2 convolutions, 3 batch norms, 2 sums" in picture.alt
    assert "after, 4 nodes with 1 convolution" in picture.alt
