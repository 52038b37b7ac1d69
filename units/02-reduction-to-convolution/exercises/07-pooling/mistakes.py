"""What students answer: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

ADDITIVITY = ["max-pooling-counterexample"]
AVERAGE = ("average-kernel-values", "average-kernel-global")


@wrong("breaks_additivity", shows="adding 0 never shows anything", loses=ADDITIVITY)
def adds_zero():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])[None, None]
    return x, torch.zeros_like(x)


@wrong("breaks_additivity", shows="Put the maxima of one window at different places", loses=ADDITIVITY)
def adds_it_to_itself():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])[None, None]
    return x, x


@wrong("breaks_additivity", shows="a constant only shifts the maximum", loses=ADDITIVITY)
def adds_a_constant():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    return x, torch.full_like(x, 5.0)


@wrong(
    "breaks_additivity", shows="Put both maxima into one window, at different places of it", loses=ADDITIVITY
)
def puts_the_maxima_into_different_windows():
    x, y = torch.zeros(2, 1, 1, 4, 4)
    x[..., 0, 0] = y[..., 3, 3] = 1
    return x, y


@wrong("breaks_additivity", shows="Put the maxima of one window at different places", loses=ADDITIVITY)
def lets_rows_and_columns_grow_in_both():
    x = torch.arange(16.0).reshape(1, 1, 4, 4)
    return x, x**2 + 1


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
    "average_kernel", says="rows and columns are swapped: the kernel has p rows and q columns.", loses=AVERAGE
)
def lays_it_on_its_side(M, p, q):
    return torch.full((M, 1, q, p), 1 / (p * q))


@wrong(
    "average_kernel",
    says="the number is rounded to two digits behind the point: keep it as it is, 1 / (p q).",
    loses=AVERAGE,
)
def rounds_it(M, p, q):
    return torch.full((M, 1, p, q), round(1 / (p * q), 2))


@wrong("average_kernel", shows="its dtype is torch.float16, but torch.float32 is expected", loses=AVERAGE)
def in_float16(M, p, q):
    return torch.full((M, 1, p, q), 1 / (p * q), dtype=torch.float16)


@wrong("average_kernel", shows="calls nonconv.reduction", loses=AVERAGE)
def calls_the_course_by_another_name(M, p, q):
    from nonconv.reduction import average_pooling as ready

    return ready(M, (p, q)).weight


@wrong(
    "average_kernel",
    says="the kernel is square: it has p rows and q columns.",
    loses=AVERAGE,
)
def makes_it_square(M, p, q):
    return torch.ones(M, 1, p, p) / p**2


@wrong("breaks_additivity", shows="do not reach the last row or column of an odd number", loses=ADDITIVITY)
def puts_the_maxima_where_no_window_reads():
    x, y = torch.zeros(2, 1, 1, 3, 3)
    x[..., 2, 0] = y[..., 2, 1] = 1
    return x, y


@wrong(
    "average_kernel",
    says="this is the kernel of one group, M×M maps: with a group for each map, the second number of the shape is 1.",
    loses=AVERAGE,
)
def averages_all_maps_together(M, p, q):
    return torch.ones(M, M, p, q) / (p * q)


@wrong(
    "average_kernel",
    says="you divide by p + q: a window has p times q numbers.",
    loses=AVERAGE,
)
def divides_by_the_sum(M, p, q):
    return torch.ones(M, 1, p, q) / (p + q)


@wrong(
    "average_kernel",
    says="you divide by the square of the rows: a window has p times q numbers.",
    loses=AVERAGE,
)
def divides_by_the_square(M, p, q):
    return torch.ones(M, 1, p, q) / p**2
