"""Two kernels, and the one that does both: edit the numbers, and see the composition and where it fails."""

import json
from html import escape
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.layers import conv2d
from nonconv.reduction import compose

Kernel = list[list[int]]
BLUR: Kernel = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
# name: (F, G)
PRESETS: dict[str, tuple[Kernel, Kernel]] = {
    "left Sobel, then blur": ([[1, 0, -1], [2, 0, -2], [1, 0, -1]], BLUR),
    "blur, then blur": (BLUR, BLUR),
    "a column, then a row": ([[0, 1, 0], [0, 2, 0], [0, 1, 0]], [[0, 0, 0], [1, 0, -1], [0, 0, 0]]),
    "a shift, then a shift back": ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 1], [0, 0, 0]]),
    "the identity, then outline": (
        [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    ),
}
BORDERS = {"none": "none (VALID)", "zeros": "zeros (SAME)", "mirror": "mirror", "circle": "circle"}
MODES = {"zeros": "zeros", "mirror": "reflect", "circle": "circular"}
SCRIPT = files("nonconv.figures").joinpath("composer.js").read_text(encoding="utf-8")


def _image() -> Tensor:
    """A digit of scikit-learn, (8, 8), whole numbers; its ink touches the border."""
    from sklearn.datasets import load_digits

    digits: Any = load_digits()
    return torch.from_numpy(digits.images[7])


def border_error(F: Tensor, G: Tensor, border: str) -> tuple[Tensor, Tensor]:
    """A digit by F then G, and by the composed kernel alone, each with this border.

    Shape: F and G (3, 3); both results (8, 8), or (4, 4) with the border "none".

    Raises ValueError for another border.
    """
    if border not in BORDERS:
        raise ValueError(f"there is no border {border!r}; there is {', '.join(BORDERS)}")
    x, F, G = _image()[None, None], F.double()[None, None], G.double()[None, None]
    O = compose(F, None, G, None).weight
    if border == "none":
        return conv2d(conv2d(x, F), G)[0, 0], conv2d(x, O)[0, 0]
    around: dict[str, Any] = {"padding": "same", "padding_mode": MODES[border]}
    return conv2d(conv2d(x, F, **around), G, **around)[0, 0], conv2d(x, O, **around)[0, 0]


def kernel_composer(preset: str = "left Sobel, then blur", border: str = "zeros") -> Picture:
    """Two 3×3 kernels, their 5×5 composition, and a digit by both; the moving one lets any number be edited.

    Raises ValueError for a preset or a border that there is not.
    """
    if preset not in PRESETS:
        raise ValueError(f"there is no preset {preset!r}; there is {', '.join(PRESETS)}")
    F, G = (torch.tensor(kernel) for kernel in PRESETS[preset])
    twice, once = border_error(F, G, border)
    O = compose(F.double()[None, None], None, G.double()[None, None], None).weight[0, 0]
    figure, axes = plt.subplots(2, 4, figsize=(9.0, 4.9))
    kernels = (("kernel $F$", F.double()), ("kernel $G$", G.double()), ("one kernel $O$", O))
    for axis, (title, kernel) in zip(axes[0], kernels, strict=False):
        draw_kernel(axis, kernel, title)
    for axis in axes[0, :2]:
        axis.add_patch(Rectangle((-0.5, -0.5), 2, 2, fill=False, edgecolor=COLOURS[1], linewidth=2.5))
    axes[0, 2].add_patch(Rectangle((0.5, 0.5), 1, 1, fill=False, edgecolor=COLOURS[1], linewidth=2.5))
    axes[0, 3].text(
        0,
        0.5,
        "the framed number of $O$:\nall pairs of a framed\nnumber of $F$ with the\nopposite one of $G$",
        fontsize=9,
        va="center",
    )
    low, high = float(min(twice.min(), once.min())), float(max(twice.max(), once.max()))
    pictures = (("a digit", _image(), {}), ("$F$, then $G$", twice, {"vmin": low, "vmax": high}))
    for axis, (title, picture, limits) in zip(axes[1], pictures, strict=False):
        axis.imshow(picture.numpy(), **limits)
        axis.set_title(title)
    axes[1, 2].imshow(once.numpy(), vmin=low, vmax=high)
    axes[1, 2].set_title("$O$ alone")
    gap = (twice - once).abs()
    shown = axes[1, 3].imshow(gap.numpy(), cmap="Oranges", vmin=0, vmax=max(1.0, gap.max().item()))
    axes[1, 3].set_title("difference")
    figure.colorbar(shown, ax=axes[1, 3], shrink=0.85)
    for axis in (*axes[1], axes[0, 3]):
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
    most = gap.max().item()
    difference = f"{most:.0f} at most, at the border, and 0 inside" if most else "0 everywhere"
    alt = (
        f"Two 3 by 3 kernels ({preset}) and the 5 by 5 kernel that they compose to, with their numbers."
        f" Below, a digit, the digit after both layers with the border {border}, the digit after the one"
        f" layer, and their difference: {difference}."
    )
    where = "differ at the border and nowhere else" if gap.max() > 0 else "are equal everywhere"
    caption = (
        f"Two kernels, {preset}, and the one kernel that does both. With the border “{border}” around each"
        f" layer, the results {where}."
    )
    return Picture(figure, alt, _page("kernel-composer", preset, border), caption)


