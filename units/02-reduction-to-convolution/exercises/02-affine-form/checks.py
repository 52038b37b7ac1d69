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
    """What is wanted of two maps: one never varies, the other hardly."""
    G, g, mu = (distinct(2, seed + n) for n in range(3))
    return {
        "G": G,
        "g": g,
        "mu": mu,
        "var": torch.stack([torch.zeros(()).double(), distinct(1, seed + 3)[0].abs() * 1e-6]),
        "eps": 1e-4,
    }


def many_maps(seed: int) -> dict:
    """In float32; the variance of some maps is less than ε, so that it shows how ε comes in."""
    state = maps(32, seed, 1e-3, torch.float32)
    state["var"][::4] *= 1e-3
    return state


def maps(K: int, seed: int, eps: float, dtype: torch.dtype = torch.float64) -> dict:
    """G, g and the running statistics of K maps."""
    state = statistics(K, seed, dtype)
    return {"G": state["gamma"], "g": state["beta"], "mu": state["mu"], "var": state["var"], "eps": eps}


def batch_norm_for(G, g, mu, var, eps):
    """By the library's affine form of the batch norm with γ = 1, β = 0, which is slope · Y + start."""
    slope, start = reduction.affine_form(torch.ones_like(G), torch.zeros_like(G), mu, var, eps)
    gamma = G / slope
    return gamma, g - gamma * start


affine = {
    "answer": "batch_norm_for",
    "reference": batch_norm_for,
    "returns": ("gamma", "beta"),
    "may_call": STEPS,
}

CHECKS = [
    Check.of(
        name="affine-form-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {"G": vector(3), "g": vector(-8), "mu": vector(3), "var": vector(3), "eps": 1.0},
            {
                "G": vector(4, -1.5),
                "g": vector(1, 4),
                "mu": vector(5, 2),
                "var": vector(0.01, 3.76),
                "eps": 0.24,
            },
            maps(3, 0, 1e-5),
            maps(5, 1, 1e-3),
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
