"""Right answers that go other ways."""

import torch

from nonconv.authoring import right


@right("breaks_additivity")
def rows_of_the_identity(se):
    return torch.eye(4)[0, :, None, None], torch.eye(4)[1, :, None, None]


@right("breaks_additivity")
def whole_numbers_in_a_list(se):
    return [torch.tensor([[[0]], [[0]], [[7]], [[0]]]), torch.tensor([[[0]], [[0]], [[0]], [[2]]])]


@right("breaks_additivity")
def random_maps(se):
    generator = torch.Generator().manual_seed(0)
    x, y = torch.zeros(2, 4, 3, 2, dtype=torch.float64)
    x[1] = torch.rand(3, 2, generator=generator)
    y[0] = torch.rand(3, 2, generator=generator)
    return x, y


@right("breaks_additivity")
def one_large_and_one_small(se):
    x, y = torch.zeros(2, 4, 20, 30)
    x[2, 5, 5], y[3] = 1000, 0.5
    return x, y


@right("breaks_additivity")
def of_both_signs(se):
    x = torch.nn.functional.pad(torch.ones(1, 2, 2), (0, 0, 0, 0, 0, 3))
    return x, -x.roll(2, 0)


@right("breaks_additivity")
def in_half_precision(se):
    x = torch.zeros(4, 1, 1, dtype=torch.float16)
    y = x.clone()
    x[3], y[2] = 1, -1
    return x, y


@right("breaks_additivity")
def looks_for_the_best_pair(se):
    maps = [c * one[:, None, None] for one in torch.eye(4, dtype=torch.float64) for c in (-2, -1, 1, 2)]
    pairs = [(x, y) for x in maps for y in maps if not (x * y).any()]
    return max(pairs, key=lambda pair: (se(pair[0] + pair[1]) - se(pair[0]) - se(pair[1])).abs().max())
