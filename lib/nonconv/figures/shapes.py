"""A network as the shapes that pass through it: how maps shrink, multiply, and grow again."""

from collections.abc import Sequence
from math import log2

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture

BLUE, RED = COLOURS[0], COLOURS[1]
LENET_5 = ((1, 32), (6, 28), (6, 14), (16, 10), (16, 5), (120, 1), (84, 1), (10, 1))


def shape_walk(
    shapes: Sequence[tuple[int, int]] = LENET_5,
    across: Sequence[tuple[int, int]] = (),
    title: str = "LeNet-5",
    names: Sequence[str] = (),
) -> Picture:
    """Each shape as a box: as high as its maps have rows,
    the wider the more maps there are (by the logarithm).

    `shapes` are (maps, rows) in the order of the pass; `across` are pairs of places in that list between
    which maps are handed over, as in a U-Net; `names` say what each box is.

    Raises ValueError for names that are not as many as shapes, for no shapes, for maps or rows below 1, and
    for a pair that is no place in the list.
    """
    if not shapes or any(min(shape) < 1 for shape in shapes):
        raise ValueError(f"each shape needs at least 1 map and 1 row, not {list(shapes)}")
    if names and len(names) != len(shapes):
        raise ValueError(f"there are {len(shapes)} shapes and {len(names)} names")
    for pair in across:
        if not 0 <= min(pair) <= max(pair) < len(shapes):
            raise ValueError(
                f"a pair of across must name two of the {len(shapes)} shapes from 0 on, not {pair}"
            )
    tallest = max(rows for _, rows in shapes)
    figure, axes = plt.subplots(figsize=(9.0, 3.4))
    left, middles, tops = 0.0, [], []
    many = len(shapes) > 12  # then three digits do not fit under a box, side by side
    letters = 7 if many else 10
    for n, (maps, rows) in enumerate(shapes):
        width, height = 0.25 + 0.1 * log2(maps), max(rows / tallest, 0.012)
        axes.add_patch(Rectangle((left, -height / 2), width, height, facecolor="#CFE3F1", edgecolor=BLUE))
        axes.text(
            left + width / 2,
            -height / 2 - 0.03,
            f"{rows}",
            ha="center",
            va="top",
            fontsize=letters,
            rotation=90 * many,
        )
        axes.text(
            left + width / 2,
            height / 2 + 0.02,
            f"{maps}",
            ha="center",
            va="bottom",
            fontsize=letters,
            color=BLUE,
        )
        if names:
            axes.text(left + width / 2, -height / 2 - 0.12, names[n], ha="center", va="top", fontsize=letters)
        middles.append(left + width / 2)
        tops.append(height / 2 + 0.1)
        left += width + 0.3
    for start, end in across:
        over = max(tops[start], tops[end]) + 0.02
        arrow = {"arrowstyle": "->", "color": RED, "linewidth": 1, "connectionstyle": "bar,fraction=0"}
        axes.annotate("", (middles[end], over), (middles[start], over), arrowprops=arrow)
    axes.set(xlim=(-0.2, left), ylim=(-0.68, 0.78), title=title)
    axes.set_axis_off()
    words = ", ".join(f"{maps} of {rows}" for maps, rows in shapes)
    handed = f" Arrows lead across at {len(across)} sizes." if across else ""
    alt = (
        f"{title} as a row of boxes, one for each shape on its way, as high as the maps have rows and the"
        f" wider the more maps there are. Maps of rows: {words}.{handed}"
    )
    caption = (
        f"{title}. A box for each shape, as high as its maps have rows; above it how many maps there are."
    )
    return Picture(figure, alt, caption=caption + " Below it the rows." + handed)
