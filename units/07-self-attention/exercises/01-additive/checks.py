"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, first_that, quarters, whole_between

from ...shared import CLOSE


def additive_context(s, h, W, U, v):
    """Annotation by annotation, as the formula has it."""
    e = torch.stack([sum(v[k] * torch.tanh(W[k] @ s + U[k] @ one) for k in range(len(v))) for one in h])
    alpha = torch.exp(e - e.max()) / torch.exp(e - e.max()).sum()
    return alpha, torch.einsum("t,ta->a", alpha, h)


def step(D: int, T: int, A: int, E: int, seed: int) -> dict[str, Any]:
    return {
        "s": quarters(D, seed=seed),
        "h": whole_between(T, A, seed=seed + 1) / 2,
        "W": quarters(E, D, seed=seed + 2),
        "U": quarters(E, A, seed=seed + 3),
        "v": whole_between(E, seed=seed + 4, low=-3, high=3),
    }


def tells(s, h, W, U, v) -> bool:
    """No weight takes nearly all, and the state matters."""
    alpha, _ = additive_context(s, h, W, U, v)
    without, _ = additive_context(0 * s, h, W, U, v)
    return bool(alpha.max() < 0.9) and bool((alpha - without).abs().max() > 0.02)


def large(seed: int) -> dict[str, Any]:
    """Scores beyond what an exponential holds, which ends at 709: v is in the thousands. Two are large."""

    def overflows(s, h, W, U, v) -> bool:
        second, first = (torch.tanh(W @ s + h @ U.T) @ v).sort().values[-2:]
        return bool(first > 800) and bool(second > 100)

    def draw(seed: int) -> dict[str, Any]:
        drawn = step(3, 4, 2, 5, seed)
        return drawn | {"v": 1000 * drawn["v"]}

    return first_that(overflows, draw, seed)


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        first_that(tells, lambda seed: step(1, 2, 1, 1, seed), seed),
        first_that(tells, lambda seed: step(2, 3, 4, 5, seed), seed + 1),
        first_that(tells, lambda seed: step(4, 5, 4, 4, seed), seed + 2),
        step(2, 1, 3, 2, seed + 3),
        large(seed + 4),
    ]


looking = {"answer": "additive_context", "reference": additive_context, "returns": ("alpha", "c")}
ONE = torch.ones(1, dtype=torch.float64)

CHECKS = [
    Check.of(
        name="additive-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "s": ONE,
                "h": torch.tensor([[0.0], [1]]).double(),
                "W": 0 * ONE[:, None],
                "U": ONE[:, None],
                "v": ONE,
            },
            first_that(tells, lambda seed: step(2, 3, 4, 5, seed), 10),
            first_that(tells, lambda seed: step(4, 5, 4, 4, seed), 30),
            step(2, 1, 3, 2, seed=41),
            large(43),
        ],
        may_not_call=("attention",),
        **looking,
        **CLOSE,
    ),
    Check.of(
        name="additive-long",
        points=1,
        hidden="a longer source, a source of one annotation, and scores in the thousands.",
        inputs=lambda seed: [
            first_that(tells, lambda seed: step(5, 9, 2, 3, seed), seed),
            step(3, 1, 2, 4, seed + 5),
            large(seed + 7),
        ],
        seed=50,
        may_not_call=("attention",),
        **looking,
        **CLOSE,
    ),
]
