"""What students answer to `bilinear`: the wrong ways, and what each is told and loses."""

import math

import torch

from nonconv.authoring import wrong

READ = ("bilinear-values", "bilinear-edges")


@wrong(
    "bilinear", says="this is the nearest pixel: between pixels, four of them share the weight.", loses=READ
)
def takes_the_nearest(X, r, c):
    i, j = math.floor(r + 0.5), math.floor(c + 0.5)
    return X[i, j] if 0 <= i < len(X) and 0 <= j < X.shape[1] else 0.0


@wrong("bilinear", says="the shares are turned around: the *nearer* pixel has the larger share.", loses=READ)
def turns_the_shares_around(X, r, c):
    top, left = math.floor(r), math.floor(c)
    a, b = r - top, c - left
    value = 0.0
    for i, near in ((top, a), (top + 1, 1 - a)):
        for j, close in ((left, b), (left + 1, 1 - b)):
            if 0 <= i < len(X) and 0 <= j < X.shape[1]:
                value = value + near * close * X[i, j]
    return value


@wrong(
    "bilinear",
    says="outside of the image the outermost row goes on here: outside there are zeros.",
    loses=READ,
)
def repeats_the_edge(X, r, c):
    top, left = math.floor(r), math.floor(c)
    a, b = r - top, c - left
    rows = [min(max(i, 0), len(X) - 1) for i in (top, top + 1)]
    columns = [min(max(j, 0), X.shape[1] - 1) for j in (left, left + 1)]
    upper, lower = ((1 - b) * X[i, columns[0]] + b * X[i, columns[1]] for i in rows)
    return (1 - a) * upper + a * lower


@wrong("bilinear", says="row and column are swapped: r goes with the first axis.", loses=READ)
def swaps_row_and_column(X, r, c):
    rows = (1 - (c - torch.arange(X.shape[0])).abs()).clamp(min=0).double()
    columns = (1 - (r - torch.arange(X.shape[1])).abs()).clamp(min=0).double()
    return rows @ X @ columns


@wrong(
    "bilinear", says="this is the mean of the four pixels: each has a share by how near it is.", loses=READ
)
def takes_the_mean_of_four(X, r, c):
    top, left = math.floor(r), math.floor(c)
    four = [(i, j) for i in (top, top + 1) for j in (left, left + 1)]
    return sum(X[i, j] / 4 for i, j in four if 0 <= i < len(X) and 0 <= j < X.shape[1])


@wrong(
    "bilinear",
    says="int() rounds towards 0: −0.25 is between rows −1 and 0. Round down, with math.floor or //.",
    loses=READ,
)
def rounds_towards_zero(X, r, c):
    top, left = int(r), int(c)
    value = 0.0
    for i, near in ((top, top + 1 - r), (top + 1, r - top)):
        for j, close in ((left, left + 1 - c), (left + 1, c - left)):
            if 0 <= i < len(X) and 0 <= j < X.shape[1]:
                value = value + near * close * X[i, j]
    return value


@wrong("bilinear", says="the place is read along the row only: both directions count.", loses=READ)
def reads_along_the_row(X, r, c):
    i, left = math.floor(r), math.floor(c)
    if not 0 <= i < len(X):
        return 0.0
    shares = ((left, left + 1 - c), (left + 1, c - left))
    return sum(share * X[i, j] for j, share in shares if 0 <= j < X.shape[1]) + 0.0


@wrong("bilinear", shows="stopped with IndexError", loses=READ)
def does_not_look_where_the_image_ends(X, r, c):
    top, left = math.floor(r), math.floor(c)
    a, b = r - top, c - left
    upper = (1 - b) * X[top, left] + b * X[top, left + 1]
    return (1 - a) * upper + a * ((1 - b) * X[top + 1, left] + b * X[top + 1, left + 1])


@wrong(
    "bilinear",
    says="the shares of the pixels inside are made to sum to 1: a pixel outside counts 0, but it keeps its"
    " share.",
    loses=READ,
)
def scales_the_shares_up(X, r, c):
    rows = (1 - (r - torch.arange(X.shape[0])).abs()).clamp(min=0).double()
    columns = (1 - (c - torch.arange(X.shape[1])).abs()).clamp(min=0).double()
    all_shares = rows.sum() * columns.sum()
    return rows @ X @ columns / all_shares if all_shares > 0 else 0.0


@wrong(
    "bilinear",
    says="X[-1] is the *last* row: a tensor has no error for it. A pixel outside counts 0.",
    loses=READ,
)
def counts_from_the_end(X, r, c):
    (H, W), top, left = X.shape, math.floor(r), math.floor(c)
    value = 0.0
    for i, near in ((top, top + 1 - r), (top + 1, r - top)):
        for j, close in ((left, left + 1 - c), (left + 1, c - left)):
            if -H <= i < H and -W <= j < W:
                value = value + near * close * X[i, j]
    return value