def draw_kernel(axis: Axes, kernel: Tensor, title: str) -> None:
    """A kernel as a grid with its numbers, blue where they are positive and red where they are negative."""
    most = max(kernel.abs().max().item(), 1e-12)
    # pale colours, so that the numbers can be read
    axis.imshow(kernel.numpy(), cmap="RdBu", vmin=-1.6 * most, vmax=1.6 * most)
    rows, columns = kernel.shape
    axis.set_xticks(np.arange(-0.5, columns), [])
    axis.set_yticks(np.arange(-0.5, rows), [])
    axis.grid(color="#888888", linewidth=0.8)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set(xlim=(-0.6, columns - 0.4), ylim=(rows - 0.4, -0.6))  # room for a frame
    for i in range(rows):
        for j in range(columns):
            number = f"{kernel[i, j].item():.3g}".replace("-", "−")
            axis.text(j, i, number, ha="center", va="center", fontsize=8 if columns > 3 else 10)
    axis.set_title(title)


def _page(name: str, preset: str, border: str) -> str:
    """Plain HTML, SVG and a script, without a library."""
    image = [[int(value) for value in row] for row in _image().tolist()]
    script = SCRIPT
    for word, value in (
        ("ID", name),
        ("IMAGE", json.dumps(image, separators=(",", ":"))),
        ("PRESETS", json.dumps(PRESETS, separators=(",", ":"))),
    ):
        script = script.replace(f"@{word}@", value)

    def options(names: dict[str, str], chosen: str) -> str:
        return "".join(
            f'<option value="{escape(one)}"{" selected" if one == chosen else ""}>{escape(words)}</option>'
            for one, words in names.items()
        )

    def table(letter: str, kernel: Kernel) -> str:
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td style="padding:2px"><input type="number" step="1" value="{value}"'
                f' aria-label="{letter} in row {i}, column {j}"'
                ' style="width:3.2em;height:2.4em;font-size:14px;text-align:center"></td>'
                for j, value in enumerate(row, 1)
            )
            + "</tr>"
            for i, row in enumerate(kernel, 1)
        )
        return f"<table><caption>kernel {letter}</caption>{rows}</table>"

    F, G = PRESETS[preset]
    presets = {one: one for one in PRESETS} | {"own": "my own"}
    flex = "display:flex;flex-wrap:wrap;gap:1em;align-items:center"
    # JupyterLab would take the arrow keys for its own cells; the attribute asks it not to
    return (
        f'<div id="{name}" data-lm-suppress-shortcuts="true">'
        f'<label>kernels <select class="preset">{options(presets, preset)}</select></label> '
        f'<label>border of each layer <select class="border">{options(BORDERS, border)}</select></label>'
        f'<div style="{flex}">{table("F", F)}{table("G", G)}'
        '<figure style="margin:0"><figcaption>one kernel O</figcaption>'
        '<svg class="composed" role="group" aria-label="the composed kernel O, 5 by 5" viewBox="0 0 204 204"'
        ' style="width:204px;max-width:100%;height:auto"></svg></figure></div>'
        '<p aria-live="polite"></p>'
        '<svg class="pictures" role="img" aria-label="the digit by two layers, by one, the difference"'
        ' viewBox="0 0 628 182" style="width:100%;max-width:628px;height:auto"></svg>'
        '<p aria-live="polite"></p><p>Change a number of F or G. Click a number of O, or move with the arrow'
        " keys: the framed pairs are what it is made of.</p></div>"
        f"<script>{script}</script>"
    )
