"""VGG-19, the plain network of 34 layers and the residual one, side by side."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture

# size of the maps: the layers with weights that give maps of that size
VGG_19 = {
    224: ["3×3, 64"] * 2,
    112: ["3×3, 128"] * 2,
    56: ["3×3, 256"] * 4,
    28: ["3×3, 512"] * 4,
    14: ["3×3, 512"] * 4,
    1: ["fc 4096", "fc 4096", "fc 1000"],
}
PLAIN_34 = {
    112: ["7×7, 64"],
    56: ["3×3, 64"] * 6,
    28: ["3×3, 128"] * 8,
    14: ["3×3, 256"] * 12,
    7: ["3×3, 512"] * 6,
    1: ["fc 1000"],
}
SIZES_OF_MAPS = (224, 112, 56, 28, 14, 7, 1)
TINTS = ("#CFE3F1", "#F6E3C5", "#CDEBDD", "#F3D9E8", "#D9D9D9", "#FBE3D0", "#FFFFFF")
GAP = 0.6  # between two sizes


def _tower(axis: Axes, x: float, layers: dict[int, list[str]], tops: dict[int, float]) -> list[float]:
    """Draw the boxes of one network from above; where each of its layers stands."""
    places = []
    for size, tint in zip(SIZES_OF_MAPS, TINTS, strict=True):
        for n, label in enumerate(layers.get(size, [])):
            y = tops[size] + n
            axis.add_patch(Rectangle((x - 0.62, y - 0.42), 1.24, 0.84, facecolor=tint, edgecolor="#555555"))
            axis.text(x, y, label, ha="center", va="center", fontsize=8)
            places.append(y)
    axis.plot([x, x], [places[0], places[-1]], color="#555555", linewidth=0.8, zorder=0)
    return places


def thirty_four_layers() -> Picture:
    """The three networks, layer by layer, maps of one size beside each other.

    Source: K. He et al., "Deep Residual Learning" (2016), figure 3 shows these three.
    """
    tops, y = {}, 0.0
    for size in SIZES_OF_MAPS:
        tops[size] = y
        y += max(len(VGG_19.get(size, [])), len(PLAIN_34.get(size, []))) + GAP
    figure, axis = plt.subplots(figsize=(6.0, 10.0))
    for x, layers in enumerate((VGG_19, PLAIN_34, PLAIN_34)):
        places = _tower(axis, 1.9 * x, layers, tops)
    inner = places[1:-1]  # of the residual network: the layers between the first and the last
    for n in range(0, len(inner), 2):
        above = places[n] if n else inner[0] - 1  # the first one begins behind the pooling
        changes = n > 0 and inner[n] - above > 1.01  # the size of the maps, and so their number
        line = "--" if changes else "-"
        start, end = (4.42, above + 0.25), (4.42, inner[n + 1] + 0.25)
        arc = "arc3,rad=-0.45"
        axis.add_patch(
            FancyArrowPatch(
                start,
                end,
                arrowstyle="->",
                connectionstyle=arc,
                mutation_scale=8,
                linestyle=line,
                color=COLOURS[1],
            )
        )
    for size in SIZES_OF_MAPS:
        axis.text(-1.0, tops[size], f"{size}×{size}", ha="right", va="center", fontsize=9)
        if size != SIZES_OF_MAPS[0]:
            axis.axhline(tops[size] - 0.5 - GAP / 2, color="#BBBBBB", linewidth=0.7, linestyle=":")
    for x, name in enumerate(("VGG-19", "34 layers, plain", "34 layers, residual")):
        axis.text(1.9 * x, -1.1, name, ha="center", va="center", fontsize=9, fontweight="bold")
    axis.set(xlim=(-2.1, 5.3), ylim=(y, -1.7))
    axis.set_axis_off()
    alt = (
        "Three towers of boxes, read from above. VGG-19: two 3×3 convolutions with 64 maps of 224×224, two"
        " with 128 of 112×112, four with 256, four with 512, four more with 512 of 14×14, and three fully"
        " connected layers. Beside it the plain network: one 7×7 with 64 maps, then 3×3 convolutions, six"
        " with 64 maps of 56×56, eight with 128, twelve with 256, six with 512 of 7×7, one fully connected"
        " layer. The residual network has the same boxes, and an arrow around every two convolutions, dashed"
        " where the size of the maps changes."
    )
    caption = (
        "VGG-19, and the plain and the residual network of 34 layers (He et al. 2016, figure 3). Beside them"
        " the size of the maps; in each box the kernel and the number of maps. Poolings are left out. Dashed:"
        " the skip is a 1×1 convolution with stride 2."
    )
    return Picture(figure, alt, caption=caption)
