"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check, vector

from ...shared import CLOSE, small


def lstm_step(W, b, x, h, C):
    H = len(h)
    out, cell = layers.lstm_cell(x[None], (h[None], C[None]), W[:, H:].contiguous(), W[:, :H].contiguous(), b)
    return out[0], cell[0]


def given(H: int, D: int, seed: int, dtype: torch.dtype = torch.float64, size: float = 2) -> dict[str, Any]:
    shapes = {"W": (4 * H, H + D), "b": (4 * H,), "x": (D,), "h": (H,), "C": (H,)}
    return {
        name: (size * small(*shape, seed=seed + n)).to(dtype)
        for n, (name, shape) in enumerate(shapes.items())
    }


def other(seed: int) -> list[dict[str, Any]]:
    return [given(3, 2, seed), given(1, 4, seed + 10), given(2, 2, seed + 20, size=20)]


asked = {"answer": "lstm_step", "reference": lstm_step, "returns": ("h", "C")}

CHECKS = [
    Check.of(
        name="lstm-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {
                "W": torch.zeros(4, 2).double(),
                "b": vector(1.0, -1.0, 2.0, 0.5),
                "x": vector(0.0),
                "h": vector(0.0),
                "C": vector(4.0),
            },
            given(2, 2, seed=1),
            given(2, 3, seed=6),
            given(5, 1, seed=11),
        ],
        **asked,
        **CLOSE,
    ),
    Check.of(
        name="lstm-float32",
        drawn_anew=True,
        points=1,
        inputs=[given(2, 1, seed=30, dtype=torch.float32)],
        rtol=1e-4,
        atol=1e-6,
        **asked,
    ),
    Check.of(
        name="lstm-other",
        points=1,
        hidden="other sizes, and pre-activations so large that gates are nearly shut or open.",
        inputs=other,
        **asked,
        **CLOSE,
    ),
]
