"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check, vector

from ...shared import CLOSE, small


def rnn_states(W, b, h, x):
    H = len(h)
    return layers.rnn(x[:, None], h[None], W[:, H:], W[:, :H], b)[0][:, 0]


def given(H: int, D: int, T: int, seed: int, dtype: torch.dtype = torch.float64) -> dict[str, Any]:
    shapes = {"W": (H, H + D), "b": (H,), "h": (H,), "x": (T, D)}
    return {name: small(*shape, seed=seed + n).to(dtype) for n, (name, shape) in enumerate(shapes.items())}


def longer(seed: int) -> list[dict[str, Any]]:
    return [given(4, 2, 9, seed), given(2, 5, 1, seed + 10), given(3, 3, 5, seed + 20)]


asked = {"answer": "rnn_states", "reference": rnn_states, "returns": ("h",)}

CHECKS = [
    Check.of(
        name="rnn-values",
        drawn_anew=True,
        points=1,
        inputs=[
            {
                "W": torch.tensor([[0.5, 1.0]]).double(),
                "b": vector(0.25),
                "h": vector(-1.0),
                "x": vector(1.0, 0.0, 2.0)[:, None],
            },
            given(2, 2, 3, seed=1),
            given(3, 2, 4, seed=5),
        ],
        **asked,
        **CLOSE,
    ),
    Check.of(
        name="rnn-float32",
        drawn_anew=True,
        points=1,
        inputs=[given(2, 3, 4, seed=9, dtype=torch.float32)],
        rtol=1e-4,
        atol=1e-6,
        **asked,
    ),
    Check.of(
        name="rnn-longer",
        points=1,
        hidden="longer sequences, one of a single step, other sizes.",
        inputs=longer,
        **asked,
        **CLOSE,
    ),
]
