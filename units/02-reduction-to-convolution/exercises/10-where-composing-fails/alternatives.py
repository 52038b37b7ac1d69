"""Right answers that go other ways."""

import itertools

import numpy as np
import torch

from nonconv.authoring import right


@right("same_after_same")
def with_three_ones_twice():
    return [1, 1, 1], [1, 1, 1], 3, 0, 0


@right("same_after_same")
def by_looking_for_one():
    F, G, n = torch.tensor([1, 0, 2]), (3, 0, -1), 6
    return F.tolist(), G, n, n - 2, n - 2


@right("training_depends")
def adds_a_bright_image():
    image = torch.eye(2)[None, None]
    return torch.cat([image, image]), torch.cat([image, 100 * image])


@right("training_depends")
def drops_an_image():
    batch = torch.randn(3, 2, 4, 4, generator=torch.Generator().manual_seed(0))
    return batch, batch[:2]


@right("same_after_same")
def as_arrays():
    ones = np.array([1, 1, 1])
    return ones, ones, np.int64(3), np.int8(0), torch.tensor(0)


@right("same_after_same")
def as_ranges():
    return range(1, 4), range(3), 3.0, 1, 1


@right("same_after_same")
def out_of_reach_of_float64():
    return [1, 1, 10**50], [10**50 + 1, 1, 1], 4, 0, 0


@right("same_after_same")
def searches_with_numpy():
    n = 5
    for F in itertools.product((-1, 0, 2), repeat=3):
        columns = [np.convolve(np.convolve(x, F[::-1], "same"), F[::-1], "same") for x in np.eye(n)]
        A = np.array(columns).T
        for i, j in np.argwhere(A[:-1, :-1] != A[1:, 1:]):
            return F, F, n, i, j


@right("same_after_same")
def with_the_longest_kernels():
    return [0] * 8 + [-3], [7] + [0] * 8, 50, 3, 3


@right("training_depends")
def a_little_darker():
    first = torch.arange(16.0, dtype=torch.float64).reshape(2, 1, 2, 4)
    second = first.clone()
    second[1] -= 1e-4
    return first, second


@right("training_depends")
def colour_images():
    first = torch.rand(8, 3, 32, 32)
    second = first.clone()
    second[1:] *= 3
    return first, second


@right("training_depends")
def in_whole_numbers():
    first = torch.tensor([[[[1, 2, 3]]], [[[4, 5, 6]]]])
    return [first, torch.cat([first[:1], 7 * first[1:], first])]


@right("training_depends")
def searches_with_the_layer():
    norm, image = torch.nn.BatchNorm2d(1, affine=False), torch.arange(9.0).reshape(1, 1, 3, 3)
    first = torch.cat([image, image.flip(3)])
    for k in range(5):
        second = torch.cat([image, k * image])
        if (norm(first)[0] - norm(second)[0]).abs().max() > 0.1:
            return first, second


@right("training_depends")
def a_black_image_beside_a_spot():
    first = torch.zeros(3, 1, 2, 2)
    second = first.clone()
    second[2, 0, 0, 0] = 1
    return first, second
