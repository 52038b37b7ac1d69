"""Self-attention of a photograph, patch by patch: click one, and see where it looks.

There is nothing trained in it. Queries and keys are what can be seen of a patch, each feature with mean 0 and
variance 1 over the patches, or where it stands, as waves √2 cos and √2 sin: W^Q = W^K = 1. The weights of
patch i are softmax_j(q_i·k_j/√d/T).
"""

import json
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files
from math import sqrt

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Rectangle
from torch import Tensor

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture

GRID, SIDE = 14, 8  # patches in a row, pixels in the side of a patch
PHOTOGRAPHS = ("flower", "cat", "temple", "coffee")
FEATURES = {
    "colour": "the mean colour of the patch",
    "pixels": "all the pixels of the patch, in blocks of 2×2",
    "position": "its row and column, as waves",
    "colour and position": "the mean colour, and row and column as waves",
}
WAVES = (1, 2)  # how many half turns of a wave fit the photograph
ORANGE = COLOURS[1]


@cache
def pixels(name: str) -> np.ndarray:
    """One of PHOTOGRAPHS, a square from its middle, (GRID·SIDE, GRID·SIDE, 3), whole numbers from 0 to 255.

    Source: the flower and the temple are scikit-learn's, the cat and the coffee scikit-image's.

    Raises ValueError for another name.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"there is no photograph {name!r}; there is {', '.join(PHOTOGRAPHS)}")
    if name in ("flower", "temple"):
        from sklearn.datasets import load_sample_image

        image = np.array(load_sample_image({"flower": "flower.jpg", "temple": "china.jpg"}[name]))
    else:
        from skimage import data

        image = data.chelsea() if name == "cat" else data.coffee()
    size = GRID * SIDE
    block = min(image.shape[:2]) // size
    top, left = ((length - size * block) // 2 for length in image.shape[:2])
    square = image[top : top + size * block, left : left + size * block].astype(np.int64)
    blocks = square.reshape(size, block, size, block, 3)
    return (blocks.sum((1, 3)) // block**2).astype(np.uint8)  # whole numbers: the same bytes on every machine


@cache
def patch_features(name: str, kind: str) -> Tensor:
    """What queries and keys are made of: (GRID², d). What is seen has mean 0 and variance 1 in each column.

    The waves have length √2 at every place, so that by position nothing outshines the patch itself.

    Raises ValueError for a photograph or a kind that there is not.
    """
    if kind not in FEATURES:
        raise ValueError(f"there is no kind of features {kind!r}; there is {', '.join(FEATURES)}")
    image = torch.from_numpy(pixels(name).astype(np.float64))
    columns = []
    if "colour" in kind:
        columns.append(_normal(image.reshape(GRID, SIDE, GRID, SIDE, 3).mean((1, 3)).flatten(0, 1)))
    if kind == "pixels":
        half = image.reshape(GRID, SIDE // 2, 2, GRID, SIDE // 2, 2, 3).mean((2, 5))  # (GRID, 4, GRID, 4, 3)
        columns.append(_normal(half.permute(0, 2, 1, 3, 4).reshape(GRID**2, -1)))
    if "position" in kind:
        place = (torch.arange(GRID, dtype=torch.float64) + 0.5) * torch.pi / GRID
        waves = torch.stack(
            [f(n * place) for n in WAVES for f in (torch.cos, torch.sin)], 1
        )  # (GRID, 2·waves)
        rows, across = waves.repeat_interleave(GRID, 0), waves.repeat(GRID, 1)
        columns.append(sqrt(2) * torch.cat([rows, across], 1))
    return torch.cat(columns, 1)


def _normal(features: Tensor) -> Tensor:
    """Each column with mean 0 and variance 1."""
    features = features - features.mean(0)
    return features / features.square().mean(0).sqrt()


def patch_attention(
    name: str, kind: str, patch: int, scaled: bool = True, temperature: float = 1.0
) -> Tensor:
    """softmax_j(q_i·k_j / √d / T) of one patch i over all patches: (GRID, GRID), its sum is 1.

    Raises ValueError for a patch outside the grid, a temperature that is not positive, as `patch_features`.
    """
    if not 0 <= patch < GRID**2:
        raise ValueError(f"patch must lie in [0, {GRID**2 - 1}], not {patch}")
    if not temperature > 0:
        raise ValueError(f"the temperature must be positive, not {temperature}")
    features = patch_features(name, kind)
    scores = features @ features[patch] / (sqrt(features.shape[1]) if scaled else 1.0) / temperature
    return torch.softmax(scores, 0).reshape(GRID, GRID)


SCRIPT = files("nonconv.figures").joinpath("explorer.js").read_text(encoding="utf-8")


def _page(name: str, photograph: str, start: int, alt: str) -> str:
    """Plain HTML, SVG and a script, without a library.
    Its id is the name, so that two runs give the same bytes.

    The photographs are pixels in base64, not PNG files:
    no compressor is to differ from one machine to the next.
    """
    photographs = {one: b64encode(pixels(one).tobytes()).decode() for one in PHOTOGRAPHS}
    data = json.dumps(photographs, separators=(",", ":")).replace("</", "<\\/")
    values = {
        "NAME": name,
        "GRID": GRID,
        "SIDE": SIDE,
        "WAVES": list(WAVES),
        "ORANGE": ORANGE,
        "START": start,
        "PHOTOGRAPHS": data,
    }
    script = SCRIPT
    for word, value in values.items():
        script = script.replace(f"@{word}@", str(value))
    choices = "".join(
        f"<option{' selected' if one == photograph else ''}>{escape(one)}</option>" for one in PHOTOGRAPHS
    )
    kinds = "".join(
        f'<option value="{escape(one, quote=True)}">{escape(f"{one}: {words}")}</option>'
        for one, words in FEATURES.items()
    )
    temperatures = "".join(
        f'<option{" selected" if one == 1 else ""} value="{one}">T = {one}</option>'
        for one in (0.25, 0.5, 1, 2, 4)
    )
    # JupyterLab would take the arrow keys for its own cells; the attribute asks it not to
    return (
        f'<div id="{name}" data-lm-suppress-shortcuts="true">'
        f'<label>photograph <select class="photo">{choices}</select></label> '
        f'<label>queries and keys <select class="kind">{kinds}</select></label> '
        f'<label>temperature <select class="heat">{temperatures}</select></label> '
        '<label><input type="checkbox" class="root" checked> divide by √d</label>'
        f'<br><svg role="group" aria-label="{escape(alt, quote=True)}"'
        ' style="width:100%;max-width:700px;height:auto"></svg>'
        '<p aria-live="polite"></p><p>Click a patch on the left, or move with the arrow keys.</p></div>'
        f"<script>{script}</script>"
    )


def attention_explorer(name: str = "flower", patch: int = 6 * GRID + 7) -> Picture:
    """Where one patch of a photograph looks, by colour, by position and by both;
    the moving one takes any patch.

    Raises ValueError for another name or a patch outside the grid.
    """
    image = pixels(name)
    kinds = ("colour", "position", "colour and position")
    weights = {kind: patch_attention(name, kind, patch) for kind in kinds}
    figure, axes = plt.subplots(1, 4, figsize=(9, 2.7))
    axes[0].imshow(image)
    axes[0].set_title("one patch of 14×14")
    row, column = divmod(patch, GRID)
    for one, (kind, A) in zip(axes[1:], weights.items(), strict=True):
        one.imshow(image)
        dark = np.zeros((GRID, GRID, 4))
        dark[..., 3] = 0.85 * (1 - A.numpy() / A.max().item())
        one.imshow(dark, extent=(-0.5, GRID * SIDE - 0.5, GRID * SIDE - 0.5, -0.5), interpolation="nearest")
        one.set_title(f"by {kind}")
    for one in axes:
        frame = Rectangle((column * SIDE - 0.5, row * SIDE - 0.5), SIDE, SIDE, fill=False, edgecolor=ORANGE)
        frame.set_linewidth(2)
        one.add_patch(frame)
        one.set_axis_off()
    said = []
    for kind, A in weights.items():
        spread = A.flatten().sort(descending=True).values.cumsum(0)
        said.append(f"by {kind} on {int((spread < 0.5).sum()) + 1}")
    alt = (
        f"A photograph ({name}) cut into {GRID} by {GRID} patches, one of them framed, in row {row + 1} and"
        f" column {column + 1}; then three times the photograph, bright where that patch looks. Half of its"
        f" attention lies, {', '.join(said)} of {GRID**2} patches."
    )
    moving = "A photograph cut into patches, and beside it the same one, bright where the chosen patch looks"
    return Picture(figure, alt, _page("attention-explorer", name, patch, moving))
