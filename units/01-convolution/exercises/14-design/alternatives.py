"""Right answers that go other ways."""

import torch

from nonconv.authoring import right


@right("design")
def doubles_the_dilation(M, K, field, budget):
    stack, reach = [], 1
    while reach < field:
        d = min(reach, field - reach)  # no hole: all rows up to `reach` are seen already
        stack.append((M, 2, d, M))
        reach += d
    return [*stack, (K, 1, 1, 1)]


@right("design")
def mixes_first_into_one_map(M, K, field, budget):
    stack = [(1, 1, 1, 1), *[(1, 2, 1, 1)] * (field - 1), (K, 1, 1, 1)]
    return tuple(stack)


@right("design")
def as_a_tensor(M, K, field, budget):
    rows = [[M, 3, 1, M]] * ((field - 1) // 2) + [[M, 2, 1, M]] * ((field - 1) % 2) + [[K, 1, 1, 1]]
    return torch.tensor(rows)


@right("design")
def triples_the_dilation(M, K, field, budget):
    stack, reach, d = [(M, 1, 1, M)], 1, 1
    while field - reach >= 2 * d:
        stack.append((M, 3, d, M))
        reach, d = reach + 2 * d, 3 * d
    while reach < field:
        step = min(reach, field - reach)
        stack.append((M, 2, step, M))
        reach += step
    return [*stack, (K, 1, 1, 1)]


@right("design")
def mixes_in_the_middle_of_it(M, K, field, budget):
    half = (field - 1) // 2
    stack = [(M, 2, 1, M)] * half + [(1, 1, 1, 1)] + [(1, 2, 1, 1)] * (field - 1 - half)
    return [[float(one) for one in layer] for layer in [*stack, (K, 1, 1, 1)]]
