"""What the lectures draw: receptive fields, sampling points, attention, activations, counts, matrices."""

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Rectangle
from torch import Tensor

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.layers import (
    conv2d,
    convolution_matrix,
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)

BLUE, RED, GREEN = COLOURS[0], COLOURS[1], COLOURS[2]


def photograph(size: int = 96) -> Tensor:
    """scikit-learn's photograph of a flower, (3, size, size), in [0, 1]: a square from its middle.

    Raises ValueError for a size outside [8, 427].
    """
    from sklearn.datasets import load_sample_image

    if not 8 <= size <= 427:
        raise ValueError(f"size must lie in [8, 427], the photograph's height, not {size}")
    image = torch.from_numpy(np.array(load_sample_image("flower.jpg"))).permute(2, 0, 1)[None] / 255
    height, width = image.shape[2:]
    image = image[..., (width - height) // 2 : (width + height) // 2]
    return torch.nn.functional.interpolate(image, size=(size, size), mode="area")[0]


def receptive_field(
    layers: Sequence[tuple[int, int, int]] = ((3, 1, 1), (3, 2, 1), (3, 1, 1)), size: int = 15
) -> Picture:
    """The gradient of the middle output of a stack, beside the size that r ← r + d(k−1)·Πs gives.

    The stack is given as (kernel, stride, dilation), without a border, all weights positive: nothing cancels.

    Raises ValueError for no layer, or an input too small for the stack.
    """
    if not layers:
        raise ValueError("the stack must have at least one layer, not none")
    field, jump = 1, 1
    for k, s, d in layers:
        field, jump = field + d * (k - 1) * jump, jump * s
    if field > size:
        raise ValueError(f"the receptive field of {field} places does not fit an input of {size}")
    x = torch.zeros(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    Y = x
    for k, s, d in layers:
        Y = conv2d(Y, torch.full((1, 1, k, k), 1 / k**2, dtype=torch.float64), stride=s, dilation=d)
    middle = Y.shape[-1] // 2
    (slope,) = torch.autograd.grad(Y[0, 0, middle, middle], x)
    seen = (slope[0, 0] > 0).nonzero()
    measured = int(seen.max(0).values[0] - seen.min(0).values[0]) + 1
    figure, axes = plt.subplots(figsize=(5.2, 4.2))
    image = axes.imshow(slope[0, 0].numpy(), cmap="Blues", extent=(0, size, size, 0))
    top, left = seen.min(0).values.tolist()
    axes.add_patch(Rectangle((left, top), field, field, fill=False, edgecolor=RED, linewidth=2))
    axes.set_title(f"one output sees {measured}×{measured} places (formula: {field}×{field})")
    axes.set_xlabel("column of the input")
    axes.set_ylabel("row of the input")
    figure.colorbar(image, label="∂Y/∂X", shrink=0.85)
    words = ", ".join(f"{k} by {k} with stride {s} and dilation {d}" for k, s, d in layers)
    alt = (
        f"Map of the gradient of one output with respect to a {size} by {size} input, for the stack {words}."
        f" It reaches over a square of {measured} by {measured} places, which a frame of the computed size"
        f" {field} fits."
    )
    return Picture(figure, alt)


def sampling_points(seed: int = 0, reach: float = 9.0) -> Picture:
    """Where a plain, a dilated and a deformable 3×3 kernel look, over a photograph.
    The offsets are drawn at random.

    Source: the manner of drawing is that of J.
    Dai et al., "Deformable Convolutional Networks" (2017), figure 1.
    """
    image = photograph()
    generator = torch.Generator().manual_seed(seed)
    taps = (
        torch.stack(torch.meshgrid(torch.arange(-1, 2), torch.arange(-1, 2), indexing="ij"), -1).reshape(9, 2)
        * 7.0
    )
    offsets = (torch.rand(9, 2, generator=generator) * 2 - 1) * reach
    middle = torch.tensor([44.0, 50.0])
    kinds = {"3×3, every 7th place": taps, "dilated twice as far": 2 * taps, "deformable": taps + offsets}
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.3))
    for one, (title, points) in zip(axes, kinds.items(), strict=True):
        one.imshow(image.permute(1, 2, 0).numpy())
        rows, columns = (middle + points).T.numpy()
        if title == "deformable":
            for a, b in zip((middle + taps).tolist(), (middle + points).tolist(), strict=True):
                arrow = {"arrowstyle": "->", "color": "white", "linewidth": 1.2}
                one.annotate("", (b[1], b[0]), (a[1], a[0]), arrowprops=arrow)
        one.scatter(columns, rows, s=46, color="#56B4E9", edgecolor="black", linewidth=0.9, zorder=3)
        one.set_title(title)
        one.set_axis_off()
    alt = (
        "Three times the same photograph of a flower with the nine places that a kernel looks at: in a"
        " narrow square grid, in a grid twice as wide, and moved off the grid, each by its own arrow, at"
        " places between the pixels."
    )
    return Picture(figure, alt)


