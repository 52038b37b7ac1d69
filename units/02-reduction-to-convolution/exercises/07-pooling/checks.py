"""The checks: references, inputs, points."""

import random

from nonconv import reduction
from nonconv.authoring import Case, Check

from ...shared import SEARCHING, STEPS


def window(seed: int) -> dict:
    """A pooling whose window is not square."""
    r = random.Random(seed)
    p, q = r.sample(range(2, 10), 2)
    return {"M": r.randint(2, 4), "p": p, "q": q}


def as_shown(seed: int) -> list[dict]:
    """A square window and one that is not."""
    r = random.Random(seed)
    p = r.randint(2, 9)
    other, q = r.sample((2, 3, 6, 7, 9), 2)  # neither float16 nor two decimals hold 1/(p q)
    return [{"M": r.randint(2, 3), "p": p, "q": p}, {"M": r.randint(2, 4), "p": other, "q": q}]


def average_kernel(M, p, q):
    return reduction.average_pooling(M, (p, q)).weight


averaging = {
    "answer": "average_kernel",
    "reference": average_kernel,
    "returns": ("weight",),
    "may_call": STEPS,
}

CHECKS = [
    Check(
        name="max-pooling-counterexample",
        answer="breaks_additivity",
        points=1,
        holds="breaks_additivity_of_max_pooling",
        cases=(Case({}),),
        may_call=SEARCHING,
    ),
    Check.of(
        name="average-kernel-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[{"M": 2, "p": 2, "q": 2}, {"M": 3, "p": 2, "q": 3}],
        **averaging,
    ),
    Check.of(
        name="average-kernel-global",
        points=1,
        hidden="windows that are not square, as in global average pooling.",
        inputs=lambda seed: [window(seed)],
        **averaging,
    ),
]
