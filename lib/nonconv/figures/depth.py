"""Gradients by depth: how much of a gradient is left l layers further down,
for each activation and initialisation.
"""

import json
import math
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.resources import files

import matplotlib.pyplot as plt
import torch
from torch import Tensor

from nonconv.figures.style import COLOURS
from nonconv.figures.words import Picture
from nonconv.layers import (
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)

DEPTH, WIDTH, BATCH = 50, 128, 16
# name: (φ, φ', the largest φ')
ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor], float]] = {
    "σ": (sigmoid, sigmoid_derivative, 0.25),
    "tanh": (tanh, tanh_derivative, 1.0),
    "ReLU": (relu, relu_derivative, 1.0),
}
# name: the deviation of a weight that leads from n units to n units
INITIALISATIONS: dict[str, Callable[[int], float]] = {
    "He": lambda n: math.sqrt(2 / n),
    "Xavier": lambda n: math.sqrt(1 / n),
    "PyTorch's default": lambda n: math.sqrt(1 / (3 * n)),
    "deviation 0.01": lambda n: 0.01,  # as in Krizhevsky et al. (2012), section 5
}


def gradient_norms(
    activation: str, initialisation: str, depth: int = DEPTH, width: int = WIDTH, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """(norms, bounds) of the chain X_l = φ(W_l X_{l−1}), in float64, as tables over (L, l).

    norms[L, l] = ‖∂E/∂X_l‖ / ‖∂E/∂X_L‖ in the network of the first L layers, with a random gradient ∂E/∂X_L;
    bounds[L, l] = Π_{j=l+1..L} max|φ'| · ‖W_j‖, with spectral norms. Both are 1 at l = L and NaN for l > L.

    Shape: two tensors (depth + 1, depth + 1).

    Raises ValueError for an unknown name and for sizes below 1.
    """
    if activation not in ACTIVATIONS or initialisation not in INITIALISATIONS:
        raise ValueError(
            f"activation must be one of {', '.join(ACTIVATIONS)} and initialisation one of"
            f" {', '.join(INITIALISATIONS)}, not {activation!r} and {initialisation!r}"
        )
    if min(depth, width) < 1:
        raise ValueError(f"depth and width must be at least 1, not {depth} and {width}")
    phi, slope, largest = ACTIVATIONS[activation]
    random = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=random, dtype=torch.float64)

    x, top = normal(BATCH, width), normal(BATCH, width)
    weights = normal(depth, width, width) * INITIALISATIONS[initialisation](width)
    slopes = []
    for W in weights:
        z = x @ W.T
        x = phi(z)
        slopes.append(slope(z))
    steps = largest * torch.linalg.matrix_norm(weights, 2)
    norms = torch.full((depth + 1, depth + 1), torch.nan, dtype=torch.float64)
    bounds = norms.clone()
    for L in range(depth + 1):
        gradient = top
        bounds[L, L] = norms[L, L] = 1.0
        for layer in reversed(range(L)):
            gradient = (gradient * slopes[layer]) @ weights[layer]
            norms[L, layer] = gradient.norm() / top.norm()
            bounds[L, layer] = bounds[L, layer + 1] * steps[layer]
    return norms, bounds


@cache
def _all_norms() -> dict[str, dict[str, tuple[Tensor, Tensor]]]:
    return {a: {i: gradient_norms(a, i) for i in INITIALISATIONS} for a in ACTIVATIONS}


SCRIPT = files("nonconv.figures").joinpath("depth.js").read_text(encoding="utf-8")


def _slider(name: str, depth: int, alt: str) -> str:
    """Plain HTML, SVG and a script, without a library. Numbers are tenths of a decade:
    a tenth is less than a pixel.
    """

    def tenths(values: Tensor) -> list[int]:
        return (10 * values.log10()).round().int().tolist()

    data = {
        activation: {
            initialisation: {
                "norms": [n for L in range(DEPTH + 1) for n in tenths(norms[L, : L + 1])],
                "bound": [0, *tenths(bounds.diagonal(-1).cumprod(0))],
            }
            for initialisation, (norms, bounds) in cases.items()
        }
        for activation, cases in _all_norms().items()
    }
    script = (
        SCRIPT.replace("@ID@", name)
        .replace("@DATA@", json.dumps(data, separators=(",", ":"), ensure_ascii=False))
        .replace("@DEPTH@", str(DEPTH))
    )

    def choice(label: str, options: dict) -> str:
        inside = "".join(f"<option>{escape(one)}</option>" for one in options)
        return f"<label>{label} <select>{inside}</select></label> "

    return (
        f'<div id="{name}">{choice("activation", ACTIVATIONS)}{choice("initialisation", INITIALISATIONS)}'
        f'<label>depth L <input type="range" min="1" max="{DEPTH}" value="{depth}"></label> <output></output>'
        f'<br><svg role="img" aria-label="{escape(alt, quote=True)}" viewBox="0 0 640 300"'
        ' style="max-width:100%;width:640px;height:auto"></svg>'
        f'<p aria-live="polite"></p></div><script>{script}</script>'
    )


def gradient_flow(depth: int = 30) -> Picture:
    """The norm of the gradient by layer in a chain of `depth` layers, beside its bound;
    the moving one has a slider.

    Source: the measurement is that of X. Glorot, Y. Bengio, "Understanding the difficulty of training deep
    feedforward neural networks" (2010), figure 7, on random inputs.

    Raises ValueError for a depth outside of [1, 50].
    """
    if not 1 <= depth <= DEPTH:
        raise ValueError(f"depth must lie in [1, {DEPTH}], not {depth}")
    figure, axes = plt.subplots(1, len(ACTIVATIONS), figsize=(9, 3.4), sharey=True)
    left = {}
    for axis, (activation, cases) in zip(axes, _all_norms().items(), strict=True):
        for colour, (initialisation, (norms, bounds)) in zip(COLOURS, cases.items(), strict=False):
            layers = range(depth + 1)
            axis.semilogy(layers, norms[depth, : depth + 1], color=colour, label=initialisation)
            axis.semilogy(layers, bounds[depth, : depth + 1], ":", color=colour, linewidth=1.4)
            left[activation, initialisation] = norms[depth, 0].item()
        axis.set(title=activation, xlabel="layer l", ylim=(1e-50, 1e16))
    axes[0].set_ylabel(r"$\|\partial E/\partial X_l\|$ : $\|\partial E/\partial X_L\|$")
    axes[-1].plot([], [], ":", color="0.4", linewidth=1.4, label="dotted: bound")
    axes[-1].legend(frameon=False, fontsize=8, loc="lower right")
    alt = (
        f"Three plots, one for each activation: how much of the gradient at the top of {depth} layers is"
        f" left at layer l,"
        " on a logarithmic scale, a solid line for each initialisation and its bound dotted above. Left at"
        " the input: " + ", ".join(f"{a} with {i} {value:.0e}" for (a, i), value in left.items()) + "."
    )
    return Picture(figure, alt, _slider("gradient-flow", depth, "Gradient norm by layer, with its bound"))
