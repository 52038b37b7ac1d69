"""The checks: references, inputs, points."""

import torch

from nonconv.authoring import Check, normal

from ...shared import ANY_LAYER


def fc_kernel(W, M, p, q):
    K = len(W)
    return torch.stack([W[:, m::M].reshape(K, p, q) for m in range(M)], dim=1)


def layer(K: int, M: int, p: int, q: int, seed: int) -> dict:
    """Numbers that float32 does not hold, so that a kernel of another dtype shows."""
    return {"W": normal(K, M * p * q, seed=seed), "M": M, "p": p, "q": q}


kernel = {
    "answer": "fc_kernel",
    "reference": fc_kernel,
    "returns": ("the kernel",),
    "may_call": ANY_LAYER,
    "rtol": 1e-9,  # the same numbers in another order
    "atol": 1e-12,
}

CHECKS = [
    Check.of(
        name="fc-kernel-values",
        drawn_anew=True,
        points=1,
        inputs=[
            {"W": torch.tensor([[1.0, 2, 3, 4]]).double(), "M": 2, "p": 1, "q": 2},
            layer(2, 2, 2, 2, seed=1),
            layer(2, 4, 3, 3, seed=2),
        ],
        **kernel,
    ),
    Check.of(
        name="fc-kernel-not-square",
        points=1,
        hidden="maps that are not square.",
        inputs=lambda seed: [layer(4, 2, 3, 2, seed), layer(4, 3, 2, 5, seed + 1)],
        seed=3,
        **kernel,
    ),
]
