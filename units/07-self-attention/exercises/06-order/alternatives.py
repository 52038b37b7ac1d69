"""Right answers that go other ways."""

from itertools import permutations

import numpy as np
import torch

from nonconv.authoring import right


@right("knows_no_order")
def all_permutations(f, n, d):
    X = torch.rand(n, d, dtype=torch.float64)
    return all(torch.allclose(f(X[list(p)]), f(X)[list(p)]) for p in permutations(range(n)))


@right("knows_no_order")
def a_swap_and_a_turn(f, n, d):
    X = torch.randn(n, d, dtype=torch.float64)
    two = [[1, 0, *range(2, n)], [*range(1, n), 0]]
    return all(bool((f(X[p]) - f(X)[p]).abs().max() < 1e-9) for p in two)


@right("knows_no_order")
def many_random_ones(f, n, d):
    X = torch.arange(n * d, dtype=torch.float64).reshape(n, d).sin()
    for seed in range(60):
        p = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
        if not torch.allclose(f(X[p]), f(X)[p], atol=1e-8):
            return False
    return True


@right("knows_no_order")
def with_permutation_matrices(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    answers = []
    for j in range(1, n):
        P = torch.eye(n, dtype=torch.float64)
        P[[0, j]] = P[[j, 0]]
        answers.append(torch.allclose(f(P @ X), P @ f(X)))
    return torch.tensor(all(answers))


@right("knows_no_order")
def swaps_any_two(f, n, d):
    X = torch.randn(n, d, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    worst = 0.0
    for i in range(n):
        for j in range(i):
            p = np.arange(n)
            p[i], p[j] = j, i
            worst = max(worst, np.abs(f(X[p]).numpy() - f(X).numpy()[p]).max())
    return worst < 1e-9
