"""The checks: references, inputs, points."""

import random
from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check
from nonconv.layers.cost import count_parameters

KINDS = (
    "convolution",
    "grouped",
    "depthwise",
    "separable",
    "transposed",
    "locally connected",
    "fully connected",
)


def parameters(kind, M, K, p, q, H, W, g, bias):
    """By building the layer, without numbers."""
    with torch.device("meta"):
        local = layers.LocallyConnected2d(M, K, (H, W), (p, q), bias=bias)
        outputs = local.weight.shape[0] * local.weight.shape[1] * K
        made = {
            "convolution": lambda: layers.Conv2d(M, K, (p, q), bias=bias),
            "grouped": lambda: layers.Conv2d(M, K, (p, q), groups=g, bias=bias),
            "depthwise": lambda: layers.Conv2d(M, K, (p, q), groups=M, bias=bias),
            "separable": lambda: layers.SeparableConv2d(M, K, (p, q), bias=bias),
            "transposed": lambda: layers.ConvTranspose2d(M, K, (p, q), bias=bias),
            "locally connected": lambda: local,
            "fully connected": lambda: layers.Linear(M * H * W, outputs, bias=bias),
        }
        return count_parameters(made[kind]())


def of_each_kind(M: int, K: int, p: int, q: int, H: int, W: int, g: int, bias: bool) -> list[dict[str, Any]]:
    sizes = {"M": M, "K": K, "p": p, "q": q, "H": H, "W": W, "g": g, "bias": bias}
    return [{"kind": kind, **sizes} for kind in KINDS]


def drawn(seed: int) -> list[dict[str, Any]]:
    """Other sizes, all different, with and without biases."""
    r = random.Random(seed)
    g = r.choice((2, 3))
    M, multiplier = g * r.randrange(2, 5), r.choice((2, 3))
    p, q = r.sample(range(2, 6), 2)
    H, W = r.sample(range(8, 20), 2)
    sizes = (M, M * multiplier, p, q, H, W, g)
    return [*of_each_kind(*sizes, True), *of_each_kind(*sizes, False)]


counting = {"answer": "parameters", "reference": parameters, "returns": ("the number",)}

CHECKS = [
    Check.of(
        name="parameters-values",
        drawn_anew=drawn,
        points=2,
        inputs=[*of_each_kind(4, 8, 3, 2, 6, 5, 2, True), *of_each_kind(3, 6, 1, 4, 5, 9, 3, False)],
        **counting,
    ),
    Check.of(
        name="parameters-sizes",
        points=1,
        hidden="other sizes, with and without biases.",
        inputs=drawn,
        seed=1,
        **counting,
    ),
]
