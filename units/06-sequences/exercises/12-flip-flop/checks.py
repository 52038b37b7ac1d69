"""The checks: a property, for weights that may be chosen in many ways."""

from random import Random
from typing import Any

from nonconv.authoring import Check


def times(seed: int) -> list[dict[str, Any]]:
    random = Random(seed)
    return [{"T": random.randrange(200, 900)}, {"T": random.randrange(20, 60)}]


switching = {"answer": "switch", "reference": None, "holds": "is_a_switch"}

CHECKS = [
    Check.of(name="switch-short", points=2, inputs=[{"T": 5}, {"T": 40}], **switching),
    Check.of(name="switch-long", points=1, hidden="many more steps.", inputs=times, **switching),
]
