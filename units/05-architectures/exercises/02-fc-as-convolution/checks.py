"""The checks: references, inputs, points."""

import torch

from nonconv.authoring import Check, whole


def fc_kernel(W, M, p, q):
    K = len(W)
    return torch.stack([W[:, m * p * q : (m + 1) * p * q].reshape(K, p, q) for m in range(M)], dim=1)


kernel = {"answer": "fc_kernel", "reference": fc_kernel, "returns": ("the kernel",)}

CHECKS = [
    Check.of(
        name="fc-kernel-values",
        points=1,
        inputs=[
            {"W": torch.tensor([[1.0, 2], [3, 4]]).double(), "M": 1, "p": 1, "q": 2},
            {"W": whole(2, 8, most=3, seed=1), "M": 2, "p": 2, "q": 2},
            {"W": whole(3, 27, most=3, seed=2), "M": 3, "p": 3, "q": 3},
        ],
        **kernel,
    ),
    Check.of(
        name="fc-kernel-not-square",
        points=1,
        hidden="maps that are not square.",
        inputs=lambda seed: [
            {"W": whole(2, 12, most=3, seed=seed), "M": 2, "p": 3, "q": 2},
            {"W": whole(4, 15, most=3, seed=seed + 1), "M": 3, "p": 1, "q": 5},
        ],
        seed=3,
        **kernel,
    ),
]
