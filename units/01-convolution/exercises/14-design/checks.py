"""The checks: references, inputs, points."""

import random
from typing import Any

from nonconv.authoring import Check


def case(M: int, K: int, field: int) -> dict[str, Any]:
    return {"M": M, "K": K, "field": field, "budget": 6 * M * field + M * K + 2 * K}


def tasks(seed: int) -> list[dict[str, Any]]:
    """An odd field and an even one, few maps out of many and many out of few, a single row."""
    r = random.Random(seed)
    M = r.randrange(2, 6)
    return [
        # a multiple of M: groups would fit everywhere
        case(M, M * r.randrange(3, 6), 2 * r.randrange(6, 30) + 1),
        # a prime number of maps, and too many of them for a layer that mixes them on the way
        case(r.choice((13, 17)), r.randrange(2, 7), 2 * r.randrange(5, 11)),
        case(r.randrange(2, 9), r.randrange(2, 9), 1),
    ]


designing = {"answer": "design", "holds": "sees_so_many_rows", "reference": None}

CHECKS = [
    Check.of(
        name="design-thirty-one",
        points=2,
        inputs=[{"M": 3, "K": 16, "field": 31, "budget": 1000}, {"M": 4, "K": 8, "field": 12, "budget": 340}],
        **designing,
    ),
    Check.of(
        name="design-others",
        points=1,
        hidden="other fields, odd and even, other maps, a field of one row.",
        inputs=tasks,
        seed=1,
        **designing,
    ),
]
