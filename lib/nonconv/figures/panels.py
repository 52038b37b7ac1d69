"""Rows of pictures, kernels with their numbers, curves with their spread: what many lectures draw.

Each gives back a matplotlib figure; `show` shows it with its words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from nonconv.figures.composer import draw_kernel
from nonconv.figures.style import COLOURS

ROW_HEIGHT = 2.6  # inches for a row of pictures on a page nine inches wide
MARKERS = "os^Dv*P"


def pictures(
    images: Sequence[Tensor],
    titles: Sequence[str],
    *,
    across: int = 0,
    limits: tuple[float, float] | None = None,
    bar: str = "",
    cmap: str = "gray",
    row_names: Sequence[str] = (),
    height: float = ROW_HEIGHT,
    frame: bool = False,
) -> Figure:
    """Images side by side, each under its title, `across` in a row (all, if 0).

    Shape: each (H, W), or (H, W, 3) for colours, or (N, M, H, W), of which the first map is drawn. A title
    may be "".

    `limits` are the values that are drawn darkest and brightest, for all the same; `bar` is what a bar of the
    colours is called. `frame` draws a line around each: an image may be white at its edge, as the page is.
    Raises ValueError where images and titles are not as many, or the row names.
    """
    if len(images) != len(titles):
        raise ValueError(f"there are {len(images)} images and {len(titles)} titles")
    across = across or len(images)
    rows = -(-len(images) // across)
    if row_names and len(row_names) != rows:
        raise ValueError(f"there are {rows} rows and {len(row_names)} names of rows")
    figure, axes = plt.subplots(rows, across, figsize=(9.0, height * rows), squeeze=False)
    low, high = limits or (None, None)
    drawn = None
    for axis, image, title in zip(axes.flat, images, titles, strict=False):
        image = image[0, 0] if image.dim() == 4 else image
        drawn = axis.imshow(image.detach().cpu().numpy(), cmap=cmap, vmin=low, vmax=high)
        axis.set_title(title)
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=frame, color="#777777")
    for axis in axes.flat[len(images) :]:
        axis.set_axis_off()
    for row, name in zip(axes, row_names, strict=False):
        row[0].set_ylabel(name)
    if bar and drawn is not None:
        figure.colorbar(drawn, ax=axes, label=bar, shrink=0.85)
    return figure


def numbered_kernels(those: Sequence[Tensor], titles: Sequence[str]) -> Figure:
    """Kernels side by side, as grids with their numbers.

    Shape: each (p, q). Raises ValueError where they and the titles are not as many.
    """
    if len(those) != len(titles):
        raise ValueError(f"there are {len(those)} kernels and {len(titles)} titles")
    widths = [max(3, kernel.shape[1]) for kernel in those]
    high = max(
        kernel.shape[0] / max(3, kernel.shape[1]) * share for kernel, share in zip(those, widths, strict=True)
    )
    size = (9.0, 9.0 * high / (sum(widths) + len(those)) + 0.6)
    figure, axes = plt.subplots(1, len(those), figsize=size, width_ratios=widths, squeeze=False)
    for axis, kernel, title in zip(axes[0], those, titles, strict=True):
        draw_kernel(axis, kernel.detach(), title)
        axis.set_anchor("N")
    return figure


def spread(
    places: Sequence[Any],
    values: Mapping[str, Tensor],
    *,
    xlabel: str,
    ylabel: str,
    log: str = "",
    ylim: tuple[float, float] | None = None,
) -> Figure:
    """For each name a line through the medians, and a band from the smallest to the largest.

    Shape: each of the values (len(places), runs).

    `log` is "x", "y" or "xy". Raises ValueError for values of another shape.
    """
    figure, axis = plt.subplots(figsize=(9.0, 3.2))
    draw_spread(axis, places, values)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    if ylim is not None:
        axis.set_ylim(ylim)
    if "x" in log:
        axis.set_xscale("log")
        axis.set_xticks(list(places), [f"{place:g}" for place in places])
        axis.minorticks_off()
    if "y" in log:
        axis.set_yscale("log")
    axis.legend(frameon=False)
    return figure


def draw_spread(axis: Any, places: Sequence[Any], values: Mapping[str, Tensor]) -> None:
    """`spread` on axes that are there."""
    for (name, runs), colour, marker in zip(values.items(), COLOURS, MARKERS, strict=False):
        if runs.dim() != 2 or len(runs) != len(places):
            raise ValueError(f"{name} must have the shape ({len(places)}, runs), not {tuple(runs.shape)}")
        runs = runs.detach().cpu()
        few = len(places) <= 12
        axis.plot(places, runs.median(1).values, color=colour, marker=marker if few else "", label=name)
        axis.fill_between(list(places), runs.amin(1), runs.amax(1), color=colour, alpha=0.2, linewidth=0)


def dots(
    groups: Mapping[str, Mapping[str, Tensor]], *, ylabel: str, ylim: tuple[float, float] | None = None
) -> Figure:
    """A panel for each group; in it a column of dots for each name, one dot for each run."""
    figure, axes = plt.subplots(1, len(groups), figsize=(9.0, 3.2), sharey=True, squeeze=False)
    for axis, (title, columns) in zip(axes[0], groups.items(), strict=True):
        for place, runs in enumerate(columns.values()):
            shift = np.linspace(-0.12, 0.12, len(runs)) if len(runs) > 1 else [0.0]
            axis.plot(
                place + np.array(shift), runs.cpu(), "o", color=COLOURS[place % len(COLOURS)], alpha=0.6
            )
            middle = runs.double().quantile(0.5).item()  # of an even number: between the two in the middle
            axis.plot([place - 0.25, place + 0.25], [middle] * 2, color="black", linewidth=1)
        names = [name.replace(", ", "\n") for name in columns]
        axis.set_xticks(range(len(columns)), names)
        axis.set_title(title)
        axis.set_xlim(-0.6, len(columns) - 0.4)
    axes[0, 0].set_ylabel(ylabel)
    if ylim is not None:
        axes[0, 0].set_ylim(ylim)
    return figure


def bars(values: Mapping[str, float], *, ylabel: str, line: float | None = None, log: bool = False) -> Figure:
    """A bar for each name with its number on top; those above `line` in another colour."""
    figure, axis = plt.subplots(figsize=(9.0, 3.2))
    colours = [COLOURS[1] if line is not None and value > line else COLOURS[2] for value in values.values()]
    drawn = axis.bar(list(values), list(values.values()), color=colours)
    axis.bar_label(drawn, fmt="%.3g×" if line is not None else "%.3g")
    if line is not None:
        axis.axhline(line, color="black", linewidth=0.8)
    axis.set_ylabel(ylabel)
    if log:
        axis.set_yscale("log")
    axis.margins(y=0.12)
    return figure
