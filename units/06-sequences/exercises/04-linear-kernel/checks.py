"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check

from ...shared import CLOSE, small


def rnn_kernel(W_hh, W_hx, W_yh, T):
    """From impulses: what the recurrence answers to a 1 in the first place is the kernel, read backwards."""
    K, D = len(W_yh), W_hx.shape[1]
    weight = W_hh.new_zeros(K, D, T)
    for m in range(D):
        h = W_hx[:, m]
        for t in range(T):
            weight[:, m, T - 1 - t] = W_yh @ h
            h = W_hh @ h
    return weight


def matrices(H: int, D: int, K: int, T: int, seed: int) -> dict[str, Any]:
    return {
        "W_hh": small(H, H, seed=seed),
        "W_hx": small(H, D, seed=seed + 1),
        "W_yh": small(K, H, seed=seed + 2),
        "T": T,
    }


def ending(H: int, D: int, K: int, T: int, seed: int) -> dict[str, Any]:
    """The H-th power of W_hh is 0: the kernel ends by itself, and nothing can be divided by W_hh."""
    made = matrices(H, D, K, T, seed)
    return made | {"W_hh": made["W_hh"].triu(1)}


def other(seed: int) -> list[dict[str, Any]]:
    return [matrices(4, 3, 2, 7, seed), ending(3, 2, 2, 6, seed + 3), matrices(2, 1, 3, 1, seed + 6)]


asked = {"answer": "rnn_kernel", "reference": rnn_kernel, "returns": ("weight",), **CLOSE}
# the answer may ask the recurrence or the framework's products, and look at what conv1d does
CHECKS = [
    Check.of(
        name="kernel-values",
        drawn_anew=True,
        points=2,
        inputs=[matrices(2, 3, 1, 3, seed=1), matrices(3, 2, 4, 5, seed=4), ending(3, 3, 2, 6, seed=9)],
        may_call=("conv",),
        **asked,
    ),
    Check.of(
        name="kernel-other",
        points=2,
        hidden="other sizes, a single step, a matrix whose third power is 0.",
        inputs=other,
        may_call=("conv",),
        **asked,
    ),
]
