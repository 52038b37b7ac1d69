"""Self-attention of a photograph, patch by patch: click one, and see where it looks.

There is nothing trained in it. Queries and keys are what can be seen of a patch, each feature with mean 0 and variance 1 over
the patches, or where it stands, as waves √2 cos and √2 sin: W^Q = W^K = 1. The weights of patch i are softmax_j(q_i·k_j/√d/T).
"""

import json
from base64 import b64encode
from functools import cache
from html import escape
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


SCRIPT = r"""
(function(){
  const root = document.getElementById("@NAME@"), DATA = @PHOTOGRAPHS@, N = @GRID@, P = @SIDE@, WAVES = @WAVES@;
  const NS = "http://www.w3.org/2000/svg", S = 24, L = N * S;
  const svg = root.querySelector("svg"), say = root.querySelector("p");
  const photo = root.querySelector(".photo"), kind = root.querySelector(".kind");
  const heat = root.querySelector(".heat"), root_d = root.querySelector(".root");
  let at = @START@, features = [], bytes = null, cells = [], tiles = [];
  function make(name, values, parent) {
    const element = document.createElementNS(NS, name);
    for (const [k, v] of Object.entries(values)) element.setAttribute(k, v);
    (parent || svg).appendChild(element);
    return element;
  }
  svg.setAttribute("viewBox", `0 0 ${2 * L + 20} ${L + 4}`);
  const images = [2, L + 18].map(x => make("image", {x: x, y: 2, width: L, height: L, preserveAspectRatio: "none"}));
  const left = make("g", {}), right = make("g", {});
  for (let n = 0; n < N * N; n++) {
    const i = Math.floor(n / N), j = n % N;
    const place = {x: 2 + j * S, y: 2 + i * S, width: S, height: S};
    const cell = make("rect", {...place, fill: "transparent", stroke: "white", "stroke-opacity": 0.25, role: "button",
      tabindex: -1, "aria-label": `patch in row ${i + 1}, column ${j + 1}`, style: "cursor:pointer"}, left);
    cell.addEventListener("click", () => choose(n, true));
    cell.addEventListener("keydown", event => {
      const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
      if (!step) return;
      event.preventDefault(); event.stopPropagation();
      const row = Math.min(N - 1, Math.max(0, i + step[0])), column = Math.min(N - 1, Math.max(0, j + step[1]));
      choose(row * N + column, true);
    });
    cells.push(cell);
    tiles.push(make("rect", {...place, x: L + 18 + j * S, fill: "black"}, right));
  }
  const frames = [0, L + 16].map(x => make("rect", {width: S, height: S, fill: "none", stroke: "@ORANGE@", "stroke-width": 3,
    "pointer-events": "none"}));
  function load() {
    const raw = atob(DATA[photo.value]), side = N * P;
    bytes = Uint8Array.from(raw, c => c.charCodeAt(0));
    const canvas = document.createElement("canvas"); canvas.width = canvas.height = side;
    const context = canvas.getContext("2d"), picture = context.createImageData(side, side);
    for (let n = 0; n < side * side; n++) {
      for (let c = 0; c < 3; c++) picture.data[4 * n + c] = bytes[3 * n + c];
      picture.data[4 * n + 3] = 255;
    }
    context.putImageData(picture, 0, 0);
    images.forEach(image => image.setAttribute("href", canvas.toDataURL()));
    look();
  }
  function mean(top, leftmost, size) {
    const sum = [0, 0, 0], side = N * P;
    for (let u = 0; u < size; u++) for (let v = 0; v < size; v++)
      for (let c = 0; c < 3; c++) sum[c] += bytes[3 * ((top + u) * side + leftmost + v) + c];
    return sum.map(s => s / size / size);
  }
  function look() {
    const seen = [], waves = [];
    for (let i = 0; i < N; i++) for (let j = 0; j < N; j++) {
      let row = [], wave = [];
      if (kind.value.includes("colour")) row = row.concat(mean(i * P, j * P, P));
      if (kind.value === "pixels")
        for (let u = 0; u < P; u += 2) for (let v = 0; v < P; v += 2) row = row.concat(mean(i * P + u, j * P + v, 2));
      if (kind.value.includes("position"))
        for (const place of [i, j]) for (const w of WAVES) {
          const angle = w * (place + 0.5) * Math.PI / N;
          wave.push(Math.SQRT2 * Math.cos(angle), Math.SQRT2 * Math.sin(angle));
        }
      seen.push(row); waves.push(wave);
    }
    for (let f = 0; f < seen[0].length; f++) {
      const m = seen.reduce((s, r) => s + r[f], 0) / seen.length;
      const v = seen.reduce((s, r) => s + (r[f] - m) ** 2, 0) / seen.length;
      seen.forEach(r => { r[f] = (r[f] - m) / Math.sqrt(v); });
    }
    features = seen.map((r, n) => r.concat(waves[n]));
    draw();
  }
  function draw() {
    const d = features[0].length, T = Number(heat.value), scale = (root_d.checked ? Math.sqrt(d) : 1) * T;
    const scores = features.map(k => k.reduce((s, x, f) => s + x * features[at][f], 0) / scale);
    const top = Math.max(...scores), powers = scores.map(s => Math.exp(s - top));
    const sum = powers.reduce((s, p) => s + p, 0), weights = powers.map(p => p / sum);
    const largest = Math.max(...weights), where = weights.indexOf(largest);
    tiles.forEach((tile, n) => tile.setAttribute("fill-opacity", (0.85 * (1 - weights[n] / largest)).toFixed(3)));
    cells.forEach((cell, n) => {
      cell.setAttribute("tabindex", n === at ? 0 : -1);
      cell.setAttribute("aria-pressed", n === at);
    });
    frames.forEach((frame, n) => {
      frame.setAttribute("x", (n ? L + 18 : 2) + at % N * S); frame.setAttribute("y", 2 + Math.floor(at / N) * S);
    });
    const many = weights.slice().sort((a, b) => b - a);
    let seen = 0, half = 0;
    while (half < 0.5) half += many[seen++];
    const own = where === at ? "itself" : `row ${Math.floor(where / N) + 1}, column ${where % N + 1}`;
    say.textContent = `Patch in row ${Math.floor(at / N) + 1}, column ${at % N + 1}, by ${kind.value} (d = ${d}), scores` +
      ` divided by ${root_d.checked ? "√d · " : ""}${T}: it looks most at ${own}, with weight ${largest.toPrecision(3)}` +
      ` (evenly spread: ${(1 / N / N).toPrecision(3)}). Half of the weight lies on ${seen} of ${N * N} patches.`;
    root.dataset.weights = weights.map(w => w.toPrecision(6)).join(" ");
  }
  function choose(n, focus) { at = n; draw(); if (focus) cells[n].focus(); }
  photo.onchange = load; kind.onchange = look; heat.onchange = draw; root_d.onchange = draw;
  load();
})();
"""