def attention_map(image: Tensor, weights: Tensor, title: str = "attention") -> Picture:
    """Weights of places over an image, beside the image: bright where the layer looks.

    Shape: image (3, H, W) or (1, H, W) in [0, 1], weights (h, w) of any size >= 1.

    Raises ValueError for other shapes, or weights that are not finite.
    """
    if image.dim() != 3 or image.shape[0] not in (1, 3) or weights.dim() != 2 or 0 in weights.shape:
        raise ValueError(
            f"image must have the shape (3, H, W) or (1, H, W) and weights (h, w), not {tuple(image.shape)}"
            f" and {tuple(weights.shape)}"
        )
    if not torch.isfinite(weights).all():
        raise ValueError("all weights must be finite numbers")
    H, W = image.shape[1:]
    picture = image.detach().cpu().permute(1, 2, 0).squeeze(-1).numpy()
    heat = weights.detach().cpu().float().numpy()
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.2))
    axes[0].imshow(picture, vmin=0, vmax=1)
    axes[0].set_title("image")
    axes[1].imshow(picture.reshape(H, W, -1).mean(2), cmap="gray", vmin=0, vmax=1)
    shown = axes[1].imshow(
        heat, cmap="magma", alpha=0.6, extent=(-0.5, W - 0.5, H - 0.5, -0.5), interpolation="bilinear"
    )
    axes[1].set_title(title)
    for one in axes:
        one.set_axis_off()
    figure.colorbar(shown, ax=axes[1], shrink=0.85)
    row, column = divmod(int(heat.argmax()), heat.shape[1])
    side = "upper" if row < heat.shape[0] / 3 else "lower" if row >= heat.shape[0] * 2 / 3 else "middle"
    across = (
        "left" if column < heat.shape[1] / 3 else "right" if column >= heat.shape[1] * 2 / 3 else "centre"
    )
    alt = (
        f"An image, and over it in grey the weights called {title}, from {heat.min():.2g} to"
        f" {heat.max():.2g}: largest in the {side} {across}, at row {row + 1} of {heat.shape[0]} and column"
        f" {column + 1} of {heat.shape[1]}."
    )
    return Picture(figure, alt)


def photograph_attention() -> Picture:
    """Spatial attention over a photograph by a hand-set kernel: it looks where there is colour."""
    from nonconv.layers import spatial_attention

    image = photograph()
    colour = image - image.mean(0, keepdim=True)  # how far each place is from grey
    weight = torch.zeros(1, 2, 7, 7)
    weight[0, 1] = 30 / 49  # the mean, over 7×7 places, of the largest map
    A = spatial_attention(colour[None], weight, torch.tensor([-4.0]))
    return attention_map(image, A[0, 0], "spatial attention")


FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "σ": (sigmoid, sigmoid_derivative),
    "tanh": (tanh, tanh_derivative),
    "ReLU": (relu, relu_derivative),
    "leaky ReLU, slope 0.1": (lambda x: leaky_relu(x, 0.1), lambda x: leaky_relu_derivative(x, 0.1)),
}


