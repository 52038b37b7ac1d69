"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, first_that, quarters, whole_between

from ...shared import CLOSE


def self_attention(X, WQ, WK, WV):
    """By PyTorch's own layer, not as the solution writes it: attention to the identity gives its weights."""
    _, H, W = X.shape
    Q, K, V = (torch.einsum("chw,cd->hwd", X, by).flatten(0, 1) for by in (WQ, WK, WV))
    A = torch.nn.functional.scaled_dot_product_attention(Q, K, torch.eye(H * W, dtype=X.dtype))
    Y = torch.nn.functional.scaled_dot_product_attention(Q, K, V)
    return A, Y.unflatten(0, (H, W)).permute(2, 0, 1)


def projections(C: int, d: int, dv: int, seed: int) -> dict[str, torch.Tensor]:
    return {
        "WQ": quarters(C, d, seed=seed),
        "WK": quarters(C, d, seed=seed + 1),
        "WV": whole_between(C, dv, seed=seed + 2),
    }


def looked(seed: int) -> dict[str, Any]:
    """Queries and keys are no matter of taste: QKᵀ is not symmetric."""
    return first_that(
        lambda X, WQ, WK, WV: not torch.equal(WQ @ WK.T, WK @ WQ.T),  # exact: sixteenths
        lambda seed: {"X": quarters(2, 3, 5, seed=seed), **projections(2, 6, 4, seed=seed + 1)},
        seed,
    )


# Q, K, V may be 1×1 convolutions. The fused layer falls apart before the guard sees it; only this kernel is left of it
attending = {
    "answer": "self_attention",
    "reference": self_attention,
    "returns": ("A", "Y"),
    "may_call": ("conv",),
    "may_not_call": ("safe_softmax", "attention"),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="self-attention-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {"X": quarters(1, 1, 2, seed=60), **projections(1, 1, 1, seed=61)},
            {"X": quarters(3, 4, 4, seed=64), **projections(3, 2, 5, seed=65)},
        ],
        **attending,
    ),
    Check.of(
        name="self-attention-not-square",
        points=1,
        hidden="an image that is not square, other widths of queries and values.",
        inputs=lambda seed: [looked(seed)],
        seed=68,
        **attending,
    ),
]