def _page(name: str, photograph: str, start: int, alt: str) -> str:
    """Plain HTML, SVG and a script, without a library. Its id is the name, so that two runs give the same bytes.

    The photographs are pixels in base64, not PNG files: no compressor is to differ from one machine to the next.
    """
    photographs = {one: b64encode(pixels(one).tobytes()).decode() for one in PHOTOGRAPHS}
    data = json.dumps(photographs, separators=(",", ":")).replace("</", "<\\/")
    values = {"NAME": name, "GRID": GRID, "SIDE": SIDE, "WAVES": list(WAVES), "ORANGE": ORANGE, "START": start,
              "PHOTOGRAPHS": data}  # fmt: skip
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
        f'<br><svg role="group" aria-label="{escape(alt, quote=True)}" style="width:100%;max-width:700px;height:auto"></svg>'
        '<p aria-live="polite"></p><p>Click a patch on the left, or move with the arrow keys.</p></div>'
        f"<script>{script}</script>"
    )


def attention_explorer(name: str = "flower", patch: int = 6 * GRID + 7) -> Picture:
    """Where one patch of a photograph looks, by colour, by position and by both; the moving one takes any patch.

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
        f"A photograph ({name}) cut into {GRID} by {GRID} patches, one of them framed, in row {row + 1} and column"
        f" {column + 1}; then three times the photograph, bright where that patch looks. Half of its attention lies,"
        f" {', '.join(said)} of {GRID**2} patches."
    )
    moving = "A photograph cut into patches, and beside it the same one, bright where the chosen patch looks"
    return Picture(figure, alt, _page("attention-explorer", name, patch, moving))
