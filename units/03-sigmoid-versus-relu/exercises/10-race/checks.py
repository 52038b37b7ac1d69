"""The checks: references, inputs, points."""

import random as randomness

from nonconv.authoring import (
    Case,
    Check,
    vector,
)


def curves(seed: int) -> list[dict]:
    """Below at the start; exactly at the level, then below; another level than that of the text."""
    r = randomness.Random(seed)

    def falling(level: float, above: int) -> list[float]:
        """Steps above the level, then two below it."""
        return [*sorted((round(r.uniform(level + 0.01, 0.99), 2) for _ in range(above)), reverse=True),
                round(level * r.uniform(0.6, 0.8), 3), round(level * r.uniform(0.3, 0.5), 3)]  # fmt: skip

    start, at, other = r.choice((0.25, 0.5)), r.choice((0.25, 0.5)), r.choice((0.375, 0.5, 0.625))
    above, below = falling(at, r.randint(1, 5)), falling(other, r.randint(2, 6))
    return [
        {"curve": vector(*falling(start, 0)), "level": start},
        {"curve": vector(*above[:-2], at, *above[-2:]), "level": at},
        # and never as low as 1/4
        {"curve": vector(*below[:-2], other - 0.05), "level": other},
    ]


def first_step_below(curve, level):
    return next((n for n, value in enumerate(curve.tolist()) if value < level), None)


logs = {"answer": "first_step_below", "reference": first_step_below, "returns": ("the step",)}

CHECKS = [
    Check.of(
        name="first-step-logs",
        points=1,
        inputs=[
            {"curve": vector(0.9, 0.5, 0.2), "level": 0.25},
            {"curve": vector(0.9, 0.6, 0.4, 0.3), "level": 0.25},
            {"curve": vector(0.9, 0.4, 0.24, 0.3, 0.26, 0.2, 0.1), "level": 0.25},
        ],
        **logs,
    ),
    Check.of(
        name="first-step-edges",
        points=1,
        hidden="already below at the start, and exactly at the level.",
        inputs=curves,
        seed=1,
        **logs,
    ),
    Check(
        name="own-run",
        answer="own_run",
        points=3,
        holds="is_read_off_an_own_run",
        cases=(Case({}),),
    ),
]
