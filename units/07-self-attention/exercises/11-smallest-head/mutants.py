"""Mutants of the solution that are no mistakes: tables that work, by another look than the check's."""

from itertools import combinations

import torch

SIZES = (3, 4, 7, 12)


def _points(tables, row: int, present: list[int]) -> int | None:
    """The token among those present that has the largest score, if it is far enough above the next."""
    Q, K = (one.double() for one in tables)
    scores = K[present] @ Q[row]
    first, *others = scores.sort(descending=True).values.tolist()
    if Q.shape[1] > 2 or (others and first - others[0] <= 8):
        return None
    return present[int(scores.argmax())]


def copies(answer) -> bool:
    return all(_points(answer(n), t, list(range(n))) == t for n in SIZES for t in range(n))


def reverses(answer) -> bool:
    return all(_points(answer(n), t, list(range(n))) == n - 1 - t for n in SIZES for t in range(n))


def sorts(answer) -> bool:
    """Many sets of tokens, written out one after the other."""
    for size, most in ((3, 3), (5, 5), (12, 3)):
        tables = answer(size)
        for many in range(1, most + 1):
            for present in combinations(range(size), many):
                last = -1
                for token in present:
                    if _points(tables, last + 1, list(present)) != token:
                        return False
                    last = token
    return True


RIGHT = {"copy_head": copies, "reverse_head": reverses, "sort_head": sorts}
