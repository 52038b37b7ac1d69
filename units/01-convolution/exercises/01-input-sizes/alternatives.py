"""Right answers that go other ways."""

import math

import torch

from nonconv.authoring import right


@right("input_sizes")
def tries_them_all(out, p, s, P, d):
    fits = [
        H for H in range(1, 1000) if d * (p - 1) < H + 2 * P and (H + 2 * P - d * (p - 1) - 1) // s == out - 1
    ]
    return (min(fits), max(fits)) if fits else None


@right("input_sizes")
def from_where_the_next_window_would_end(out, p, s, P, d):
    span = d * (p - 1) + 1
    next_end = out * s + span - 2 * P
    if next_end - 1 < 1:
        return None
    return max(1, next_end - s), next_end - 1


@right("input_sizes")
def by_the_places_of_the_taps(out, p, s, P, d):
    rows = [i * s + u * d - P for i in range(out) for u in range(p)]  # of the image; the frame is outside
    need = max(rows) + 1 - P
    sizes = [need + k for k in range(s) if need + k >= 1]
    return [sizes[0], sizes[-1]] if sizes else None


@right("input_sizes")
def as_a_tensor(out, p, s, P, d):
    free = torch.arange((out - 1) * s, out * s)  # how far the window could move
    sizes = free + d * (p - 1) + 1 - 2 * P
    sizes = sizes[sizes > 0]
    return sizes[[0, -1]] if len(sizes) else None


@right("input_sizes")
def in_floats(out, p, s, P, d):
    least = math.fsum([(out - 1) * s, d * (p - 1), 1, -2 * P])
    return None if least + s < 2 else (float(max(least, 1)), least + s - 1)
