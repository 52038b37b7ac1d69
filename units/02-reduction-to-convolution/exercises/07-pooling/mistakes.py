"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

ADDITIVITY = ["max-pooling-counterexample"]


@wrong("breaks_additivity", shows="adding 0 never shows anything", loses=ADDITIVITY)
def adds_zero():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])[None, None]
    return x, torch.zeros_like(x)


@wrong("breaks_additivity", shows="Put the maxima of one window at different places", loses=ADDITIVITY)
def adds_it_to_itself():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])[None, None]
    return x, x


@wrong("breaks_additivity", shows="Put the maxima of one window at different places", loses=ADDITIVITY)
def adds_a_constant():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    return x, torch.full_like(x, 5.0)


@wrong("breaks_additivity", shows="must have shape (N, M, H, W) with H and W at least 2", loses=ADDITIVITY)
def forgets_batch_and_maps():
    return torch.tensor([[1.0, 0.0], [0.0, 0.0]]), torch.tensor([[0.0, 1.0], [0.0, 0.0]])


@wrong("breaks_additivity", shows="x and y must be two tensors of one shape", loses=ADDITIVITY)
def returns_lists():
    return [[1, 0], [0, 0]], [[0, 1], [0, 0]]


@wrong("breaks_additivity", shows="return two tensors x and y", loses=ADDITIVITY)
def returns_one_input():
    return torch.rand(1, 1, 4, 4)


@wrong("breaks_additivity", shows="all numbers must be finite", loses=ADDITIVITY)
def uses_infinity():
    x = torch.eye(2)[None, None] / 0
    return x, x.flip(3)


@right("breaks_additivity")
def with_one_and_minus_one():
    x = torch.eye(2).reshape(1, 1, 2, 2)
    return x, -x


@right("breaks_additivity")
def at_random():
    generator = torch.Generator().manual_seed(0)
    return tuple(torch.randn(2, 2, 3, 6, 6, generator=generator))


AVERAGE = ("average-kernel-values", "average-kernel-global")


@wrong(
    "average_kernel",
    says="this is the sum over the window: an average divides by its pq numbers.",
    loses=AVERAGE,
)
def sums_the_window(M, p, q):
    return torch.ones(M, 1, p, q)


@wrong("average_kernel", says="you divide by the rows only: a window has p times q numbers.", loses=AVERAGE)
def divides_by_the_rows(M, p, q):
    return torch.ones(M, 1, p, q) / p


@wrong(
    "average_kernel",
    says="you divide by the number of maps as well: each map is averaged alone.",
    loses=AVERAGE,
)
def divides_by_the_maps_too(M, p, q):
    return torch.full((M, 1, p, q), 1.0) / (M * p * q)


@wrong("average_kernel", shows="expected shape (2, 1, 2, 2), got (2, 2, 2, 2)", loses=AVERAGE)
def averages_over_the_maps(M, p, q):
    return torch.ones(M, M, p, q) / (p * q)


@wrong("average_kernel", shows="expected shape (2, 1, 2, 2), got (1, 1, 2, 2)", loses=AVERAGE)
def makes_one_kernel_for_all(M, p, q):
    return torch.ones(1, 1, p, q).div(p * q)


@wrong("average_kernel", shows="expected shape (2, 1, 2, 2), got (2, 2, 2)", loses=AVERAGE)
def forgets_the_axis_of_length_one(M, p, q):
    return torch.ones(M, p, q) / p / q


@wrong(
    "average_kernel",
    says="the kernel is square: it has p rows and q columns.",
    loses=AVERAGE,
)
def makes_it_square(M, p, q):
    return torch.ones(M, 1, p, p) / p**2


@right("average_kernel")
def repeats_one_kernel(M, p, q):
    return (torch.ones(1, 1, p, q) / (p * q)).repeat(M, 1, 1, 1)


@right("average_kernel")
def fills_a_tensor(M, p, q):
    kernel = torch.empty(M, 1, p, q, dtype=torch.float64)
    return kernel.fill_(1 / p / q)
