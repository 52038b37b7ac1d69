"""A network as the shapes that pass through it: how maps shrink, multiply, and grow again."""

from collections.abc import Sequence
from math import log2

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture

BLUE, RED = COLOURS[0], COLOURS[1]
LENET_5 = ((1, 32), (6, 28), (6, 14), (16, 10), (16, 5), (120, 1), (84, 1), (10, 1))
GAP = 0.3  # between two boxes; the widest box of 1024 maps is 1.25


def shape_walk(
    shapes: Sequence[tuple[int, int]] = LENET_5,
    across: Sequence[tuple[int, int]] = (),
    title: str = "LeNet-5",
    names: Sequence[str] = (),
) -> Picture:
    """Each shape as a box: as high as its maps have rows,
    the wider the more maps there are (by the logarithm).

    `shapes` are (maps, rows) in the order of the pass; `across` are pairs of places in that list between
    which maps are handed over, as in a U-Net, one pair inside the other: then each size is a row of the
    picture. `names` say what each box is.

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
    figure, axes = plt.subplots(figsize=(6.5, 6.3) if across else (9.0, 3.4))
    if across:
        _as_a_u(axes, shapes, names, across)
    else:
        _in_a_row(axes, shapes, names)
    axes.set(title=title)
    axes.set_axis_off()
    words = ", ".join(f"{maps} of {rows}" for maps, rows in shapes)
    handed = f" Arrows lead across at {len(across)} size{'s' * (len(across) > 1)}." if across else ""
    alt = (
        f"{title} as {'rows' if across else 'a row'} of boxes, one for each shape on its way, as high as the"
        f" maps have rows and the wider the more maps there are. Maps of rows: {words}.{handed}"
    )
    caption = (
        f"{title}. A box for each shape, as high as its maps have rows; above it how many maps there are."
    )
    return Picture(figure, alt, caption=caption + " Below it the rows." + handed)


def _in_a_row(axes: Axes, shapes: Sequence[tuple[int, int]], names: Sequence[str]) -> None:
    tallest = max(rows for _, rows in shapes)
    left = 0.0
    for n, shape in enumerate(shapes):
        middle = left + _width(shape[0]) / 2
        _box(axes, middle, 0, shape, tallest)
        if names:
            below = -max(shape[1] / tallest, 0.012) / 2 - 0.12
            axes.text(middle, below, names[n], ha="center", va="top", fontsize=10)
        left += _width(shape[0]) + GAP
    axes.set(xlim=(-0.2, left), ylim=(-0.68, 0.78))


def _as_a_u(
    axes: Axes, shapes: Sequence[tuple[int, int]], names: Sequence[str], across: Sequence[tuple[int, int]]
) -> None:
    """The deeper a shape lies between the pairs of `across`, the lower its row."""
    tallest = max(rows for _, rows in shapes)
    levels = [sum(start < n < end for start, end in across) for n in range(len(shapes))]
    deepest = max(levels)
    bottom = [shape for shape, level in zip(shapes, levels, strict=True) if level == deepest]
    turn = levels.index(deepest)
    height, at = 0.0, list[float]()  # the middle of each row
    for level in range(deepest + 1):
        own = max(rows for (_, rows), of in zip(shapes, levels, strict=True) if of == level) / tallest
        at.append(-(height + own / 2))
        height += own + 0.36  # two lines of numbers
    steps = [0.7 * (level - deepest) for level in range(deepest + 1)]  # how far out a row begins
    centre = sum(_slot(maps) for maps, _ in bottom)
    middles: dict[int, float] = {}
    for level in range(deepest + 1):
        down = [n for n, of in enumerate(levels) if of == level and n < turn]
        x = steps[level]
        for n in reversed(down):  # from the inner end outwards
            x -= _slot(shapes[n][0])
            middles[n] = x + _slot(shapes[n][0]) / 2
        x = centre - steps[level] if level < deepest else 0.0
        for n in (n for n, of in enumerate(levels) if of == level and n >= turn):
            middles[n] = x + _slot(shapes[n][0]) / 2
            x += _slot(shapes[n][0])
    for n, shape in enumerate(shapes):
        _box(axes, middles[n], at[levels[n]], shape, tallest)
    for n, name in enumerate(names):
        axes.text(middles[n], at[levels[n]] - 0.25, name, ha="center", va="top", fontsize=10)
    arrow = {"arrowstyle": "->", "color": RED, "linewidth": 1.5}
    for start, end in across:
        y, reach = at[levels[start]], 0.08
        tail = middles[start] + _width(shapes[start][0]) / 2 + reach
        head = middles[end] - _width(shapes[end][0]) / 2 - reach
        axes.annotate("", (head, y), (tail, y), arrowprops=arrow)
    ends = min(middles.values()) - 0.8, max(middles.values()) + 0.8
    axes.set(xlim=ends, ylim=(-height + 0.1, 0.2))


def _width(maps: int) -> float:
    return 0.25 + 0.1 * log2(maps)


def _slot(maps: int) -> float:
    """The room that a box and its numbers take."""
    return max(_width(maps), 0.75) + GAP


def _box(axes: Axes, middle: float, y: float, shape: tuple[int, int], tallest: int) -> None:
    """Draw a shape with its numbers."""
    maps, rows = shape
    width, height = _width(maps), max(rows / tallest, 0.012)
    corner = middle - width / 2, y - height / 2
    axes.add_patch(Rectangle(corner, width, height, facecolor="#CFE3F1", edgecolor=BLUE))
    axes.text(middle, y - height / 2 - 0.03, f"{rows}", ha="center", va="top", fontsize=10)
    axes.text(middle, y + height / 2 + 0.02, f"{maps}", ha="center", va="bottom", fontsize=10, color=BLUE)