def activations() -> Picture:
    """σ, tanh, ReLU and leaky ReLU, and under them their derivatives."""
    x = torch.linspace(-6, 6, 1201, dtype=torch.float64)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.4))
    for (name, (function, slope)), style in zip(FUNCTIONS.items(), ("-", "--", "-.", ":"), strict=True):
        for one, y in zip(axes, (function(x), slope(x)), strict=True):
            jump = torch.where(x.abs() < 0.005, torch.nan, y) if "ReLU" in name and one is axes[1] else y
            one.plot(x.numpy(), jump.numpy(), style, label=name)
    axes[0].set(title="activation", xlabel="x", ylim=(-1.3, 3))
    axes[1].set(title="derivative", xlabel="x", ylim=(-0.05, 1.1))
    axes[1].axhline(0.25, color="#888888", linewidth=0.7)
    axes[1].text(-5.9, 0.27, "1/4", fontsize=8, color="#555555")
    axes[0].legend(frameon=False)
    peak = sigmoid_derivative(x).max()
    alt = (
        "Left: the sigmoid rises from 0 to 1, tanh from -1 to 1, ReLU is 0 up to 0 and then x, leaky ReLU"
        " falls gently"
        f" below 0. Right: their derivatives. The sigmoid's is at most {peak:.2f}, tanh's at most 1, both"
        f" vanish away"
        " from 0; ReLU's jumps from 0 to 1, leaky ReLU's from 0.1 to 1."
    )
    return Picture(figure, alt)


def parameter_counts(maps: int = 64, kernel: int = 3, size: int = 14) -> Picture:
    """Weights (no biases) of five layers with the same input and output sizes:
    what locality and sharing save.

    Raises ValueError for numbers below 1.
    """
    if min(maps, kernel, size) < 1:
        raise ValueError(f"maps, kernel and size must be at least 1, not {maps}, {kernel} and {size}")
    counts = {
        "fully connected": (maps * size**2) ** 2,
        "locally connected": maps**2 * kernel**2 * size**2,
        "convolution": maps**2 * kernel**2,
        "depthwise separable": maps * kernel**2 + maps**2,
        "depthwise": maps * kernel**2,
    }
    figure, axes = plt.subplots(figsize=(8, 2.8))
    axes.barh(list(counts), list(counts.values()), color=BLUE)
    for place, count in enumerate(counts.values()):
        axes.text(count * 1.15, place, f"{count:,}", va="center", fontsize=9)
    axes.set_xscale("log")
    axes.set_xlim(min(counts.values()) / 2, max(counts.values()) * 60)
    axes.invert_yaxis()
    axes.set_xlabel(f"weights, {maps} maps of {size}×{size} to as many, kernel {kernel}×{kernel}")
    alt = (
        "Bars on a logarithmic scale, weights of each layer: "
        + ", ".join(f"{n} {c:,}" for n, c in counts.items())
        + "."
    )
    return Picture(figure, alt)


def matrix(
    weight: Tensor | None = None, size: tuple[int, int] = (6, 6), cases: Mapping[str, Mapping] | None = None
) -> Picture:
    """The matrix of a convolution, and of its special cases: which entries are equal, and which are 0.

    Shape: weight (K, M, p, q), with one map by default.

    Raises ValueError as `convolution_matrix`.
    """
    if weight is None:
        weight = torch.arange(1.0, 10).reshape(1, 1, 3, 3)
    cases = cases or {
        "VALID": {},
        "padding 1": {"padding": 1},
        "stride 2": {"stride": 2},
        "dilation 2": {"dilation": 2},
    }
    matrices = {name: convolution_matrix(weight, size, **options) for name, options in cases.items()}
    figure, axes = plt.subplots(1, len(matrices), figsize=(2.3 * len(matrices), 3.0), squeeze=False)
    for one, (name, A) in zip(axes[0], matrices.items(), strict=True):
        one.imshow(torch.where(A == 0, torch.nan, A).numpy(), cmap="viridis", interpolation="nearest")
        one.set_title(f"{name}\n{A.shape[0]} × {A.shape[1]}", fontsize=9)
        one.set_anchor("N")
        one.set_xticks([])
        one.set_yticks([])
    alt = (
        f"The matrices of a {weight.shape[2]} by {weight.shape[3]} convolution of a {size[0]} by {size[1]}"
        f" input, white"
        " where an entry is 0: "
        + ", ".join(
            f"{n} of {A.shape[0]} rows, {(A != 0).double().mean():.0%} not zero" for n, A in matrices.items()
        )
        + ". Each weight stands along diagonals: rows are shifted copies of one another."
    )
    return Picture(figure, alt)
