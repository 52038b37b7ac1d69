"""What several exercises of this unit need."""

import torch

from nonconv.authoring import (
    Case,
    Check,
)

# No answer of this unit is a convolution or a pooling, so both may be called on the way to one.
STEPS = ("conv", "pool", "scipy.signal", "scipy.ndimage")
# A search for a counterexample may ask anything.
SEARCHING = (*STEPS, "norm", "nonconv.reduction")


def statistics(K: int, seed: int, dtype: torch.dtype = torch.float64) -> dict[str, torch.Tensor]:
    """γ, β, μ, σ² of K maps."""
    g = torch.Generator().manual_seed(seed)
    gamma, beta, mu = (torch.randn(3, K, generator=g, dtype=dtype) * 2).round(decimals=3)
    var = (torch.rand(K, generator=g, dtype=dtype) * 3 + 0.1).round(decimals=3)
    return {"gamma": gamma, "beta": beta, "mu": mu, "var": var}


def proof(name: str, answer: str, statement: str, points: int, part: str = "all", **rest) -> Check:
    inputs = {"statement": statement} if answer == "refutation" else {}
    return Check(name, answer, points, (Case(inputs),), proves=statement, part=part, **rest)
