"""A network's graph before and after `reduce`, side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


class RepVGGTrained(nn.Module):
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
        report = reduce(RepVGGTrained().eval(), torch.zeros(1, 4, 8, 8)).report
        before, after = report.before, report.after
    for steps in (before, after):
        if not 1 <= len(steps) <= MAX_DRAWN_NODES:
            raise ValueError(
                f"a graph of 1 to {MAX_DRAWN_NODES} nodes can be drawn and read, not one of {len(steps)}"
            )
    laid = [layout(steps) for steps in (before, after)]
    rows = max(one.rows for one in laid)
    chains = all(left == right for left, right in (one.columns for one in laid))
    figure, axes = plt.subplots(1, 2, figsize=(9, max(2.5, 0.45 * rows + 0.6)), constrained_layout=True)
    for panel, steps, one, title in zip(axes, (before, after), laid, ("before", "after"), strict=True):
        draw_graph(panel, steps, one, size=10.5 if chains else 8)  # a chain has room beside it
        panel.set_ylim(rows - 0.4, -0.6)
        panel.set_title(f"{title}: {_counted(steps)}")
    counts = [f"{len(steps)} nodes with {_counted(steps)}" for steps in (before, after)]
    seen = f"before, {counts[0]}; after, {counts[1]}."
    return Picture(figure, f"The graph of a network, its input on top, and beside it the reduced one: {seen}")


@dataclass
class Layout:
    """Where the nodes of a graph stand, as (column, row), and through which points its arrows run."""

    places: dict[str, tuple[float, int]]
    arrows: dict[tuple[str, str], list[tuple[float, float]]]

    @property
    def rows(self) -> int:
        return 1 + max(row for _, row in self.places.values())

    @property
    def columns(self) -> tuple[float, float]:
        """The leftmost and the rightmost column that a node or an arrow reaches."""
        across = [x for x, _ in self.places.values()]
        across += [x for points in self.arrows.values() for x, _ in points]
        return min(across), max(across)


def layout(steps: Sequence[Step]) -> Layout:
    """A row below the lowest of what it reads for each node. An arrow past others has a lane of its own."""
    row: dict[str, int] = {}
    for step in steps:
        row[step.name] = 1 + max((row[name] for name in step.inputs), default=-1)
    # what stands in each row, nodes and lanes, each with the node or lane above that it hangs on
    lanes: dict[tuple[str, str], list[str]] = {}
    above: dict[str, list[str]] = {step.name: [] for step in steps}
    for step in steps:
        for name in step.inputs:
            between = [f"{name}|{step.name}|{at}" for at in range(row[name] + 1, row[step.name])]
            lanes[name, step.name] = between
            for lane, over in zip(between, [name, *between], strict=False):
                above[lane], row[lane] = [over], int(lane.rpartition("|")[2])
            above[step.name].append(between[-1] if between else name)
    at: dict[str, float] = {}
    for level in range(1 + max(row.values())):
        wanted = {}
        for name in (one for one in row if row[one] == level):
            over = above[name]
            beside = [one for one in row if row[one] == level and above[one] == over and "|" not in one]
            middle = sum(at[one] for one in over) / len(over) if over else 0.0
            spread = (
                beside.index(name) - (len(beside) - 1) / 2 if name in beside else 0.5 * ("|" not in over[0])
            )
            wanted[name] = middle + spread
        taken = -(10.0**6)
        for name in sorted(wanted, key=wanted.__getitem__):
            at[name] = taken = max(wanted[name], taken + 1)
    places = {step.name: (at[step.name], row[step.name]) for step in steps}
    arrows = {
        (one, other): [(at[name], float(row[name])) for name in (one, *between, other)]
        for (one, other), between in lanes.items()
    }
    return Layout(places, arrows)


def draw_graph(
    panel: Axes, steps: Sequence[Step], laid: Layout, framed: Sequence[str] = (), size: float = 8
) -> None:
    """A graph, its input on top, some of its nodes framed; `size` is that of the letters, in points."""
    gap = 0.22 * size / 8  # from the middle of a node to an arrow
    inputs = [step.name for step in steps if step.kind == "input"]
    for points in laid.arrows.values():
        *through, (x, y) = points
        if len(through) > 1:
            panel.plot(*zip(*through, strict=True), color="#888888", linewidth=1, zorder=0)
        start = through[-1]
        panel.annotate(
            "",
            (x, y - gap),
            (start[0], start[1] + (gap if len(through) == 1 else 0)),
            zorder=1,
            arrowprops={"arrowstyle": "->", "color": "#888888", "shrinkA": 0},
        )
    for step in steps:
        x, y = laid.places[step.name]
        dark = step.kind in ("convolution", "batch norm", "average")
        panel.text(
            x,
            y,
            "input" if inputs == [step.name] else step.label,
            ha="center",
            va="center",
            fontsize=size,
            color="white" if dark else "black",
            bbox={
                "boxstyle": "round,pad=0.25",
                "facecolor": FILL[step.kind],
                "edgecolor": "black" if step.name in framed else "none",
                "linewidth": 2,
            },
            zorder=2,
        )
    left, right = laid.columns
    panel.set_xlim(left - 0.8, right + 0.8)
    panel.axis("off")


def block_diagrams(blocks: Mapping[str, Sequence[Step]], alt: str, caption: str = "") -> Picture:
    """Blocks side by side as graphs, each under its title, the input on top.

    Raises ValueError for no block, and as `network_graphs` for one of too many nodes.
    """
    if not blocks:
        raise ValueError("there is no block to draw")
    laid = [layout(steps) for steps in blocks.values()]
    if any(len(steps) > MAX_DRAWN_NODES for steps in blocks.values()):
        raise ValueError(f"a block of at most {MAX_DRAWN_NODES} nodes can be drawn and read")
    rows = max(one.rows for one in laid)
    wide = [1.6 + one.columns[1] - one.columns[0] for one in laid]
    size = (9.0, max(2.2, 0.5 * rows + 0.5))
    figure, axes = plt.subplots(1, len(blocks), figsize=size, width_ratios=wide, squeeze=False)
    for panel, (title, steps), one in zip(axes[0], blocks.items(), laid, strict=True):
        draw_graph(panel, steps, one, size=10)
        panel.set_ylim(rows - 0.4, -0.6)
        panel.set_title(title)
    return Picture(figure, alt, caption=caption)


def _kind(step: Step) -> str:
    """A convolution in the narrow sense, or what else `reduce` reads as one."""
    if step.kind != "convolution":
        return step.kind
    if step.label.startswith("linear"):
        return "linear layer"
    return "transposed" if "Transpose" in step.label or "transpose" in step.label else step.kind


def _counted(steps: Sequence[Step]) -> str:
    count = Counter(_kind(step) for step in steps)
    names = {
        kind: f"{kind}s"
        for kind in ("convolution", "transposed", "linear layer", "batch norm", "average", "sum")
    }
    names["transposed"] = "transposed"
    listed = [
        f"{count[kind]} {name if count[kind] > 1 else kind}" for kind, name in names.items() if count[kind]
    ]
    return ", ".join(listed) or "nothing of these kinds"
