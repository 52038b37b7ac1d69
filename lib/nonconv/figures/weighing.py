"""An attention matrix to edit: move queries and keys, forbid pairs, change the temperature.

    A = softmax(QKᵀ/√d/T) over the allowed keys of each row,   Y = A V,   d = 2, and one value for each key

Queries and keys are points of a plane, so that a scalar product can be seen: large where the two point the
same way, and larger for a longer key.
"""

import json
from collections.abc import Sequence
from importlib.resources import files
from math import sqrt

import matplotlib.pyplot as plt
import torch
from torch import Tensor

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.layers import masked_softmax

QUERIES = ((1.5, 0.5), (-1.0, 1.5), (0.0, 0.0))
KEYS = ((2.0, 0.0), (0.0, 2.0), (-1.5, -0.5), (1.0, 1.0))
VALUES = (10.0, 20.0, 30.0, 40.0)
REACH, STEP = 2.5, 0.25  # of the plane from its middle, of one press of an arrow key
BLUE, ORANGE = COLOURS[0], COLOURS[1]
Points = Sequence[Sequence[float]]


def weighing(
    queries: Points = QUERIES,
    keys: Points = KEYS,
    values: Sequence[float] = VALUES,
    forbidden: Sequence[tuple[int, int]] = (),
    temperature: float = 1.0,
    scaled: bool = True,
) -> tuple[Tensor, Tensor]:
    """(A, Y): the weights of each query over the keys, 0 at the forbidden pairs (i, j), and weighted sums.

    Shape: n queries and m keys of two numbers, m values -> (n, m) and (n,). A row with all forbidden is 0.

    Raises ValueError for a temperature that is not positive, keys without a value, pairs outside the matrix.
    """
    if not temperature > 0:
        raise ValueError(f"the temperature must be positive, not {temperature}")
    if len(keys) != len(values):
        raise ValueError(f"each key needs one value, but there are {len(keys)} keys and {len(values)} values")
    Q, K = (torch.tensor(points, dtype=torch.float64).reshape(-1, 2) for points in (queries, keys))
    mask = torch.ones(len(Q), len(K), dtype=torch.bool)
    for i, j in forbidden:
        if not (0 <= i < len(Q) and 0 <= j < len(K)):
            raise ValueError(f"the pair ({i}, {j}) lies outside of the {len(Q)}×{len(K)} matrix")
        mask[i, j] = False
    scores = Q @ K.T / (sqrt(2) if scaled else 1.0) / temperature
    A = masked_softmax(scores, mask)
    return A, A @ torch.tensor(list(values), dtype=torch.float64)


SCRIPT = files("nonconv.figures").joinpath("weighing.js").read_text(encoding="utf-8")


def _page(name: str) -> str:
    values = {
        "NAME": name,
        "QUERIES": json.dumps(QUERIES),
        "KEYS": json.dumps(KEYS),
        "VALUES": json.dumps(VALUES),
        "REACH": REACH,
        "STEP": STEP,
        "BLUE": BLUE,
        "ORANGE": ORANGE,
    }
    script = SCRIPT
    for word, value in values.items():
        script = script.replace(f"@{word}@", str(value))
    # JupyterLab would take the arrow keys for its own cells; the attribute asks it not to
    return (
        f'<div id="{name}" data-lm-suppress-shortcuts="true" style="max-width:720px">'
        '<label>temperature T <input type="range" class="heat" min="-3" max="3" step="0.5" value="0">'
        '</label> <output class="degrees">1</output> '
        '<label><input type="checkbox" class="root" checked> divide by √d</label> '
        '<label>mask <select class="mask"><option value="none">none</option>'
        '<option value="causal">no key behind the query</option></select></label> '
        '<button class="reset">start again</button>'
        '<br><svg role="group" aria-label="queries and keys in a plane, the weights, and the outputs"'
        ' style="width:100%;height:auto"></svg>'
        '<p aria-live="polite"></p><p>Drag a point, or choose one with the Tab key and move it by arrow keys.'
        " Click a cell of the matrix (or press Enter on it) to forbid that pair.</p></div>"
        f"<script>{script}</script>"
    )


def attention_editor() -> Picture:
    """Three queries and four keys in a plane, their matrix of weights, the weighted sums of the values."""
    A, Y = weighing()
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4), width_ratios=(1, 1.6))
    plane, table = axes
    for points, colour, letter in ((QUERIES, ORANGE, "q"), (KEYS, BLUE, "k")):
        for n, (x, y) in enumerate(points, 1):
            plane.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.8})
            across = 0.12 if x >= 0 else -0.12
            up = 0.12 if x or y else -0.35  # a point in the middle has the arrows above it
            plane.text(x + across, y + up, f"${letter}_{n}$", color=colour, ha="left" if x >= 0 else "right")
    plane.plot(*QUERIES[2], "o", color=ORANGE)
    plane.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", title="queries and keys")
    plane.axhline(0, color="#CCCCCC", lw=0.6, zorder=0)
    plane.axvline(0, color="#CCCCCC", lw=0.6, zorder=0)
    table.imshow(A, cmap="Blues", vmin=0, vmax=1)
    for i in range(len(QUERIES)):
        for j in range(len(KEYS)):
            dark = A[i, j] > 0.5
            table.text(j, i, f"{A[i, j]:.2f}", ha="center", va="center", color="white" if dark else "black")
        table.text(len(KEYS) - 0.3, i, f"$y_{i + 1}$ = {Y[i]:.1f}", va="center")
    table.set(
        xticks=range(len(KEYS)),
        xticklabels=[f"$k_{n}$\nvalue {v:.0f}" for n, v in enumerate(VALUES, 1)],
        yticks=range(len(QUERIES)),
        yticklabels=[f"$q_{n}$" for n in range(1, len(QUERIES) + 1)],
        title="weights A, and outputs Y = A V",
    )
    table.spines[:].set_visible(False)
    most = [f"query {i} looks most at key {int(A[i - 1].argmax()) + 1}" for i in (1, 2)]
    alt = (
        "Left, three queries and four keys as arrows in a plane. Right, a matrix of three rows and four"
        f" columns, the weights with which each query looks at each key: {', '.join(most)}; query 3 is the"
        " zero vector, and looks at all alike. Each row has the sum 1. Beside it the outputs, weighted sums"
        f" of the values 10, 20, 30 and 40: {', '.join(f'{y:.1f}' for y in Y)}."
    )
    return Picture(figure, alt, _page("attention-editor"))
