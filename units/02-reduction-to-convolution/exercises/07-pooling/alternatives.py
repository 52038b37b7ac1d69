"""Right answers that go other ways."""

import numpy as np
import torch

from nonconv.authoring import right


@right("breaks_additivity")
def with_one_and_minus_one():
    x = torch.eye(2).reshape(1, 1, 2, 2)
    return x, -x


@right("breaks_additivity")
def at_random():
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.randn(2, 2, 3, 6, 6, generator=generator))


@right("average_kernel")
def repeats_one_kernel(M, p, q):
    return (torch.ones(1, 1, p, q) / (p * q)).repeat(M, 1, 1, 1)


@right("average_kernel")
def fills_a_tensor(M, p, q):
    kernel = torch.empty(M, 1, p, q, dtype=torch.float64)
    return kernel.fill_(1 / p / q)


@right("breaks_additivity")
def searches_with_the_frameworks_pooling():
    pool, generator = torch.nn.MaxPool2d(2), torch.Generator().manual_seed(1)
    while True:
        x, y = torch.randint(-2, 3, (2, 1, 2, 4, 4), generator=generator).float()
        if not torch.equal(pool(x + y), pool(x) + pool(y)):  # exact: whole numbers
            return x, y


@right("breaks_additivity")
def true_and_false():
    x = torch.eye(2, dtype=torch.bool)[None, None]
    return x, ~x


@right("breaks_additivity")
def small_beside_large():
    x = torch.tensor([[[[1.0, 0], [0, 0]]]], dtype=torch.float64)
    return [x, 1e-9 * x.flip(2, 3)]


@right("breaks_additivity")
def nearly_too_large():
    x = torch.tensor(np.diag([1e308, 1.7e308])[None, None])
    return x, x.flip(3) - x


@right("average_kernel")
def by_the_gradient_of_the_mean(M, p, q):
    window = torch.zeros(p, q, requires_grad=True)
    window.mean().backward()
    return torch.stack([window.grad[None]] * M)


@right("average_kernel")
def asks_the_framework_at_impulses(M, p, q):
    impulses = torch.eye(p * q, dtype=torch.float64).reshape(p * q, 1, p, q)
    return torch.nn.functional.avg_pool2d(impulses, (p, q)).reshape(1, 1, p, q).expand(M, 1, p, q)


@right("average_kernel")
def as_a_column_times_a_row(M, p, q):
    return torch.einsum("m,u,v->muv", torch.ones(M), torch.full((p,), 1 / p), torch.full((q,), 1 / q))[
        :, None
    ]


@right("average_kernel")
def with_numpy(M, p, q):
    return torch.from_numpy(np.full((M, 1, p, q), np.divide(1, p * q)))
