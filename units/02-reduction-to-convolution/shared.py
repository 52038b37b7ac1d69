"""What several exercises of this unit need."""

from itertools import islice, pairwise

import torch

from nonconv.authoring import (
    Case,
    Check,
)
from nonconv.proofs.budget import limit
from nonconv.proofs.checking import Checker
from nonconv.proofs.refutation import compare_at, small_points

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


POINTS = 12  # the smallest sizes and indices of a statement, up to 2 or 3 each


def lines_agree_at_small_sizes(answer) -> bool:
    """A second look at a proof: the checker accepts it, and apart from all rules each line equals the one before
    it, as polynomials in the entries of the tensors, at the smallest sizes."""
    work = answer()
    if not work.report().proved:
        return False
    found = work.proof
    checker = Checker(work.statement, found.witness, found.indices)
    for d in work.statement.dims[:1]:
        context = checker.contexts[d]
        lines = [checker.lower(line, d) for line in found.lines]
        for values in islice(small_points(context), POINTS):
            with limit(10_000_000):
                if any(compare_at(context, one, other, values) for one, other in pairwise(lines)):
                    return False
    return len(found.lines) > 1
