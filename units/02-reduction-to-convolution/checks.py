"""The checks of unit 2, as data: inputs, reference, points. Hidden ones are written into nbgrader's source only."""

import torch

from nonconv import reduction
from nonconv.checks import Case, Check


def vector(*numbers: float, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.tensor(numbers, dtype=dtype)


def whole(*shape: int, seed: int) -> torch.Tensor:
    """Small whole numbers from −4 to 4, never 0 and never all alike: easy to follow by hand."""
    generator = torch.Generator().manual_seed(seed)
    size = torch.randint(1, 5, shape, generator=generator)
    return (size * (torch.randint(0, 2, shape, generator=generator) * 2 - 1)).double()


def statistics(K: int, seed: int, dtype: torch.dtype = torch.float64) -> dict[str, torch.Tensor]:
    """γ, β, μ, σ² of K maps."""
    g = torch.Generator().manual_seed(seed)
    gamma, beta, mu = (torch.randn(3, K, generator=g, dtype=dtype) * 2).round(decimals=3)
    var = (torch.rand(K, generator=g, dtype=dtype) * 3 + 0.1).round(decimals=3)
    return {"gamma": gamma, "beta": beta, "mu": mu, "var": var}


def affine_form(gamma, beta, mu, var, eps):
    return reduction.affine_form(gamma, beta, mu, var, eps)


def merge(F, b, G, g):
    return reduction.merge(F, b, G, g)


affine = {"answer": "affine_form", "reference": affine_form, "returns": ("G", "g")}
merging = {"answer": "merge", "reference": merge, "returns": ("O", "o")}

CHECKS = [
    Check.of(
        name="affine-form-values",
        points=2,
        inputs=[
            {"gamma": vector(6), "beta": vector(1), "mu": vector(3), "var": vector(3), "eps": 1.0},
            {"gamma": vector(2, -3), "beta": vector(1, 4), "mu": vector(5, 2), "var": vector(0.24, 4), "eps": 0.01},
            {**statistics(3, seed=0), "eps": 1e-5},
            {**statistics(5, seed=1), "eps": 1e-3},
        ],
        **affine,
    ),
    Check.of(
        name="affine-form-small-variance",
        points=1,
        hidden=True,
        inputs=[
            {"gamma": vector(2, 3), "beta": vector(1, 4), "mu": vector(5, 1), "var": vector(0, 1e-6), "eps": 1e-4},
        ],
        **affine,
    ),
    Check.of(
        name="affine-form-many-maps",
        points=1,
        hidden=True,
        rtol=1e-4,
        atol=1e-5,
        inputs=[{**statistics(32, seed=2, dtype=torch.float32), "eps": 1e-3}],
        **affine,
    ),
    Check.of(
        name="merge-values",
        points=2,
        inputs=[
            {"F": whole(1, 1, 1, 2, seed=3), "b": vector(5), "G": vector(2), "g": vector(3)},
            {"F": whole(2, 2, 2, 2, seed=4), "b": vector(5, -1), "G": vector(2, 3), "g": vector(3, 1)},
            {"F": whole(3, 2, 1, 3, seed=5), "b": vector(1, 2, 3), "G": vector(0.5, 2, 4), "g": vector(1, 0, -1)},
        ],
        **merging,
    ),
    Check.of(
        name="merge-groups-and-signs",
        points=1,
        hidden=True,
        inputs=[
            {"F": whole(2, 2, 1, 2, seed=6), "b": vector(2, -3), "G": vector(-2, 5), "g": vector(4, 7)},
            {"F": whole(4, 1, 3, 3, seed=7), "b": vector(1, 0, -2, 4), "G": vector(-1, 0.5, 3, -2), "g": vector(0, 2, 1, 5)},
        ],
        **merging,
    ),
    Check(
        name="slides-counterexample",
        answer="slides_counterexample",
        points=2,
        holds="breaks the slides' bias",
        cases=(Case({}),),
    ),
]  # fmt: skip
