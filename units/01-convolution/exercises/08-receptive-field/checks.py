"""The checks: references, inputs, points."""

import random
from typing import Any

from nonconv.authoring import Check, first_that


def receptive_field(stack):
    """From the top down; the jump is where the second neuron's first row lies."""
    size, first, second = 1, 0, 1
    for p, s, d in reversed(stack):
        size = (size - 1) * s + d * (p - 1) + 1
        first, second = first * s, second * s
    return size, second - first


def tells(stack: list[tuple[int, int, int]]) -> bool:
    """Is every stride, every dilation and their order seen?"""
    forwards, backwards = receptive_field(stack), receptive_field(stack[::-1])
    flat = receptive_field([(p, s, 1) for p, s, _ in stack])
    return len({forwards[0], backwards[0], flat[0]}) == 3


def stacks(seed: int) -> list[dict[str, Any]]:
    """Four layers, in which order, stride and dilation show; one layer; the empty stack."""

    def drawn(seed: int) -> dict[str, Any]:
        r = random.Random(seed)
        return {"stack": [(r.randrange(2, 6), r.randrange(2, 4), r.randrange(2, 4)) for _ in range(4)]}

    r = random.Random(seed + 1)
    one = (r.randrange(2, 60), r.randrange(2, 9), r.randrange(2, 9))
    return [first_that(tells, drawn, seed), {"stack": [one]}, {"stack": []}]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """Two layers with a stride and without; three layers, in which order, stride and dilation show; one; none."""

    def three(seed: int) -> dict[str, Any]:
        r = random.Random(seed)
        return {"stack": [(r.randrange(2, 6), r.randrange(2, 4), r.randrange(1, 4)) for _ in range(3)]}

    r = random.Random(seed + 1)
    return [
        {"stack": [(2, r.randrange(2, 5), 1), (r.randrange(3, 6), 1, 1)]},
        {"stack": [(r.randrange(3, 6), 1, 1), (3, 1, 1)]},
        first_that(tells, three, seed),
        {"stack": [(r.randrange(4, 9), 2, 3)]},
        {"stack": []},
    ]


fields = {"answer": "receptive_field", "reference": receptive_field, "returns": ("size", "jump")}

CHECKS = [
    Check.of(
        name="field-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {"stack": [(2, 2, 1), (3, 1, 1)]},
            {"stack": [(3, 1, 1), (3, 1, 1)]},
            {"stack": [(3, 2, 2), (4, 3, 1), (2, 2, 3)]},
            {"stack": [(5, 2, 3)]},
            {"stack": []},
        ],
        **fields,
    ),
    Check.of(
        name="field-stacks",
        points=1,
        hidden="deeper stacks, a single layer, no layer.",
        inputs=stacks,
        seed=2,
        **fields,
    ),
]
