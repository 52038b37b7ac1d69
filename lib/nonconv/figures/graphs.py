"""A network's graph before and after `reduce`, side by side."""

from collections import Counter
from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from torch import Tensor, nn

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.layers import BatchNorm2d, Conv2d, relu
from nonconv.reduction import Step, reduce

FILL = {
    "convolution": COLOURS[0],
    "batch norm": COLOURS[1],
    "average": COLOURS[2],
    "sum": COLOURS[4],
    "input": "#DDDDDD",
    "output": "#DDDDDD",
    "other": "#DDDDDD",
}
MAX_DRAWN_NODES = 80  # nodes: more cannot be read on one page


class _Block(nn.Module):
    """3×3, 1×1 and x itself, each with a batch norm, added: what RepVGG trains."""

    def __init__(self) -> None:
        super().__init__()
        self.three, self.one = Conv2d(4, 4, 3, padding=1, bias=False), Conv2d(4, 4, 1, bias=False)
        self.norm3, self.norm1, self.norm0 = BatchNorm2d(4), BatchNorm2d(4), BatchNorm2d(4)

    def forward(self, x: Tensor) -> Tensor:
        return relu(self.norm3(self.three(x)) + self.norm1(self.one(x)) + self.norm0(x))


def network_graphs(before: Sequence[Step] = (), after: Sequence[Step] = ()) -> Picture:
    """Both graphs, input on top; colours tell convolutions, batch norms, averages and sums apart.

    Take them from a report: `network_graphs(report.before, report.after)`.
    Without any, a block of RepVGG is drawn.

    Raises ValueError for a graph of no or of more than 80 nodes: a part of a network is what one can read.
    """
    if not before and not after:
        report = reduce(_Block().eval(), torch.zeros(1, 4, 8, 8)).report
        before, after = report.before, report.after
    for steps in (before, after):
        if not 1 <= len(steps) <= MAX_DRAWN_NODES:
            raise ValueError(
                f"a graph of 1 to {MAX_DRAWN_NODES} nodes can be drawn and read, not one of {len(steps)}"
            )
    places = [_places(steps) for steps in (before, after)]
    rows = 1 + max(row for place in places for _, row in place.values())
    figure, axes = plt.subplots(1, 2, figsize=(9, max(2.5, 0.45 * rows + 0.6)), constrained_layout=True)
    for panel, steps, place, title in zip(axes, (before, after), places, ("before", "after"), strict=True):
        _draw(panel, steps, place)
        panel.set_ylim(rows - 0.4, -0.6)
        panel.set_title(f"{title}: {_counted(steps)}")
    counts = [f"{len(steps)} nodes with {_counted(steps)}" for steps in (before, after)]
    seen = f"before, {counts[0]}; after, {counts[1]}."
    return Picture(figure, f"The graph of a network, its input on top, and beside it the reduced one: {seen}")


def _places(steps: Sequence[Step]) -> dict[str, tuple[float, int]]:
    """(column, row) of each node: a row below the lowest of what it reads,
    the nodes of one row side by side.
    """
    row: dict[str, int] = {}
    for step in steps:
        row[step.name] = 1 + max((row[name] for name in step.inputs), default=-1)
    width = Counter(row.values())
    used: Counter[int] = Counter()
    place = {}
    for name, at in row.items():
        place[name] = (used[at] - (width[at] - 1) / 2, at)
        used[at] += 1
    return place


def _draw(panel: Axes, steps: Sequence[Step], place: dict[str, tuple[float, int]]) -> None:
    for step in steps:
        x, y = place[step.name]
        dark = step.kind in ("convolution", "batch norm", "average")
        panel.text(
            x,
            y,
            step.label,
            ha="center",
            va="center",
            fontsize=8,
            color="white" if dark else "black",
            bbox={"boxstyle": "round,pad=0.25", "facecolor": FILL[step.kind], "edgecolor": "none"},
            zorder=2,
        )
        for name in step.inputs:
            a, b = place[name]
            arc = 0.0 if y - b == 1 else 0.25  # an arrow past other nodes goes around them
            panel.annotate(
                "",
                (x, y - 0.22),
                (a, b + 0.22),
                zorder=1,
                arrowprops={"arrowstyle": "->", "color": "#888888", "connectionstyle": f"arc3,rad={arc}"},
            )
    reach = max(abs(x) for x, _ in place.values())
    panel.set_xlim(-reach - 0.8, reach + 0.8)
    panel.axis("off")


def _counted(steps: Sequence[Step]) -> str:
    count = Counter(step.kind for step in steps)
    names = {"convolution": "convolutions", "batch norm": "batch norms", "average": "averages", "sum": "sums"}
    listed = [
        f"{count[kind]} {name if count[kind] > 1 else kind}" for kind, name in names.items() if count[kind]
    ]
    return ", ".join(listed) or "nothing of these kinds"
