"""`reduce`, step by step: the graph of a network after each rule, what it takes next, and what stays."""

import json
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn

from nonconv.figures.graphs import FILL, RepVGGTrained, draw_graph, layout
from nonconv.figures.words import Picture
from nonconv.layers import BatchNorm2d, Conv2d, ConvTranspose2d
from nonconv.reduction import Report, Step, reduce

SCRIPT = files("nonconv.figures").joinpath("player.js").read_text(encoding="utf-8")


def _conv_bn(M: int, K: int, size: int = 3, stride: int = 1) -> list[nn.Module]:
    return [Conv2d(M, K, size, stride=stride, padding=size // 2, bias=False), BatchNorm2d(K)]


class _Residual(nn.Module):
    """A residual block that halves the size: its skip is a 1×1 convolution with stride 2."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(*_conv_bn(4, 8, stride=2), nn.ReLU(), *_conv_bn(8, 8))
        self.skip = nn.Sequential(*_conv_bn(4, 8, 1, stride=2))
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.body(x) + self.skip(x))


class _DenseLayer(nn.Module):
    """A layer of DenseNet: batch norm and ReLU stand before each convolution."""

    def __init__(self) -> None:
        super().__init__()
        bottleneck = [BatchNorm2d(8), nn.ReLU(), Conv2d(8, 16, 1, bias=False)]
        self.body = nn.Sequential(
            *bottleneck, BatchNorm2d(16), nn.ReLU(), Conv2d(16, 4, 3, padding=1, bias=False)
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.body(x)], 1)


class _SmallUNet(nn.Module):
    """A U-Net with one level: 3×3 and pooling, 3×3 and the way up, 3×3 on both."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Sequential(*_conv_bn(1, 4), nn.ReLU())
        self.low = nn.Sequential(nn.MaxPool2d(2), *_conv_bn(4, 8), nn.ReLU())
        self.up = ConvTranspose2d(8, 4, 2, stride=2)
        self.merge = nn.Sequential(*_conv_bn(8, 4), nn.ReLU(), Conv2d(4, 2, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.down(x)
        return self.merge(torch.cat([x, self.up(self.low(x))], 1))


def _plain() -> nn.Module:
    """The kind of network that unit 2 folds."""
    start, middle = [*_conv_bn(1, 8), nn.ReLU()], [*_conv_bn(8, 16), nn.ReLU()]
    return nn.Sequential(
        *start, *middle, *_conv_bn(16, 10), nn.Dropout(), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    )


# name: (how to build it, maps and rows of its input)
NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, int]]] = {
    "three convolutions, average pooling": (_plain, (1, 8)),
    "a block of RepVGG": (RepVGGTrained, (4, 8)),
    "a residual block": (_Residual, (4, 8)),
    "a layer of DenseNet": (_DenseLayer, (8, 8)),
    "a small U-Net": (_SmallUNet, (1, 16)),
}


@cache
def reduced(name: str) -> Report:
    """What `reduce` reports of one of the networks. ValueError for a name that there is not."""
    if name not in NETWORKS:
        raise ValueError(f"there is no network {name!r}; there is {', '.join(NETWORKS)}")
    build, (maps, rows) = NETWORKS[name]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return reduce(build().eval(), torch.randn(1, maps, rows, rows)).report


def graphs(report: Report) -> list[list[Step]]:
    """The graph as written, and the one behind each step."""
    return [report.before, *(stage.graph for stage in report.stages)]


def reduce_player(name: str = "a block of RepVGG") -> Picture:
    """The graph of a network as `reduce` rewrites it: before, in the middle, at the end; the moving one has
    every step, and other networks.

    Raises ValueError for a name that there is not.
    """
    report = reduced(name)
    every = graphs(report)
    shown = sorted({0, len(every) // 2, len(every) - 1})
    laid = [layout(steps) for steps in every]
    rows = max(one.rows for one in laid)
    wide = [1.7 + laid[n].columns[1] - laid[n].columns[0] for n in shown]
    figure, axes = plt.subplots(
        1, len(shown), figsize=(9.0, max(2.5, 0.42 * rows + 0.5)), gridspec_kw={"width_ratios": wide}
    )
    for axis, n in zip(axes, shown, strict=True):
        taken = report.stages[n].taken if n < len(report.stages) else ()
        draw_graph(axis, every[n], laid[n], taken)
        axis.set_ylim(rows - 0.4, -0.6)
        axis.set_title("as written" if n == 0 else f"after step {n} of {len(report.stages)}")
    steps = "; ".join(f"{stage.row.rule}: {stage.row.where}" for stage in report.stages)
    alt = (
        f"The graph of {name}, {len(every[0])} nodes, and what is left of it half way and at the end,"
        f" {len(every[-1])} nodes. The steps: {steps}."
    )
    caption = f"reduce at work on {name}. The framed boxes are what the next step takes together."
    return Picture(figure, alt, _page("reduce-player", name), caption)


def _page(identity: str, name: str) -> str:
    """Plain HTML, SVG and a script, without a library."""
    data = json.dumps({one: _data(one) for one in NETWORKS}, ensure_ascii=False, separators=(",", ":"))
    script = SCRIPT.replace("@ID@", identity).replace("@DATA@", data.replace("</", "<\\/"))
    script = script.replace("@FILL@", json.dumps(FILL))
    options = "".join(
        f"<option{' selected' if one == name else ''}>{escape(one)}</option>" for one in NETWORKS
    )
    button = 'style="min-height:2.4em;padding:0 1em" type="button"'
    # JupyterLab would take the arrow keys for its own cells; the attribute asks it not to
    return (
        f'<div id="{identity}" data-lm-suppress-shortcuts="true">'
        f"<label>network <select>{options}</select></label> "
        f"<button {button}>back</button> <button {button}>step</button>"
        '<br><label>step <input type="range" min="0" value="0" style="width:14em;max-width:70%"></label>'
        '<p aria-live="polite"></p><ul></ul><svg role="img" style="max-width:100%;height:auto"></svg>'
        f"</div><script>{script}</script>"
    )


def _data(name: str) -> dict[str, Any]:
    """The stages of a network, with the places of the nodes."""
    report = reduced(name)
    every = graphs(report)
    laid = [layout(steps) for steps in every]
    stages = []
    for n, (steps, one) in enumerate(zip(every, laid, strict=True)):
        done = report.stages[n - 1] if n else None
        stages.append(
            {
                "nodes": [[s.name, s.kind, s.label, *one.places[s.name]] for s in steps],
                "arrows": list(one.arrows.values()),
                "taken": list(done.taken) if done else [],
                "made": list(done.made) if done else [],
                "rule": done.row.rule if done else "",
                "formula": done.row.formula if done else "",
                "macs": done.macs if done else report.macs[0],
            }
        )
    columns = [one.columns for one in laid]
    return {
        "stages": stages,
        "stays": [f"{row.where}: {row.rule}, {row.reason}" for row in report.left],
        "left": min(left for left, _ in columns),
        "right": max(right for _, right in columns),
        "rows": max(one.rows for one in laid),
    }
