"""The checks: references, inputs, points."""

import random
from typing import Any

from nonconv.authoring import Check


def input_sizes(out, p, s, P, d):
    found = [
        H
        for H in range(1, out * s + d * p + 2)
        if d * (p - 1) + 1 <= H + 2 * P and (H + 2 * P - d * (p - 1) - 1) // s + 1 == out
    ]
    return (found[0], found[-1]) if found else None


def drawn(seed: int) -> list[dict[str, Any]]:
    """An ordinary one; a smallest size that would be below 1; one row only; none, narrowly and by far; an
    input smaller than the kernel, whose frame makes up for it.
    """
    r = random.Random(seed)
    p, s, P, d = r.randrange(3, 7), r.randrange(3, 6), r.randrange(1, 3), r.randrange(2, 4)
    few = r.randrange(4, 9)
    return [
        {"out": r.randrange(40, 90), "p": p, "s": s, "P": P, "d": d},
        {"out": 1, "p": 1, "s": 2 * few, "P": few - 1, "d": 1},
        {"out": 1, "p": 1, "s": 2 * few + 1, "P": few, "d": r.randrange(1, 9)},
        {"out": 1, "p": 1, "s": 2 * few, "P": few, "d": r.randrange(1, 9)},
        {"out": 2, "p": 1, "s": 2, "P": r.randrange(3, 60), "d": r.randrange(1, 9)},
        {"out": 1, "p": r.randrange(4, 8), "s": r.randrange(3, 6), "P": r.randrange(1, 3), "d": 2},
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """Four ordinary ones; −few rows would do, if there were such; one row only; none, narrowly; a frame."""
    r = random.Random(seed)
    few = r.randrange(3, 9)
    return [
        {"out": r.randrange(3, 9), "p": 3, "s": 2, "P": 1, "d": 1},
        {"out": r.randrange(20, 40), "p": 3, "s": 2, "P": 4, "d": r.randrange(2, 4)},
        {"out": r.randrange(5, 9), "p": 4, "s": 1, "P": 0, "d": 2},
        {"out": r.randrange(4, 9), "p": 2, "s": 4, "P": 2, "d": r.randrange(4, 7)},
        {"out": 1, "p": 1, "s": 2 * few + 2, "P": few, "d": r.randrange(2, 6)},
        {"out": 1, "p": 1, "s": 2 * few + 1, "P": few, "d": r.randrange(2, 6)},
        {"out": 1, "p": 1, "s": 2 * few, "P": few, "d": r.randrange(2, 6)},
        {"out": 1, "p": r.randrange(6, 9), "s": 3, "P": 2, "d": 1},
    ]


sizes = {"answer": "input_sizes", "reference": input_sizes, "returns": ("smallest", "largest")}

CHECKS = [
    Check.of(
        name="sizes-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            {"out": 3, "p": 3, "s": 2, "P": 1, "d": 1},
            {"out": 26, "p": 3, "s": 2, "P": 4, "d": 3},
            {"out": 7, "p": 4, "s": 1, "P": 0, "d": 2},
            {"out": 5, "p": 2, "s": 4, "P": 2, "d": 5},
            {"out": 1, "p": 1, "s": 8, "P": 3, "d": 2},  # −5 rows would do, if there were such
            {"out": 1, "p": 1, "s": 7, "P": 3, "d": 5},  # one row only
            {"out": 1, "p": 1, "s": 6, "P": 3, "d": 4},  # no row at all, narrowly
            {"out": 1, "p": 6, "s": 3, "P": 2, "d": 1},  # the frame makes up for a small image
        ],
        **sizes,
    ),
    Check.of(
        name="sizes-edges",
        points=1,
        hidden="other numbers; a smallest size that is at least 1; an output that no input gives.",
        inputs=drawn,
        seed=5,
        **sizes,
    ),
]
