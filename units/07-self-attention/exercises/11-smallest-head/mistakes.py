"""What students answer for copying and reversing: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

COPY, REVERSE = ("copy-works", "copy-narrow"), ("reverse-works", "reverse-narrow")
WIDE = "it works, with width"


@wrong("copy_head", shows=WIDE, loses=["copy-narrow"])
def copies_with_the_identity(n):
    K = torch.eye(n, dtype=torch.float64)
    return 9 * K, K


@wrong("copy_head", shows="more than 8 are wanted. Make the queries longer", loses=COPY)
def copies_softly(n):
    K = torch.eye(n, dtype=torch.float64)
    return K, K


@wrong("copy_head", shows="have the same score: longer queries do not change that", loses=COPY)
def copies_on_a_line(n):
    t = torch.arange(n, dtype=torch.float64)[:, None]
    return 100 * t, t


@wrong("copy_head", shows="have the same score: longer queries do not change that", loses=COPY)
def copies_on_a_line_with_a_one(n):
    t = torch.arange(n, dtype=torch.float64)
    one = torch.ones(n, dtype=torch.float64)
    return 20 * torch.stack([t, one], 1), torch.stack([t, one], 1)


@wrong("copy_head", shows="at the right position", loses=COPY)
def copies_on_a_circle_softly(n):
    angle = 2 * torch.pi * torch.arange(n, dtype=torch.float64) / n
    K = torch.stack([angle.cos(), angle.sin()], 1)
    return 28 * K, K


@wrong("copy_head", shows="looks most at position", loses=COPY)
def reverses_instead(n):
    K = torch.eye(n, dtype=torch.float64)
    return 9 * K.flip(0), K


@wrong("copy_head", shows="return the pair (Q, K)", loses=COPY)
def returns_the_keys_alone(n):
    return torch.eye(n, dtype=torch.float64)


@wrong("copy_head", shows="must have", loses=COPY)
def has_a_start_row(n):
    K = torch.eye(n, dtype=torch.float64)
    return torch.cat([torch.zeros(1, n, dtype=torch.float64), 9 * K]), K


@wrong("copy_head", shows="matrices of one width", loses=COPY)
def has_two_widths(n):
    return torch.ones(n, 2, dtype=torch.float64), torch.eye(n + 2, dtype=torch.float64)[:n]


@wrong("reverse_head", shows="its score is only 8 above the next; more than 8 are wanted", loses=REVERSE)
def reverses_by_exactly_eight(n):
    t = torch.arange(n, dtype=torch.float64)
    return torch.stack([16 * (n - 1 - t), torch.full_like(t, -8)], 1), torch.stack([t, t**2], 1)


@wrong("reverse_head", shows="Q and K must be tensors, not a list of", loses=REVERSE)
def returns_lists(n):
    return [[20.0 * (n - 1 - t), -10.0] for t in range(n)], [[float(j), float(j * j)] for j in range(n)]


@wrong("reverse_head", shows=WIDE, loses=["reverse-narrow"])
def reverses_with_the_identity(n):
    K = torch.eye(n, dtype=torch.float64)
    return 9 * K.flip(0), K


@wrong("reverse_head", shows="looks most at position", loses=REVERSE)
def copies_instead(n):
    K = torch.eye(n, dtype=torch.float64)
    return 9 * K, K


@wrong("reverse_head", shows="looks most at position", loses=REVERSE)
def reverses_both(n):
    K = torch.eye(n, dtype=torch.float64).flip(0)
    return 9 * K, K


@wrong("reverse_head", shows="looks most at position", loses=REVERSE)
def turns_the_circle_the_other_way(n):
    """It ends one position too far: the circle's position 0 is its own mirror image."""
    angle = 2 * torch.pi * torch.arange(n, dtype=torch.float64) / n
    K = torch.stack([angle.cos(), angle.sin()], 1)
    return 100 * K * torch.tensor([1.0, -1.0]).double(), K


@wrong("reverse_head", shows="looks most at position", loses=REVERSE)
def goes_down_a_line(n):
    t = torch.arange(n, dtype=torch.float64)[:, None]
    return -100 * t, t


@wrong("reverse_head", shows="all numbers must be finite", loses=REVERSE)
def is_infinitely_sharp(n):
    K = torch.eye(n, dtype=torch.float64).flip(0)
    return torch.where(K > 0, torch.inf, 0), K.flip(0)


@wrong("reverse_head", shows="return the pair (Q, K)", loses=REVERSE)
def returns_the_scores(n):
    return 9 * torch.eye(n, dtype=torch.float64).flip(0)[None]
