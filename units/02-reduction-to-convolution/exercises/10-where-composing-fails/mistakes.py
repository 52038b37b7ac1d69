"""What students answer: the wrong ways, what each is told and loses."""

import numpy as np
import torch

from nonconv.authoring import wrong

SAME = ["same-after-same"]


@wrong("same_after_same", shows="are both 3, as they are for a convolution", loses=SAME)
def looks_at_the_middle():
    F = G = [1, 1, 1]
    n = 9
    return F, G, n, n // 2, n // 2


@wrong("same_after_same", shows="as they are for a convolution", loses=SAME)
def takes_1x1_kernels():
    return [2], [3], 4, 0, 0


@wrong("same_after_same", shows="an odd number and at most 9; they have 2 and 2", loses=SAME)
def takes_even_kernels():
    even = [1, 1]
    return even, even, 3, 0, 0


@wrong("same_after_same", shows="i and j count from 0", loses=SAME)
def counts_to_n():
    n = 3
    return [1, 1, 1], [1, 1, 1], n, n - 1, n - 1


@wrong("same_after_same", shows="each entry of F must be a whole number, not float 0.333", loses=SAME)
def takes_averages():
    F = [1 / 3] * 3
    return F, F, 3, 0, 0


@wrong("same_after_same", shows="return (F, G, n, i, j)", loses=SAME)
def forgets_the_position():
    return [1, 1, 1], [1, 1, 1]


@wrong("same_after_same", shows="no other place shows it either", loses=SAME)
def lets_only_one_kernel_reach_over_the_border():
    shift, identity = [1, 0, 0], [0, 1, 0]
    return shift, identity, 4, 0, 0


@wrong("same_after_same", shows="are both", loses=SAME)
def lets_only_rounding_differ():
    F = [10**17, 1, 3]
    return F, F[::-1], 6, 1, 2


@wrong("same_after_same", shows="n must be from 2 to 50, not 3001", loses=SAME)
def takes_a_long_input():
    n = 3001
    return [1, 1, 1], [1, 1, 1], n, 0, 0


DEPENDS = ["training-counterexample"]


@wrong("training_depends", shows="make first[0] and second[0] equal", loses=DEPENDS)
def changes_the_first_image():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    return first, first + 1


@wrong("training_depends", shows="the two batches are equal", loses=DEPENDS)
def changes_nothing():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    return first, first.clone()


@wrong("training_depends", shows="Which other images would move μ or σ²?", loses=DEPENDS)
def turns_the_second_image_over():
    first = torch.arange(8.0).reshape(2, 1, 2, 2)
    second = torch.stack([first[0], first[1].flip(1)])
    return first, second


@wrong("training_depends", shows="both must have shape (N, K, H, W)", loses=DEPENDS)
def forgets_the_maps():
    return torch.rand(2, 3, 3), torch.rand(2, 3, 3)


@wrong("training_depends", shows="their images must have one shape", loses=DEPENDS)
def adds_a_map():
    return torch.zeros(2, 1, 3, 3), torch.zeros(2, 2, 3, 3)


@wrong("training_depends", shows="return two batches", loses=DEPENDS)
def returns_one_batch():
    return torch.rand(3, 1, 2, 2)


@wrong("training_depends", shows="Two numbers in a map always become −1 and 1", loses=DEPENDS)
def takes_two_numbers():
    first = torch.tensor([0.0, 2.0]).reshape(2, 1, 1, 1)
    return first, 200 * first


@wrong(
    "training_depends", shows="Let each map of a batch have three different numbers or more", loses=DEPENDS
)
def takes_black_and_white():
    first = torch.stack([torch.zeros(2, 3, 3), torch.ones(2, 3, 3)])
    return first, 50 * first


@wrong("training_depends", shows="which rounding could explain", loses=DEPENDS)
def changes_next_to_nothing():
    first = torch.arange(8.0, dtype=torch.float64).reshape(2, 1, 2, 2)
    second = first.clone()
    second[1, 0, 1, 1] += 1e-11
    return first, second


@wrong(
    "training_depends",
    shows="both batches must be tensors, not a NumPy array of shape (2, 1, 2, 2)",
    loses=DEPENDS,
)
def returns_arrays():
    first = np.arange(8.0).reshape(2, 1, 2, 2)
    return first, first**2


@wrong("training_depends", shows="has no variance; take more", loses=DEPENDS)
def takes_single_numbers():
    x = torch.ones(1, 1, 1, 1)
    return x, torch.cat([x, x + 1])


@wrong(
    "training_depends",
    shows="it is at the mean of both, so it comes out as 0",
    loses=["training-counterexample"],
)
def changes_the_variance_around_an_image_at_the_mean():
    first = torch.tensor([0.0, 1.0, -1.0]).reshape(3, 1, 1, 1)
    return first, 3 * first
