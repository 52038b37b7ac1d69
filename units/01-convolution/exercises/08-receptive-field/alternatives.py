"""Right answers that go other ways."""

import math

import torch

from nonconv.authoring import right


@right("receptive_field")
def from_the_top_down(stack):
    n = 1
    for p, s, d in stack[::-1]:
        n = (n - 1) * s + d * (p - 1) + 1
    return n, math.prod(s for _, s, _ in stack)


@right("receptive_field")
def follows_the_first_and_the_last_tap(stack):
    def seen(first, last):
        for p, s, d in reversed(stack):
            first, last = first * s, last * s + d * (p - 1)
        return first, last

    (a, b), (c, _) = seen(0, 0), seen(1, 1)
    return b - a + 1, c - a


@right("receptive_field")
def as_two_sums(stack):
    jumps = [1]
    for _, s, _ in stack:
        jumps.append(jumps[-1] * s)
    reach = [d * (p - 1) * jump for (p, _, d), jump in zip(stack, jumps, strict=False)]
    return [1 + sum(reach), jumps[-1]]


@right("receptive_field")
def one_layer_and_the_rest(stack):
    def of(layers):
        if not layers:
            return 1, 1
        (p, s, d), *rest = layers
        size, jump = of(rest)
        return (size - 1) * s + d * (p - 1) + 1, jump * s

    return of(stack)


@right("receptive_field")
def as_tensors(stack):
    if not stack:
        return torch.tensor([1, 1])
    p, s, d = torch.tensor(stack).T
    jumps = torch.cat([torch.ones(1, dtype=torch.long), s.cumprod(0)])
    return 1 + (d * (p - 1) * jumps[:-1]).sum(), jumps[-1]
