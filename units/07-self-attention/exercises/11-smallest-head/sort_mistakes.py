"""What students answer for sorting: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

BOTH = ("sort-works", "sort-narrow")


@wrong("sort_head", shows="it works, with width", loses=["sort-narrow"])
def sorts_with_the_identity(size):
    k = torch.arange(size).double()
    y = torch.arange(-1, size)[:, None]
    Q = torch.where(k > y, -9 * k, -9 * k - 200)
    return Q, torch.eye(size, dtype=torch.float64)


@wrong("sort_head", shows="but it has been written already", loses=BOTH)
def takes_the_smallest_always(size):
    k = torch.arange(size, dtype=torch.float64)[:, None]
    return torch.full((size + 1, 1), -9.0, dtype=torch.float64), k


@wrong("sort_head", shows="before", loses=BOTH)
def takes_the_largest(size):
    k = torch.arange(size).double()
    y = torch.arange(-1, size)[:, None]
    return torch.where(k > y, 9 * k, -200.0), torch.eye(size, dtype=torch.float64)


@wrong("sort_head", shows="the two have the same score", loses=BOTH)
def takes_the_next_number_only(size):
    """As if no token were ever missing."""
    K = torch.eye(size, dtype=torch.float64)
    return 9 * torch.cat([K, torch.zeros(1, size, dtype=torch.float64)]), K


@wrong("sort_head", shows="the two have the same score", loses=BOTH)
def takes_the_nearest(size):
    """On a parabola the nearest to y + 1 wins, and that may be a smaller one."""
    k = torch.arange(size).double()
    y = torch.arange(-1, size).double()
    return 10 * torch.stack([2 * (y + 1), torch.ones_like(y)], 1), torch.stack([k, -(k**2)], 1)


@wrong("sort_head", shows="make the queries longer", loses=BOTH)
def sorts_softly(size):
    k = torch.arange(size).double()
    y = torch.arange(-1, size)[:, None]
    return torch.where(k > y, -k, -k - 20), torch.eye(size, dtype=torch.float64)


@wrong("sort_head", shows="Q must have", loses=BOTH)
def forgets_the_start(size):
    k = torch.arange(size).double()
    return torch.where(k > k[:, None], -9 * k, -9 * k - 200), torch.eye(size, dtype=torch.float64)


@wrong("sort_head", shows="before", loses=BOTH)
def takes_a_base_that_is_too_small(size):
    k = torch.arange(size).double()
    y = torch.arange(-1, size).double()
    return torch.stack([-10 * 2.0 ** (y + 1), torch.full_like(y, -10.0)], 1), torch.stack([2.0**-k, k], 1)


@wrong("sort_head", shows="there is an infinity among them; float32 ends at 3.4e38", loses=BOTH)
def overflows_before_it_is_double(size):
    Q = torch.tensor([[-(2.0 ** (14 * y + 9)), 1.0] for y in range(-1, size)]).double()
    return Q, torch.tensor([[2.0 ** (-14 * k), -16.0 * k] for k in range(size)]).double()


@wrong("sort_head", shows="return the pair (Q, K)", loses=BOTH)
def sorts_by_itself(size):
    return torch.arange(size).sort().values
