"""The course as a map: its units, and which of them each one needs."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture


@dataclass(frozen=True)
class Stop:
    """A unit on the map: its number and title, where it stands, the numbers of the units that it needs."""

    number: int
    title: str
    question: str
    column: float
    row: float
    needs: tuple[int, ...] = ()


STOPS = (
    Stop(1, "Convolutional layers", "what is a convolution?", 0, 1),
    Stop(2, "Reduction to convolution", "which layers are convolutions?", 1, 1.5, (1,)),
    Stop(3, "Sigmoid versus ReLU", "where do gradients get lost?", 1, 0.5, (1,)),
    Stop(4, "Attention mechanisms", "how does an input weigh itself?", 2, 2, (2,)),
    Stop(5, "Architectures", "what did each network add?", 2, 1, (2, 3)),
    Stop(6, "Sequences", "what does a network remember?", 2, 0, (3,)),
    Stop(7, "Attention and self-attention", "who looks at whom?", 3, 1, (4, 6)),
    Stop(8, "Capstone", "what is left to save?", 3, 2, (5,)),
)
WIDTH, HEIGHT = 0.84, 0.62


def course_map() -> Picture:
    """The units as boxes, an arrow from each to those that need it."""
    figure, axes = plt.subplots(figsize=(9.0, 4.0))
    places = {stop.number: (stop.column, stop.row) for stop in STOPS}
    for stop in STOPS:
        heart = stop.number == 2
        box = FancyBboxPatch(
            (stop.column - WIDTH / 2, stop.row - HEIGHT / 2),
            WIDTH,
            HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor="#FBE3CF" if heart else "#E4F0F8",
            edgecolor=COLOURS[1] if heart else COLOURS[0],
            linewidth=2 if heart else 1.2,
            zorder=2,
        )
        axes.add_patch(box)
        words = {"ha": "center", "va": "center", "zorder": 3}
        title = stop.title.replace("and self", "and\nself")
        axes.text(stop.column, stop.row + 0.2, f"{stop.number}", fontsize=12, weight="bold", **words)
        axes.text(stop.column, stop.row, title, fontsize=8.5, weight="bold", linespacing=0.95, **words)
        axes.text(stop.column, stop.row - 0.21, stop.question, fontsize=7.5, style="italic", **words)
        for needed in stop.needs:
            x, y = places[needed]
            axes.annotate(
                "",
                (stop.column - WIDTH / 2, stop.row + (y - stop.row) * 0.12),
                (x + WIDTH / 2, y + (stop.row - y) * 0.12),
                arrowprops={"arrowstyle": "-|>", "color": "#555555", "linewidth": 1.4},
                zorder=1,
            )
    axes.set(xlim=(-0.5, 3.5), ylim=(-0.35, 2.35))
    axes.set_axis_off()
    needs = "; ".join(
        f"{stop.number} {stop.title}, which needs {' and '.join(map(str, stop.needs)) or 'no other unit'}"
        for stop in STOPS
    )
    return Picture(
        figure,
        f"The units as boxes, with an arrow from each unit to those that need it: {needs}.",
        caption="The units of the course. An arrow leads from each unit to those that need it.",
    )
