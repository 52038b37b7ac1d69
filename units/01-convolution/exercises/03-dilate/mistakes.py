"""What students answer: the wrong ways, and what each is told and loses."""

import torch

from nonconv.authoring import wrong

DILATE = ("dilate-values", "dilate-edges")


@wrong(
    "dilate",
    says="there are zeros behind the last tap too: zeros stand *between* taps, d(p−1) + 1 rows in all.",
    loses=DILATE,
)
def zeros_behind_the_last_tap(F, d):
    K, M, p, q = F.shape
    wide = torch.zeros(K, M, d[0] * p, d[1] * q, dtype=F.dtype)
    wide[:, :, :: d[0], :: d[1]] = F
    return wide


@wrong(
    "dilate",
    says="d zeros stand between two taps: it is d − 1, so that the taps stand d apart.",
    loses=DILATE,
)
def one_zero_too_many(F, d):
    K, M, p, q = F.shape
    a, b = d[0] + 1, d[1] + 1
    wide = torch.zeros(K, M, a * (p - 1) + 1, b * (q - 1) + 1, dtype=F.dtype)
    wide[:, :, ::a, ::b] = F
    return wide


@wrong(
    "dilate",
    says="rows and columns are swapped: d is (rows, columns), as in F's shape (…, p, q).",
    loses=DILATE,
)
def swaps_the_two_gaps(F, d):
    K, M, p, q = F.shape
    wide = torch.zeros(K, M, d[1] * (p - 1) + 1, d[0] * (q - 1) + 1, dtype=F.dtype)
    wide[:, :, :: d[1], :: d[0]] = F
    return wide


@wrong("dilate", says="the gap of the rows is taken for the columns as well.", loses=DILATE)
def one_gap_for_both(F, d):
    K, M, p, q = F.shape
    wide = torch.zeros(K, M, d[0] * (p - 1) + 1, d[0] * (q - 1) + 1, dtype=F.dtype)
    wide[:, :, :: d[0], :: d[0]] = F
    return wide


@wrong("dilate", says="each number is repeated: between two taps stand zeros.", loses=DILATE)
def repeats_the_taps(F, d):
    wide = F.repeat_interleave(d[0], 2).repeat_interleave(d[1], 3)
    return wide[:, :, : d[0] * (F.shape[2] - 1) + 1, : d[1] * (F.shape[3] - 1) + 1]


@wrong("dilate", says="only the columns are moved apart: the rows too.", loses=DILATE)
def moves_the_columns_only(F, d):
    K, M, p, q = F.shape
    wide = torch.zeros(K, M, p, d[1] * (q - 1) + 1, dtype=F.dtype)
    wide[..., :: d[1]] = F
    return wide


@wrong("dilate", shows="its dtype is torch.float32", loses=DILATE)
def in_single_precision(F, d):
    K, M, p, q = F.shape
    wide = torch.zeros(K, M, d[0] * (p - 1) + 1, d[1] * (q - 1) + 1)
    wide[:, :, :: d[0], :: d[1]] = F
    return wide


@wrong("dilate", says="the taps stand in a corner, side by side, and the zeros behind them.", loses=DILATE)
def puts_the_kernel_into_a_corner(F, d):
    K, M, p, q = F.shape
    wide = torch.zeros(K, M, d[0] * (p - 1) + 1, d[1] * (q - 1) + 1, dtype=F.dtype)
    wide[:, :, :p, :q] = F
    return wide


@wrong("dilate", says="there are zeros around the kernel: the first tap stays at the edge.", loses=DILATE)
def zeros_around(F, d):
    K, M, p, q = F.shape
    wide = torch.zeros(K, M, d[0] * (p + 1) - 1, d[1] * (q + 1) - 1, dtype=F.dtype)
    wide[:, :, d[0] - 1 :: d[0], d[1] - 1 :: d[1]] = F
    return wide
