"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong


@wrong(
    "residual_backward",
    says="ReLU is applied to the result: what comes back may be negative; the gate belongs between the matrices.",
    loses=("residual-backward-values", "residual-backward-sizes"),
)
def makes_the_result_positive(x, W1, W2, g):
    branch = torch.relu(W1.T @ ((W1 @ x > 0) * (W2.T @ g)))
    return branch + g, branch


@wrong(
    "residual_backward",
    says="the skip subtracts g: y = f(x) + x, so both gradients are added.",
    loses=("residual-backward-values", "residual-backward-sizes"),
)
def subtracts_what_arrives(x, W1, W2, g):
    branch = W1.T @ ((W1 @ x > 0) * (W2.T @ g))
    return branch - g, branch
