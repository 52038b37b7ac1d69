"""Right answers that go other ways."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from nonconv.authoring import right


@right("pad_same")
def by_indices(X, p, q, s, mode):
    def places(n, k):
        need = max(math.ceil(n / s) * s - s + k, n)
        return [i - (need - n) // 2 for i in range(need)]

    rows, columns = places(X.shape[1], p), places(X.shape[2], q)
    Y = X.new_zeros(len(X), len(rows), len(columns))
    for a, i in enumerate(rows):
        for b, j in enumerate(columns):
            inside = 0 <= i < X.shape[1] and 0 <= j < X.shape[2]
            if mode == "mirror":
                i2 = abs(i) if i < X.shape[1] else 2 * X.shape[1] - 2 - i
                j2 = abs(j) if j < X.shape[2] else 2 * X.shape[2] - 2 - j
                Y[:, a, b] = X[:, i2, j2]
            elif inside:
                Y[:, a, b] = X[:, i, j]
    return Y


@right("pad_same")
def by_way_of_numpy(X, p, q, s, mode):
    sides = [(0, 0)]
    for n, k in zip(X.shape[1:], (p, q), strict=True):
        missing = max(((n + s - 1) // s - 1) * s + k - n, 0)
        sides.append((missing // 2, (missing + 1) // 2))
    return torch.from_numpy(np.pad(X.numpy(), sides, mode="reflect" if mode == "mirror" else "constant"))


@right("pad_same")
def one_side_after_the_other(X, p, q, s, mode):
    how = "reflect" if mode == "mirror" else "constant"
    for axis, k in ((1, p), (2, q)):
        n = X.shape[axis]
        rest = n % s or s
        missing = max(k - rest, 0)
        sides = (missing // 2, missing - missing // 2)
        frame = (0, 0, *sides) if axis == 1 else (*sides, 0, 0)
        X = F.pad(X, frame, mode=how)
    return X


@right("pad_same")
def glues_flipped_parts(X, p, q, s, mode):
    for axis, k in ((1, p), (2, q)):
        n = X.shape[axis]
        missing = max(k - (n % s if n % s else s), 0)
        a, b = missing // 2, missing - missing // 2
        before, after = X.narrow(axis, 1, a).flip(axis), X.narrow(axis, n - 1 - b, b).flip(axis)
        if mode == "zeros":
            before, after = torch.zeros_like(before), torch.zeros_like(after)
        X = torch.cat([before, X, after], axis)
    return X


@right("pad_same")
def grows_until_it_fits(X, p, q, s, mode):
    def missing(n, k):
        rows = 0
        while n + rows < k or (n + rows - k) // s + 1 < math.ceil(n / s):
            rows += 1
        return rows

    r, c = missing(X.shape[1], p), missing(X.shape[2], q)
    frame = [c // 2, c - c // 2, r // 2, r - r // 2]
    return F.pad(X, frame) if mode == "zeros" else F.pad(X[None], frame, "reflect")[0]
