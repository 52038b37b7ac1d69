"""The checks: references, inputs, points."""

import torch

from nonconv import reduction
from nonconv.authoring import (
    Check,
    distinct,
    vector,
)

from ...shared import STEPS, statistics


def small_variance(seed: int) -> dict:
    """Batch norm of two maps: one never varies, the other hardly."""
    gamma, beta, mu = (distinct(2, seed + n) for n in range(3))
    return {
        "gamma": gamma,
        "beta": beta,
        "mu": mu,
        "var": torch.stack([torch.zeros(()).double(), distinct(1, seed + 3)[0].abs() * 1e-6]),
        "eps": 1e-4,
    }


def many_maps(seed: int) -> dict:
    """In float32; the variance of some maps is less than ε, so that it shows how ε comes in."""
    state = statistics(32, seed=seed, dtype=torch.float32)
    state["var"][::4] *= 1e-3
    return {**state, "eps": 1e-3}


def affine_form(gamma, beta, mu, var, eps):
    return reduction.affine_form(gamma, beta, mu, var, eps)


affine = {"answer": "affine_form", "reference": affine_form, "returns": ("G", "g"), "may_call": STEPS}

CHECKS = [
    Check.of(
        name="affine-form-values",
        points=2,
        inputs=[
            {"gamma": vector(6), "beta": vector(1), "mu": vector(3), "var": vector(3), "eps": 1.0},
            {
                "gamma": vector(2, -3),
                "beta": vector(1, 4),
                "mu": vector(5, 2),
                "var": vector(0.01, 3.76),
                "eps": 0.24,
            },
            {**statistics(3, seed=0), "eps": 1e-5},
            {**statistics(5, seed=1), "eps": 1e-3},
        ],
        **affine,
    ),
    Check.of(
        name="affine-form-small-variance",
        points=1,
        hidden="maps that hardly vary, or not at all.",
        inputs=lambda seed: [small_variance(seed)],
        **affine,
    ),
    Check.of(
        name="affine-form-many-maps",
        points=1,
        hidden="many maps at once, in float32.",
        rtol=1e-4,
        atol=1e-5,
        inputs=lambda seed: [many_maps(seed)],
        seed=2,
        **affine,
    ),
]
