"""The checks: references, inputs, points."""

import random as randomness

from nonconv.authoring import (
    Case,
    Check,
)


def curves(seed: int) -> list[dict]:
    """Below at the start; exactly at the level, then a little below, then further; another level; never below; up again."""
    r = randomness.Random(seed)

    def above(level: float, count: int) -> list[float]:
        return sorted((round(r.uniform(level + 0.01, 0.99), 2) for _ in range(count)), reverse=True)

    def below(level: float) -> list[float]:
        return [round(level * r.uniform(0.6, 0.8), 3), round(level * r.uniform(0.3, 0.5), 3)]

    start, at, other = r.choice((0.25, 0.5)), r.choice((0.25, 0.5)), r.choice((0.375, 0.5, 0.625))
    return [
        {"curve": below(start), "level": start},
        {"curve": [*above(at, r.randint(1, 5)), at, round(at - 0.001, 3), *below(at)], "level": at},
        {"curve": [*above(other, r.randint(2, 6)), other - 0.05], "level": other},  # never as low as 1/4
        {"curve": above(other, r.randint(2, 4)), "level": other},
        {"curve": [*above(at, 2), below(at)[0], *above(at, 1), *below(at)], "level": at},
    ]


def as_shown(seed: int) -> list[dict]:
    """Below at last; never; up again behind the first time."""
    r = randomness.Random(seed)

    def above(least: int, most: int) -> list[float]:
        return sorted((r.randint(26, 95) / 100 for _ in range(r.randint(least, most))), reverse=True)

    near = r.randint(15, 24) / 100
    curves = [
        [*above(2, 5), near],
        above(3, 6),
        [*above(2, 4), near, *above(2, 3), near - 0.04, near - 0.1],
    ]
    return [{"curve": curve, "level": 0.25} for curve in curves]


def first_step_below(curve, level):
    return next((n for n, value in enumerate(curve) if value < level), None)


logs = {"answer": "first_step_below", "reference": first_step_below, "returns": ("the step",)}

CHECKS = [
    Check.of(
        name="first-step-logs",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            {"curve": [0.9, 0.5, 0.2], "level": 0.25},
            {"curve": [0.9, 0.6, 0.4, 0.3], "level": 0.25},
            {"curve": [0.9, 0.4, 0.24, 0.3, 0.26, 0.2, 0.1], "level": 0.25},
        ],
        **logs,
    ),
    Check.of(
        name="first-step-edges",
        points=1,
        hidden="already below at the start, exactly at the level, never below, and above it again.",
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
