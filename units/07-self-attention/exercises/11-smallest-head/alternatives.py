"""Right answers that go other ways."""

import math

import numpy as np
import torch

from nonconv.authoring import right


@right("copy_head")
def copies_on_a_parabola(n):
    t = torch.arange(n).double()
    return 10 * torch.stack([2 * t, -torch.ones(n).double()], 1), torch.stack([t, t**2], 1)


@right("copy_head")
def copies_on_a_circle_in_plain_python(n):
    K = [[math.cos(2 * math.pi * t / n), math.sin(2 * math.pi * t / n)] for t in range(n)]
    return 500 * torch.tensor(K), torch.tensor(K)


@right("copy_head")
def copies_on_a_half_circle(n):
    t = np.linspace(0, np.pi, n)
    K = torch.from_numpy(np.stack([np.cos(t), np.sin(t)], 1))
    return 1000 * K, K


@right("copy_head")
def copies_with_whole_numbers(n):
    t = torch.arange(n)
    return torch.stack([18 * t, torch.full_like(t, -9)], 1), torch.stack([t, t * t], 1)


@right("copy_head")
def copies_on_a_hyperbola(n):
    t = 2.0 ** torch.arange(n).double()
    return -20 * torch.stack([1 / t, t], 1), torch.stack([t, 1 / t], 1)


@right("reverse_head")
def reverses_the_queries_of_a_circle(n):
    angle = 2 * torch.pi * torch.arange(n).double() / n
    K = torch.stack([angle.sin(), angle.cos()], 1)
    return 100 * K.flip(0), K


@right("reverse_head")
def reverses_the_keys(n):
    t = torch.arange(n).double()
    Q = 9 * torch.stack([2 * t, torch.ones(n).double()], 1)
    return Q, torch.stack([t, -(t**2)], 1).flip(0)


@right("reverse_head")
def by_a_squared_distance(n):
    pairs = [(n - 1 - t, 1.0) for t in range(n)]
    return torch.tensor(pairs).double() * torch.tensor([40.0, -20.0]), torch.tensor(
        [(float(t), float(t * t)) for t in range(n)]
    ).double()


@right("reverse_head")
def turns_a_mirrored_circle_by_one_step(n):
    angle = 2 * torch.pi * torch.arange(n).double() / n
    back = -angle - 2 * torch.pi / n
    return 300 * torch.stack([back.cos(), back.sin()], 1), torch.stack([angle.cos(), angle.sin()], 1)


@right("reverse_head")
def reverses_on_a_half_circle(n):
    t = np.linspace(-1.5, 1.5, n)
    K = torch.from_numpy(np.column_stack([np.sin(t), np.cos(t)]))
    return 2000 * torch.flip(K, [0]), K


@right("sort_head")
def with_another_base(size):
    k, y = torch.arange(size).double(), torch.arange(-1, size).double()
    c = 400.0
    return -12 * torch.stack([c ** (y + 0.5), torch.ones_like(y)], 1), torch.stack([c**-k, k], 1)


@right("sort_head")
def with_the_lost_row_at_zero(size):
    """Each query scaled by itself: only the gaps of a row matter."""
    K = torch.tensor([(900.0**-k, k) for k in range(size)]).double()
    rows = [(30.0 * 900.0**y, 1.0) for y in range(-1, size)]
    return -15 * torch.tensor(rows).double(), K


@right("sort_head")
def by_way_of_numpy(size):
    k, y = np.arange(size, dtype=float), np.arange(-1, size, dtype=float)
    K = np.stack([np.exp(-8 * k), -k], 1)
    return torch.from_numpy(np.stack([-9 * np.exp(8 * y + 4), np.full(size + 1, 9.0)], 1)), torch.from_numpy(
        K
    )


@right("sort_head")
def found_by_squeezing_the_scores(size):
    """Keys with the exponential moved into them, from the largest token down."""
    k, y = torch.arange(size).double(), torch.arange(-1, size).double()
    low = 2500.0 ** (size - k)
    return torch.stack([-500 * 2500.0 ** (y - size), -11 * torch.ones_like(y)], 1), torch.stack([low, k], 1)


@right("sort_head")
def with_swapped_columns(size):
    k, y = torch.arange(size).double(), torch.arange(-1, size).double()
    Q = torch.stack([torch.full_like(y, -20), -20 * 625.0 ** (y + 0.5)], 1)
    return [Q, torch.stack([k, 625.0**-k], 1)]
