"""Right answers in other costumes."""

from fractions import Fraction
from itertools import accumulate, count

import numpy
import torch

from nonconv import layers
from nonconv.authoring import right


@right("unet_walk")
def by_a_word(size, depth):
    steps = "ccp" * depth + "cc" + "ucc" * depth
    sizes = [size]
    for step in steps:
        at = sizes[-1]
        sizes.append({"c": at - 2, "p": at // 2, "u": 2 * at}[step])
    return tuple(sizes)


@right("unet_walk")
def by_recursion(size, depth):
    def level(at, left):
        here = [at, at - 2, at - 4]
        if left == 0:
            return here
        below = level((at - 4) // 2, left - 1)
        up = 2 * below[-1]
        return [*here, *below, up, up - 2, up - 4]

    return level(size, depth)


@right("fitting_size")
def from_below(size, depth):
    lowest = 1
    while True:
        up = lowest - 4  # behind the two convolutions of the lowest level
        fits = up > 0
        for _ in range(depth):
            up = 2 * up - 4
            fits = fits and up > 0
        top = lowest
        for _ in range(depth):
            top = 2 * top + 4
        if fits and top >= size:
            return top
        lowest += 1


@right("fitting_size")
def with_a_closed_formula(size, depth):
    step = 2**depth
    offset = 4 * (step - 1)  # the image for a lowest level of 0 rows
    least = 7 if depth == 1 else 8  # lowest level: 3 or 4 rows are left for the way up
    return step * max(least, -(-(size - offset) // step)) + offset


@right("unet_walk")
def by_running_the_layers(size, depth):
    conv, up = torch.nn.Conv2d(1, 1, 3, device="meta"), torch.nn.ConvTranspose2d(1, 1, 2, 2, device="meta")
    modules = [conv, conv, torch.nn.MaxPool2d(2)] * depth + [conv, conv] + [up, conv, conv] * depth
    x = torch.zeros(1, 1, size, 10 * size, device="meta")
    return [size, *((x := module(x)).shape[-2] for module in modules)]


@right("unet_walk")
def with_layers_of_the_course(size, depth):
    x, one = torch.zeros(1, 1, size, size), torch.ones(1, 1, 1, 1)
    sizes = [size]
    for step in "ccp" * depth + "cc" + "ucc" * depth:
        if step == "c":
            x = layers.conv2d(x, one.expand(1, 1, 3, 3), fast=True)
        elif step == "p":
            x = layers.max_pool2d(x, 2)
        else:
            x = layers.conv_transpose2d(x, one.expand(1, 1, 2, 2), stride=2, fast=True)
        sizes.append(len(x[0, 0]))
    return sizes


@right("unet_walk")
def accumulated(size, depth):
    down = [lambda n: n - 2] * 2 + [lambda n: n // 2]
    up = [lambda n: 2 * n] + [lambda n: n - 2] * 2
    return list(accumulate(down * depth + down[:2] + up * depth, lambda n, step: step(n), initial=size))


@right("unet_walk")
def as_an_array_of_floats(size, depth):
    sizes = numpy.array([size], dtype=float)
    for _ in range(depth):
        at = sizes[-1]
        sizes = numpy.append(sizes, [at - 2, at - 4, at / 2 - 2])
    sizes = numpy.append(sizes, [sizes[-1] - 2, sizes[-1] - 4])
    for _ in range(depth):
        sizes = numpy.append(sizes, 2 * sizes[-1] - numpy.arange(0, 6, 2))
    return sizes


@right("unet_walk")
def as_a_tensor(size, depth):
    sizes = [torch.tensor(size)]
    for _ in range(depth):
        sizes += [sizes[-1] - 2, sizes[-1] - 4, (sizes[-1] - 4) // 2]
    sizes += [sizes[-1] - 2, sizes[-1] - 4]
    for _ in range(depth):
        sizes += [2 * sizes[-1], 2 * sizes[-1] - 2, 2 * sizes[-1] - 4]
    return torch.stack(sizes)


@right("fitting_size")
def from_the_scores_back_to_the_image(size, depth):
    for rows in count(1):
        at, whole = rows, True
        for _ in range(depth):
            whole = whole and at % 2 == 0
            at = (at + 4) // 2
        at += 4
        for _ in range(depth):
            at = 2 * at + 4
        if whole and at >= size:
            return at


@right("fitting_size")
def the_first_of_a_filter(size, depth):
    def fits(n):
        maps = [n]
        for _ in range(depth):
            maps += [maps[-1] - 2, maps[-1] - 4]
            if maps[-1] % 2:
                return False
            maps.append(maps[-1] // 2)
        maps += [maps[-1] - 2, maps[-1] - 4]
        for _ in range(depth):
            maps += [2 * maps[-1], 2 * maps[-1] - 2, 2 * maps[-1] - 4]
        return min(maps) >= 1

    return next(filter(fits, count(size)))


@right("fitting_size")
def with_fractions(size, depth):
    n = Fraction(size)
    while True:
        lowest = n
        for _ in range(depth):
            lowest = (lowest - 4) / 2
        scores = lowest - 4
        for _ in range(depth):
            scores = 2 * scores - 4
        if lowest.denominator == 1 and scores > 0:
            return n
        n += 1


@right("fitting_size")
def all_sizes_at_once(size, depth):
    n = torch.arange(size, size + 1000)
    at, fits = n.clone(), torch.ones(1000, dtype=torch.bool)
    for _ in range(depth):
        at = at - 4
        fits &= at % 2 == 0
        at = at // 2
    for _ in range(depth):
        at = 2 * (at - 4 if _ == 0 else at) - 4
    return n[fits & (at > 0)][0]
