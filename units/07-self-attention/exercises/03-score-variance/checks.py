"""The checks: references, inputs, points."""

import random
from typing import Any

from nonconv.authoring import Check


def score_moments(d, mu_q, s_q, mu_k, s_k):
    """By E(Z²) − (EZ)², not as the solution writes it."""
    first, second = mu_q * mu_k, (s_q + mu_q**2) * (s_k + mu_k**2)
    return d * first, d * (second - first**2)


def entries(seed: int) -> dict[str, Any]:
    """All five of different sizes, so that no two can be taken for one another."""
    r = random.Random(seed)
    sizes = r.sample([n / 4 for n in range(5, 16) if n != 8], 4)
    signs = r.choice((-1, 1)), r.choice((-1, 1))
    return {
        "d": r.randrange(3, 300),
        "mu_q": signs[0] * sizes[0],
        "s_q": sizes[1],
        "mu_k": signs[1] * sizes[2],
        "s_k": sizes[3],
    }


def centred(d: int) -> dict[str, Any]:
    return {"d": d, "mu_q": 0.0, "s_q": 1.0, "mu_k": 0.0, "s_k": 1.0}


def centred_as_shown(seed: int) -> list[dict[str, Any]]:
    """Two widths; one with variances other than 1, whose product is 1 or not."""
    r = random.Random(seed)
    d, e, f = r.sample([n * n for n in range(3, 30)], 3)
    s_q, s_k = r.sample((0.25, 0.5, 2.0, 3.0, 4.0), 2)
    return [centred(d), centred(e), {"d": f, "mu_q": 0.0, "s_q": s_q, "mu_k": 0.0, "s_k": s_k}]


def means_as_shown(seed: int) -> list[dict[str, Any]]:
    """One key that never varies; one mean that is negative; all numbers of different sizes."""
    negative = entries(seed + 1)
    negative |= {"d": 5, "mu_q": abs(negative["mu_q"]), "mu_k": -abs(negative["mu_k"])}
    return [entries(seed) | {"d": 1, "s_k": 0.0}, negative, entries(seed + 2)]


scoring = {"answer": "score_moments", "reference": score_moments, "returns": ("mean", "variance")}

CHECKS = [
    Check.of(
        name="variance-centred",
        drawn_anew=centred_as_shown,
        points=1,
        inputs=[centred(16), centred(256), {"d": 64, "mu_q": 0.0, "s_q": 4.0, "mu_k": 0.0, "s_k": 0.25}],
        **scoring,
    ),
    Check.of(
        name="variance-means",
        drawn_anew=means_as_shown,
        points=2,
        inputs=[
            {"d": 1, "mu_q": 2.0, "s_q": 1.5, "mu_k": 3.0, "s_k": 0.0},
            {"d": 5, "mu_q": 0.5, "s_q": 3.0, "mu_k": -2.0, "s_k": 1.25},
            entries(3),
        ],
        **scoring,
    ),
    Check.of(
        name="variance-hidden",
        points=1,
        hidden="other widths, means and variances, some of them 0.",
        inputs=lambda seed: [entries(seed), entries(seed + 1), entries(seed + 2) | {"s_q": 0.0}],
        seed=11,
        **scoring,
    ),
]
