"""The window that slides: stride, padding, dilation and the transposed convolution, step by step."""

import json
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.layers import output_size

BLUE, RED, GREEN = COLOURS[0], COLOURS[1], COLOURS[2]


def geometry(
    size: int = 5,
    kernel: int = 3,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    transposed: bool = False,
) -> dict:
    """What the window touches at each step.

    "grid" is the side of the square that the window slides over: the input with its border, or, transposed,
    the input with stride − 1 zeros between its places and d(p−1) − P around them. "cells" are the places that
    hold a number of the input; "steps" lists for each output the places under the taps.

    Raises ValueError for sizes below 1, a kernel larger than what it slides over, or a padding that a
    transposed convolution does not have.
    """
    if transposed:
        if min(size, kernel, stride, dilation) < 1 or not 0 <= padding <= dilation * (kernel - 1):
            raise ValueError(
                f"a transposed convolution needs sizes >= 1 and a padding in [0, {dilation * (kernel - 1)}],"
                f" not size {size}, kernel {kernel}, stride {stride}, dilation {dilation}, padding {padding}"
            )
        border, gap, step = dilation * (kernel - 1) - padding, stride, 1
    else:
        border, gap, step = padding, 1, stride
    inner = (size - 1) * gap + 1
    out = output_size(inner, kernel, step, border, dilation)
    cells = [[border + gap * i, border + gap * j] for i in range(size) for j in range(size)]
    taps = [(dilation * u, dilation * v) for u in range(kernel) for v in range(kernel)]
    steps = [[[i * step + a, j * step + b] for a, b in taps] for i in range(out) for j in range(out)]
    return {"grid": inner + 2 * border, "cells": cells, "out": out, "steps": steps}


def _square(axes: Axes, row: int, column: int, **looks) -> None:
    axes.add_patch(Rectangle((column, -row - 1), 1, 1, **looks))


def _draw(axes: Axes, shape: dict, step: int, title: str) -> None:
    grid, out = shape["grid"], shape["out"]
    filled = {tuple(cell) for cell in shape["cells"]}
    for i in range(grid):
        for j in range(grid):
            inside = (i, j) in filled
            _square(
                axes,
                i,
                j,
                facecolor="#CFE3F1" if inside else "white",
                edgecolor="#999999",
                linewidth=0.6,
                linestyle="-" if inside else ":",
            )
    for i, j in shape["steps"][step]:
        _square(axes, i, j, facecolor="none", edgecolor=RED, linewidth=2.2)
    left = grid + 1.2
    down = (grid - out) / 2
    for n in range(out * out):
        i, j = divmod(n, out)
        looks: dict[str, Any] = {
            "facecolor": RED if n == step else ("#CDEBDF" if n < step else "white"),
            "edgecolor": "#777777",
        }
        axes.add_patch(Rectangle((left + j, -down - i - 1), 1, 1, linewidth=0.6, **looks))
    axes.annotate("", (left - 0.15, -grid / 2), (grid + 0.15, -grid / 2), arrowprops={"arrowstyle": "->"})
    axes.set_xlim(-0.2, left + out + 0.2)
    axes.set_ylim(-grid - 0.2, 0.2)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(title, fontsize=9)


SCRIPT = files("nonconv.figures").joinpath("sliding.js").read_text(encoding="utf-8")
# name, label, range and start of each slider
SLIDERS = (
    ("size", "input", 1, 7, 5),
    ("kernel", "kernel p", 1, 4, 3),
    ("stride", "stride s", 1, 3, 1),
    ("padding", "padding P", 0, 3, 0),
    ("dilation", "dilation d", 1, 3, 1),
)
# 5×5 and 3×3 of them are the example of Dumoulin and Visin (2016), section 1.1
INPUT = (
    (3, 3, 2, 1, 0, 2, 1),
    (0, 0, 1, 3, 1, 0, 2),
    (3, 1, 2, 2, 3, 1, 0),
    (2, 0, 0, 2, 2, 3, 1),
    (2, 0, 0, 0, 1, 1, 3),
    (1, 2, 3, 0, 2, 0, 1),
    (0, 1, 1, 2, 0, 3, 2),
)
KERNEL = ((0, 1, 2, 1), (2, 2, 0, 0), (0, 1, 2, 1), (1, 0, 1, 2))


def _animation(name: str, alt: str) -> str:
    """Plain HTML, SVG and a script, without a library;
    its id is the name, so that two runs give the same bytes.
    """
    script = SCRIPT.replace("@NAME@", name)
    for word, numbers in (("@INPUT@", INPUT), ("@KERNEL@", KERNEL)):
        script = script.replace(word, json.dumps(numbers, separators=(",", ":")))
    sliders = "".join(
        f'<label style="white-space:nowrap">{label} <input type="range" class="{one}"'
        f' min="{low}" max="{high}" value="{start}" style="width:6em"> <output>{start}</output></label> '
        for one, label, low, high, start in SLIDERS
    )
    # JupyterLab would take the arrow keys for its own cells; the attribute asks it not to
    return (
        f'<div id="{name}" data-lm-suppress-shortcuts="true">{sliders}'
        '<label style="white-space:nowrap"><input type="checkbox" class="transposed"> transposed</label>'
        '<br><button class="go">play</button> <button class="back" aria-label="one step back">◀</button>'
        ' <button class="on" aria-label="one step on">▶</button>'
        f'<br><svg role="img" tabindex="0" aria-label="{alt}" style="max-width:100%;height:auto"></svg>'
        f'<p aria-live="polite"></p></div><script>{script}</script>'
    )


def sliding_window(step: int = 4) -> Picture:
    """The four ways to slide: with stride 2, padding 1, dilation 2, and transposed with stride 2.
    The moving one has a slider for each of the numbers, and computes every output.

    Source: the manner of drawing is that of V. Dumoulin, F.
    Visin, "A guide to convolution arithmetic" (2016).

    Raises ValueError for a step that one of them does not have.
    """
    ways = {
        "stride 2": geometry(7, 3, stride=2),
        "padding 1": geometry(5, 3, padding=1),
        "dilation 2": geometry(7, 3, dilation=2),
        "transposed, stride 2": geometry(3, 3, stride=2, padding=1, transposed=True),
    }
    last = min(len(shape["steps"]) for shape in ways.values()) - 1
    if not 0 <= step <= last:
        raise ValueError(
            f"step must lie in [0, {last}], since one of the four has so few outputs, not {step}"
        )
    figure, axes = plt.subplots(
        1, 4, figsize=(9, 2.6), width_ratios=[s["grid"] + s["out"] + 2 for s in ways.values()]
    )
    for one, (title, shape) in zip(axes, ways.items(), strict=True):
        _draw(one, shape, step, title)
    alt = (
        "Four times a square of input places, with the 3 by 3 places under the kernel framed, and beside it"
        " the output"
        f" that they give, number {step + 1}. Stride 2: the window moves two places at a time. Padding 1: it"
        f" starts in a"
        " border of zeros. Dilation 2: its taps leave out every second place. Transposed with stride 2:"
        " zeros stand between the input's places, and the output is larger than the input."
    )
    moving = "On the left the input, in the middle the kernel, on the right the output, number by number"
    return Picture(figure, alt, _animation("sliding-window", moving))
