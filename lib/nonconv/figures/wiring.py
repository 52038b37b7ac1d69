"""What is joined to what: a layer's graph, borders, shared weights, and the matrix of each kind of layer."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import torch
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from torch import Tensor

from nonconv.figures.kernels import grey
from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.layers import convolution_matrix
from nonconv.layers._sizes import BORDERS, pad

LAYERS = ("input A\n1×28×28", "layer B\n6×26×26", "layer C\n6×13×13", "scores D\n10")
EDGES = (
    ("convolution F", "θ: 54 weights,\n6 biases"),
    ("max pooling", "no filter"),
    ("fully connected", "θ: 10,140 weights,\n10 biases"),
)


def layer_graph() -> Picture:
    """A small network as the slides draw it: layers are vertices, operations edges, filters stand on them."""
    figure, axes = plt.subplots(figsize=(9, 2.0))
    for n, name in enumerate(LAYERS):
        box = FancyBboxPatch(
            (3 * n, 0), 1.3, 0.8, boxstyle="round,pad=0.05", facecolor="#CFE3F1", edgecolor="#555555"
        )
        axes.add_patch(box)
        axes.text(3 * n + 0.65, 0.4, name, ha="center", va="center", fontsize=9)
    for n, (operation, weights) in enumerate(EDGES):
        axes.annotate(
            "", (3 * n + 2.9, 0.4), (3 * n + 1.4, 0.4), arrowprops={"arrowstyle": "->", "linewidth": 1.5}
        )
        axes.text(3 * n + 2.15, 0.55, operation, ha="center", va="bottom", fontsize=9)
        axes.text(3 * n + 2.15, 0.24, weights, ha="center", va="top", fontsize=8, color=COLOURS[1])
    axes.set_xlim(-0.2, 10.6)
    axes.set_ylim(-0.4, 1.2)
    axes.set_axis_off()
    alt = (
        "Four boxes in a row, the layers: an input of one 28 by 28 map, six maps of 26 by 26, six maps"
        " of 13 by 13, ten scores. Three arrows lead from one to the next, the operations: a convolution, max"
        " pooling, a fully connected one. The filters stand on the arrows: 54 weights and 6 biases,"
        " none, and 10,140 weights with 10 biases."
    )
    return Picture(figure, alt)


def borders(name: str = "cat", width: int = 20) -> Picture:
    """What stands around a photograph: zeros, its mirror image, its last rows repeated, its other side.

    Raises ValueError for a width outside [1, 55].
    """
    if not 1 <= width <= 55:
        raise ValueError(f"width must lie in [1, 55], not {width}")
    image = grey(name)[None, None]
    modes = {
        "zeros": "zeros",
        "mirror (reflect)": "reflect",
        "repeated (replicate)": "replicate",
        "circle (circular)": "circular",
    }
    figure, axes = plt.subplots(1, 4, figsize=(9, 2.6))
    n = image.shape[-1]
    for axis, (title, mode) in zip(axes, modes.items(), strict=True):
        framed = pad(image, [(width, width), (width, width)], BORDERS[mode])[0, 0]
        axis.imshow(framed.numpy(), cmap="gray", vmin=0, vmax=255)
        axis.plot([width - 0.5, width + n - 0.5, width + n - 0.5, width - 0.5, width - 0.5],
                  [width - 0.5, width - 0.5, width + n - 0.5, width + n - 0.5, width - 0.5],
                  color=COLOURS[1], linewidth=1.2)  # fmt: skip
        axis.set_title(title)
        axis.set_axis_off()
    alt = (
        f"Four times a photograph ({name}) in a thin frame, with {width} more rows and columns around it:"
        " black; its mirror image, without the outermost row itself; its outermost rows and columns drawn out"
        " into stripes; and what stands at its opposite side."
    )
    return Picture(figure, alt)


def _joined(inputs: int, window: int) -> Iterator[tuple[str, list[tuple[int, int, int]]]]:
    """For each kind of layer: (input, output, which weight) of every edge."""
    outputs = inputs - window + 1
    local = [(j + v, j, v) for j in range(outputs) for v in range(window)]
    yield "convolution", local
    yield "locally connected", [(i, j, n) for n, (i, j, _) in enumerate(local)]
    yield "fully connected", [(i, j, inputs * j + i) for j in range(outputs) for i in range(inputs)]


def shared_weights(inputs: int = 6, window: int = 3) -> Picture:
    """The edges of three layers on one row of inputs: a colour for each weight.

    Source: the manner of drawing is that of I. Goodfellow, Y. Bengio, A. Courville, "Deep Learning" (2016),
    figure 9.14.

    Raises ValueError for a window outside [1, inputs].
    """
    if not 1 <= window <= inputs:
        raise ValueError(f"window must lie in [1, {inputs}], not {window}")
    figure, axes = plt.subplots(1, 3, figsize=(9, 2.3))
    said = []
    for axis, (title, edges) in zip(axes, _joined(inputs, window), strict=True):
        weights = len({weight for *_, weight in edges})
        for i, j, weight in edges:
            shared = weights == window
            looks = {"color": COLOURS[weight % len(COLOURS)], "linewidth": 2.0} if shared else {}
            looks = looks or {
                "color": plt.colormaps["turbo"]((weight * 7 % weights) / weights),
                "linewidth": 1.2,
            }
            axis.plot([i, j + (window - 1) / 2], [0, 1], zorder=1, **looks)
        axis.scatter(range(inputs), [0] * inputs, s=90, color="#CFE3F1", edgecolor="#333333", zorder=2)
        outputs = inputs - window + 1
        axis.scatter([j + (window - 1) / 2 for j in range(outputs)], [1] * outputs, s=90, color="#F6E3C5",
                     edgecolor="#333333", zorder=2)  # fmt: skip
        axis.set_title(f"{title}\n{len(edges)} edges, {weights} weights", fontsize=9)
        axis.set_ylim(-0.2, 1.2)
        axis.set_axis_off()
        said.append(f"{title} {len(edges)} edges and {weights} different weights")
    alt = (
        f"Three times {inputs} inputs below and {inputs - window + 1} outputs above, joined by lines, a"
        f" colour for each weight: {'; '.join(said)}. Only in the convolution the same few"
        " colours come back at every output."
    )
    return Picture(figure, alt)


def special_matrices() -> dict[str, Tensor]:
    """The matrices of six layers between small inputs and outputs; equal numbers are one weight."""
    one = torch.arange(1.0, 10, dtype=torch.float64).reshape(1, 1, 3, 3)
    grouped = torch.arange(1.0, 9, dtype=torch.float64).reshape(2, 1, 2, 2)
    valid = convolution_matrix(one, (5, 5))  # 9 × 25
    places = 1.0 + torch.arange(81, dtype=torch.float64) * 37 % 81  # so that neighbours look different
    local = torch.zeros_like(valid)
    local[valid != 0] = places
    return {
        "convolution": valid,
        "padding 1, stride 2": convolution_matrix(one, (5, 5), stride=2, padding=1),
        "transposed, stride 2": convolution_matrix(one, (5, 5), stride=2).T,
        "2 groups": convolution_matrix(grouped, (4, 4), groups=2),
        "locally connected": local,
        "fully connected": 1.0 + (torch.arange(225, dtype=torch.float64) * 101 % 225).reshape(9, 25),
    }


def _draw(axis: Axes, A: Tensor) -> None:
    axis.imshow(torch.where(A == 0, torch.nan, A).numpy(), cmap="turbo", interpolation="nearest")
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(True)


def matrices() -> Picture:
    """The matrix of each special case, a colour for each weight, white where nothing is joined."""
    cases = special_matrices()
    figure, axes = plt.subplots(2, 3, figsize=(9, 5.2))
    said = []
    for axis, (name, A) in zip(axes.flat, cases.items(), strict=True):
        _draw(axis, A)
        weights = len(A[A != 0].unique())
        axis.set_title(f"{name}\n{A.shape[0]}×{A.shape[1]}, {weights} weights", fontsize=9)
        said.append(f"{name} {A.shape[0]} by {A.shape[1]} with {weights} weights")
    alt = (
        "Six matrices, a row for each output and a column for each input, a colour for each weight, white"
        f" where it is 0: {'; '.join(said)}. Those of convolutions have the same colours along diagonals, two"
        " groups give two blocks, locally connected keeps the pattern with a colour of its own everywhere,"
        " fully connected has no white."
    )
    return Picture(figure, alt)
