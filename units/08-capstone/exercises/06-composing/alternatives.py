"""Right answers in other costumes."""

from functools import lru_cache
from itertools import accumulate, combinations, pairwise

import numpy
import torch

from nonconv.authoring import right


@right("multiply_adds")
def with_a_list_of_rows(maps, kernels, size):
    rows = [size - sum(kernels[: n + 1]) + n + 1 for n in range(len(kernels))]
    layers = [maps[n] * maps[n + 1] * (kernels[n] * rows[n]) ** 2 for n in range(len(kernels))]
    one = sum(kernels) - len(kernels) + 1
    return sum(layers), maps[0] * maps[-1] * (one * rows[-1]) ** 2


@right("multiply_adds")
def with_numpy(maps, kernels, size):
    M, p = numpy.array(maps), numpy.array(kernels)
    rows = size - numpy.cumsum(p - 1)
    total = (M[:-1] * M[1:] * p**2 * rows**2).sum()
    return [total, M[0] * M[-1] * (1 + (p - 1).sum()) ** 2 * rows[-1] ** 2]


@right("multiply_adds")
def with_tensors(maps, kernels, size):
    M, p = torch.tensor(maps), torch.tensor(kernels)
    rows = size - (p - 1).cumsum(0)
    one = size - rows[-1] + 1
    return (M[:-1] * M[1:] * (p * rows).square()).sum(), M[0] * M[-1] * (one * rows[-1]).square()


@right("multiply_adds")
def with_accumulate(maps, kernels, size):
    rows = list(accumulate(kernels, lambda rows, p: rows - p + 1, initial=size))
    each = (M * K * (p * r) ** 2 for (M, K), p, r in zip(pairwise(maps), kernels, rows[1:], strict=True))
    return tuple([sum(each), maps[0] * maps[-1] * ((rows[0] - rows[-1] + 1) * rows[-1]) ** 2])


@right("multiply_adds")
def from_the_last_layer_to_the_first(maps, kernels, size):
    last = size + len(kernels) - sum(kernels)
    rows, total = last, 0
    for n in reversed(range(len(kernels))):
        total += maps[n] * maps[n + 1] * kernels[n] ** 2 * rows**2
        rows += kernels[n] - 1
    return total, maps[0] * maps[len(maps) - 1] * (rows - last + 1) ** 2 * last**2


@right("fewest")
def by_trying_all_cuts(maps, kernels, size):
    n = len(kernels)
    rows = [size - sum(kernels[:k]) + k for k in range(n + 1)]

    def cost(cuts):
        pieces = pairwise([0, *cuts, n])
        return sum(maps[i] * maps[j] * ((rows[i] - rows[j] + 1) * rows[j]) ** 2 for i, j in pieces)

    return min(cost(cuts) for many in range(n) for cuts in combinations(range(1, n), many))


@right("fewest")
def by_bits(maps, kernels, size):
    n, best = len(kernels), None
    for bits in range(2 ** (n - 1)):
        total, rows, start, p = 0, size, 0, 1
        for k in range(n):
            p += kernels[k] - 1
            if k == n - 1 or bits >> k & 1:
                rows -= p - 1
                total += maps[start] * maps[k + 1] * p * p * rows * rows
                start, p = k + 1, 1
        best = total if best is None else min(best, total)
    return best


@right("fewest")
def recursively_with_a_memory(maps, kernels, size):
    @lru_cache(None)
    def rest(i, rows):
        if i == len(kernels):
            return 0
        ways, p = [], 1
        for j in range(i, len(kernels)):
            p += kernels[j] - 1
            out = rows - p + 1
            ways.append(maps[i] * maps[j + 1] * (p * out) ** 2 + rest(j + 1, out))
        return min(ways)

    return rest(0, size)


@right("fewest")
def as_a_shortest_path(maps, kernels, size):
    n = len(kernels)
    rows = numpy.array([size, *(size - numpy.cumsum(numpy.array(kernels) - 1))])
    way = numpy.full(n + 1, numpy.inf)
    way[0] = 0
    for _ in range(n):  # Bellman and Ford
        for i in range(n):
            for j in range(i + 1, n + 1):
                step = maps[i] * maps[j] * float((rows[i] - rows[j] + 1) * rows[j]) ** 2
                way[j] = min(way[j], way[i] + step)
    return int(way[n])


@right("fewest")
def backwards(maps, kernels, size):
    n = len(kernels)
    rows = [size + k - sum(kernels[:k]) for k in range(n + 1)]
    best = {n: 0}
    for i in reversed(range(n)):
        best[i] = min(
            maps[i] * maps[j] * (rows[i] - rows[j] + 1) ** 2 * rows[j] ** 2 + best[j]
            for j in range(i + 1, n + 1)
        )
    return best[0]


@right("fewest")
def by_intervals(maps, kernels, size):
    n = len(kernels)
    rows = [size - sum(p - 1 for p in kernels[:k]) for k in range(n + 1)]
    table = {}
    for length in range(1, n + 1):
        for i in range(n - length + 1):
            j = i + length
            whole = maps[i] * maps[j] * (rows[i] - rows[j] + 1) ** 2 * rows[j] ** 2
            table[i, j] = min([whole, *(table[i, k] + table[k, j] for k in range(i + 1, j))])
    return table[0, n]
