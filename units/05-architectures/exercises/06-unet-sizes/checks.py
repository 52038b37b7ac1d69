"""The checks: references, inputs, points."""

import random

from nonconv.authoring import Check
from nonconv.networks import unet_sizes

from ...shared import ANY_LAYER


def unet_walk(size, depth):
    return tuple(unet_sizes(size, depth))


def fitting_size(size, depth):
    while True:
        try:
            unet_sizes(size, depth)
        except ValueError:
            size += 1
        else:
            return size


def walks(seed: int) -> list[dict]:
    """A U-Net of each depth but 1, at a size that fits."""
    r = random.Random(seed)
    least = {2: 44, 3: 92, 4: 188}  # and from there on every 2^depth
    return [{"size": at + 2**depth * r.randint(0, 20), "depth": depth} for depth, at in least.items()]


def fits(seed: int) -> list[dict]:
    """Sizes that are far too small, a size that fits itself, a size between two that fit."""
    r = random.Random(seed)
    depth, other = r.sample((2, 3, 4), 2)
    fitting = fitting_size(r.randint(300, 600), depth)
    return [
        {"size": r.randint(1, 5), "depth": 1},
        {"size": r.randint(1, 40), "depth": other},
        {"size": r.randint(1, 40), "depth": 3},
        {"size": fitting, "depth": depth},
        {"size": fitting_size(r.randint(300, 600), 3) + r.randint(1, 6), "depth": 3},
    ]


def walks_as_shown(seed: int) -> list[dict]:
    """Depths 1, 2 and 4, at a size that fits."""
    r = random.Random(seed)
    least = {1: 20, 2: 44, 4: 188}
    return [{"size": at + 2**depth * r.randint(0, 24), "depth": depth} for depth, at in least.items()]


def fits_as_shown(seed: int) -> list[dict]:
    """A size that fits, one more, and sizes between two that fit."""
    r = random.Random(seed)
    return [
        {"size": 20 + 2 * r.randint(0, 9), "depth": 1},
        {"size": 21 + 2 * r.randint(0, 9), "depth": 1},
        {"size": 44 + 4 * r.randint(0, 9) + r.choice((1, 2, 3)), "depth": 2},
        {"size": 188 + 16 * r.randint(5, 30) + 1, "depth": 4},
    ]


walk = {"answer": "unet_walk", "reference": unet_walk, "may_call": ANY_LAYER}

fitting = {
    "answer": "fitting_size",
    "reference": fitting_size,
    "returns": ("the size",),
    "may_call": ANY_LAYER,
}

CHECKS = [
    Check.of(
        name="unet-walk-values",
        drawn_anew=walks_as_shown,
        points=2,
        inputs=[{"size": 20, "depth": 1}, {"size": 44, "depth": 2}, {"size": 572, "depth": 4}],
        **walk,
    ),
    Check.of(
        name="unet-walk-more",
        points=1,
        hidden="other depths and sizes.",
        inputs=walks,
        **walk,
    ),
    Check.of(
        name="fitting-size-values",
        drawn_anew=fits_as_shown,
        points=1,
        inputs=[
            {"size": 20, "depth": 1},
            {"size": 21, "depth": 1},
            {"size": 50, "depth": 2},
            {"size": 573, "depth": 4},
        ],
        **fitting,
    ),
    Check.of(
        name="fitting-size-deep",
        points=1,
        hidden="other depths, and sizes that are far too small.",
        inputs=fits,
        **fitting,
    ),
]
