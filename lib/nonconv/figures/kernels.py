"""The filters of the slides on a photograph, and a 3×3 kernel that a reader types in."""

import json
from base64 import b64encode
from collections.abc import Iterable
from fractions import Fraction
from html import escape
from importlib.resources import files

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import Tensor

from nonconv.figures.explorer import GRID, PHOTOGRAPHS, pixels
from nonconv.figures.explorer import SIDE as PATCH
from nonconv.figures.words import Picture
from nonconv.layers import conv2d

SIDE = GRID * PATCH  # of a photograph, in pixels
# as on the slides, row by row; a number may be written as a fraction
FILTERS = {
    "blur": "1/16 1/8 1/16  1/8 1/4 1/8  1/16 1/8 1/16",
    "sharpen": "0 -1 0  -1 5 -1  0 -1 0",
    "top sobel": "1 2 1  0 0 0  -1 -2 -1",
    "bottom sobel": "-1 -2 -1  0 0 0  1 2 1",
    "left sobel": "1 0 -1  2 0 -2  1 0 -1",
    "right sobel": "-1 0 1  -2 0 2  -1 0 1",
    "outline": "-1 -1 -1  -1 8 -1  -1 -1 -1",
    "custom": "1 -1 1  -1 0 -1  1 -1 1",
}
BORDERS = {"zeros": "zeros", "mirror": "reflect", "repeat": "replicate", "circle": "circular"}


def filter_kernel(name: str) -> Tensor:
    """A 3×3 filter of the slides by its name, in float64.

    Raises ValueError for a name that is not among FILTERS.
    """
    if name not in FILTERS:
        raise ValueError(f"there is no filter {name!r}; there is {', '.join(FILTERS)}")
    numbers = [float(Fraction(one)) for one in FILTERS[name].split()]
    return torch.tensor(numbers, dtype=torch.float64).reshape(3, 3)


def grey(name: str) -> Tensor:
    """A photograph as one map: the mean of red, green and blue, from 0 to 255, (SIDE, SIDE), in float64.

    Raises ValueError for another name than one of `explorer.PHOTOGRAPHS`.
    """
    return torch.from_numpy(pixels(name).astype(np.float64).sum(2)) / 3


def filtered(name: str, kernel: Tensor, border: str = "zeros") -> Tensor:
    """The photograph under a 3×3 kernel, SAME: (SIDE, SIDE).

    Raises ValueError for another photograph, a border that is not among BORDERS, or another kernel size.
    """
    if kernel.shape != (3, 3):
        raise ValueError(f"the kernel must have shape (3, 3), not {tuple(kernel.shape)}")
    if border not in BORDERS:
        raise ValueError(f"border must be one of {', '.join(BORDERS)}, not {border!r}")
    image = grey(name)[None, None]
    weight = kernel.double()[None, None]
    return conv2d(image, weight, padding=1, padding_mode=BORDERS[border])[0, 0]


SCRIPT = files("nonconv.figures").joinpath("kernels.js").read_text(encoding="utf-8")


def _select(label: str, name: str, choices: Iterable[str], chosen: str = "") -> str:
    inside = "".join(
        f"<option{' selected' if one == chosen else ''}>{escape(one)}</option>" for one in choices
    )
    return f'<label style="white-space:nowrap">{label} <select class="{name}">{inside}</select></label> '


def _page(name: str, photograph: str, kernel: str) -> str:
    """Plain HTML, canvases and a script, without a library.
    Its id is the name, so that two runs give the same bytes.
    """
    photographs = {one: b64encode(pixels(one).tobytes()).decode() for one in PHOTOGRAPHS}
    values = {
        "NAME": name,
        "SIDE": str(SIDE),
        "FILTERS": json.dumps({key: one.split() for key, one in FILTERS.items()}, separators=(",", ":")),
        "PHOTOGRAPHS": json.dumps(photographs, separators=(",", ":")),
    }
    script = SCRIPT
    for word, value in values.items():
        script = script.replace(f"@{word}@", value)
    numbers = FILTERS[kernel].split()
    rows = "".join(
        "<div>"
        + "".join(
            f'<input class="tap" size="5" style="width:4.5em;text-align:center" autocomplete="off"'
            f' aria-label="kernel, row {i + 1}, column {j + 1}" value="{numbers[3 * i + j]}"> '
            for j in range(3)
        )
        + "</div>"
        for i in range(3)
    )
    picture = "width:min(46%,336px);image-rendering:pixelated;touch-action:manipulation"
    # JupyterLab would take the arrow keys for its own cells; the attribute asks it not to
    return (
        f'<div id="{name}" data-lm-suppress-shortcuts="true">'
        + _select("photograph", "photo", PHOTOGRAPHS, photograph)
        + _select("kernel", "filter", [*FILTERS, "identity", "my own"], kernel)
        + _select("border", "border", BORDERS)
        + _select("show", "shown", ["what fits", "0 to 255", "0 is grey", "size only"])
        + f'<div style="margin:.5em 0">{rows}</div>'
        f'<canvas class="before" width="{SIDE}" height="{SIDE}" role="img" aria-label="the photograph, grey"'
        f' style="{picture}"></canvas> '
        f'<canvas class="after" width="{SIDE}" height="{SIDE}" role="img" tabindex="0"'
        f' aria-label="the photograph under the kernel" style="{picture};cursor:crosshair"></canvas>'
        '<p aria-live="polite"></p>'
        "<p>Type numbers such as 2, -0.5 or 1/16. Click a pixel of the right picture, or move with the arrow"
        f" keys, to see its sum.</p></div><script>{script}</script>"
    )


def shown(values: Tensor, kernel: Tensor) -> Tensor:
    """What can be drawn of it, from 0 to 255: where the kernel's sum is 0, the number 0 is drawn grey."""
    if abs(kernel.sum().item()) < 1e-9:
        values = 128 + values / 2
    return values.clamp(0, 255)


def kernel_explorer(name: str = "temple", kernel: str = "top sobel") -> Picture:
    """A photograph and what the slides' filters make of it; in the moving one a reader types the kernel.

    Raises ValueError for another photograph or another filter.
    """
    filter_kernel(kernel)
    figure, axes = plt.subplots(2, 5, figsize=(9, 4.0))
    panels: dict[str, Tensor] = {"the photograph": grey(name)}
    for one in FILTERS:
        panels[one] = shown(filtered(name, filter_kernel(one)), filter_kernel(one))
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, (title, image) in zip(axes.flat, panels.items(), strict=False):
        axis.imshow(image.numpy(), cmap="gray", vmin=0, vmax=255)
        axis.set_title(title)
    edges = [one for one in FILTERS if abs(filter_kernel(one).sum().item()) < 1e-9]
    alt = (
        f"A photograph ({name}) in grey, and below and beside it what the slides' eight filters make of it."
        " Blur is softer, sharpen is crisper. The kernels whose numbers sum to 0 ("
        + ", ".join(edges)
        + ") are grey where the photograph is even and light or dark along edges; top and bottom Sobel are"
        " each other's negative, left and right too."
    )
    return Picture(figure, alt, _page("kernel-explorer", name, kernel))
