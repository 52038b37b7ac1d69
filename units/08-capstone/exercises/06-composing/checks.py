"""The checks: references, inputs, points."""

import random
from itertools import pairwise, product

from nonconv.authoring import Check


def merged(maps, kernels, size, cuts):
    """Multiply–adds of the stack if it is cut behind these layers, and each piece becomes one convolution."""
    total = 0
    for i, j in pairwise([0, *cuts, len(kernels)]):
        rows = size - sum(p - 1 for p in kernels[:j])
        total += maps[i] * maps[j] * (1 + sum(p - 1 for p in kernels[i:j])) ** 2 * rows**2
    return total


def multiply_adds(maps, kernels, size):
    return merged(maps, kernels, size, range(1, len(kernels))), merged(maps, kernels, size, ())


def fewest(maps, kernels, size):
    """By trying all ways to cut."""
    places = range(1, len(kernels))
    ways = product((False, True), repeat=len(places))
    return min(
        merged(maps, kernels, size, [n for n, cut in zip(places, way, strict=True) if cut]) for way in ways
    )


def stacks(seed: int, lengths: tuple[int, ...]) -> list[dict]:
    """Stacks with wide and narrow places."""
    r = random.Random(seed)
    found = []
    for n in lengths:
        maps = [r.choice((1, 2, 3, 4, 6, 16)) for _ in range(n + 1)]
        kernels = [r.choice((1, 2, 3, 3, 5)) for _ in range(n)]
        found.append({"maps": maps, "kernels": kernels, "size": sum(kernels) + r.randint(2, 9)})
    return found


# merging the pair that saves most, again and again, gets stuck in these: (maps, kernels, least size, largest)
STUCK = (
    ([1, 6, 3, 4, 4], [5, 4, 4, 5], 25, 37),
    ([2, 3, 8, 4, 4], [3, 2, 4, 5], 21, 27),
    ([2, 3, 3, 8, 3], [4, 3, 4, 4], 18, 24),
)


def telling(seed: int) -> list[dict]:
    """Stacks in which neither extreme is the best nor pairs alone, and two of STUCK."""
    r, found = random.Random(seed), []
    while len(found) < 4:
        (one,) = stacks(r.randrange(10**9), (4 + len(found) % 3,))
        if fewest(**one) < min(*multiply_adds(**one), pairs_alone(**one)):
            found.append(one)
    for maps, kernels, least, largest in r.sample(STUCK, 2):
        times = r.randint(1, 4)  # all maps times as many: the same choice is the best
        found.append(
            {"maps": [times * one for one in maps], "kernels": kernels, "size": r.randint(least, largest)}
        )
    return found


def pairs_alone(maps, kernels, size):
    """The fewest if at most two neighbours become one."""
    best = [0]
    for j in range(1, len(kernels) + 1):
        rows = size - sum(p - 1 for p in kernels[:j])
        best.append(
            min(
                best[i] + maps[i] * maps[j] * ((1 + sum(p - 1 for p in kernels[i:j])) * rows) ** 2
                for i in range(max(0, j - 2), j)
            )
        )
    return best[-1]


def fewest_as_shown(seed: int) -> list[dict]:
    """Small stacks, of which some are best as they stand and others as one; then `telling` ones."""
    r = random.Random(seed)
    wide = r.randint(12, 20)
    return [
        {"maps": [1, 2, 1], "kernels": [3, 3], "size": r.randint(6, 12)},
        {"maps": [4, 1, 4], "kernels": [1, 3], "size": r.randint(3, 9)},
        {"maps": [r.randint(2, 5), 3], "kernels": [3], "size": r.randint(5, 9)},
        {"maps": [1, wide, 1, wide, 1], "kernels": [3, 3, 3, 3], "size": r.randint(18, 24)},
        {"maps": [3, wide, wide, 2], "kernels": [3, 1, 3], "size": r.randint(8, 12)},
        {"maps": [6, 1, wide, wide, 4, 6], "kernels": [3, 1, 3, 1, 5], "size": r.randint(13, 17)},
        *telling(seed)[::2],
        *telling(seed)[-1:],
    ]


counting = {"answer": "multiply_adds", "reference": multiply_adds, "returns": ("as it stands", "as one")}
least = {"answer": "fewest", "reference": fewest}

CHECKS = [
    Check.of(
        name="counting-values",
        drawn_anew=lambda seed: stacks(seed, (2, 1, 3, 3)),
        points=1,
        inputs=[
            {"maps": [1, 2, 1], "kernels": [3, 3], "size": 6},
            {"maps": [3, 5], "kernels": [4], "size": 9},
            {"maps": [2, 3, 5, 4], "kernels": [1, 3, 5], "size": 12},
            {"maps": [4, 2, 2, 3], "kernels": [5, 2, 1], "size": 10},
        ],
        **counting,
    ),
    Check.of(
        name="counting-drawn",
        points=1,
        hidden="longer stacks.",
        inputs=lambda seed: stacks(seed, (3, 4, 6)),
        seed=2,
        **counting,
    ),
    Check.of(
        name="fewest-values",
        drawn_anew=fewest_as_shown,
        points=2,
        inputs=[
            {"maps": [1, 2, 1], "kernels": [3, 3], "size": 6},
            {"maps": [4, 1, 4], "kernels": [1, 3], "size": 3},
            {"maps": [2, 3], "kernels": [3], "size": 7},
            {"maps": [1, 16, 1, 16, 1], "kernels": [3, 3, 3, 3], "size": 20},
            {"maps": [3, 16, 16, 2], "kernels": [3, 1, 3], "size": 10},
            {"maps": [6, 1, 16, 16, 4, 6], "kernels": [3, 1, 3, 1, 5], "size": 15},
            *telling(1)[::2],
            *telling(1)[-1:],
        ],
        **least,
    ),
    Check.of(
        name="fewest-drawn",
        points=2,
        hidden="longer stacks, in which merging one pair after the other is not the best.",
        inputs=telling,
        seed=7,
        **least,
    ),
]
