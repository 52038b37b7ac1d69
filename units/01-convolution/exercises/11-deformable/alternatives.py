"""Right answers that go other ways."""

import math

import numpy as np
import torch

from nonconv.authoring import right


@right("bilinear")
def the_formula_over_the_whole_image(X, r, c):
    H, W = X.shape
    near = (1 - (torch.arange(H).double() - r).abs()).clamp(min=0)
    close = (1 - (torch.arange(W).double() - c).abs()).clamp(min=0)
    return near.to(X.dtype) @ X @ close.to(X.dtype)


@right("bilinear")
def row_by_row(X, r, c):
    def mix(values, at):
        n = math.floor(at)
        below, above = (values[k] if 0 <= k < len(values) else 0.0 for k in (n, n + 1))
        return below + (at - n) * (above - below)

    return float(mix([mix(row, c) for row in X.tolist()], r))


@right("bilinear")
def with_a_frame_of_zeros(X, r, c):
    if not (-1 <= r < X.shape[0] and -1 <= c < X.shape[1]):
        return torch.tensor(0.0, dtype=X.dtype)
    framed = torch.nn.functional.pad(X, (1, 1, 1, 1))
    i, j = math.floor(r) + 1, math.floor(c) + 1
    a, b = r + 1 - i, c + 1 - j
    rows, columns = torch.tensor([1 - a, a], dtype=X.dtype), torch.tensor([1 - b, b], dtype=X.dtype)
    return rows @ framed[i : i + 2, j : j + 2] @ columns


@right("bilinear")
def by_way_of_numpy(X, r, c):
    rows, columns = np.arange(len(X)), np.arange(X.shape[1])
    weights = np.maximum(0, 1 - abs(rows - r))[:, None] * np.maximum(0, 1 - abs(columns - c))
    return (weights * X.numpy()).sum()


@right("deformable")
def reads_all_places_at_once(X, F, offset):
    (H, W), (p, q) = X.shape, F.shape
    rows = torch.arange(p)[:, None, None, None] + torch.arange(H - p + 1)[:, None]
    columns = torch.arange(q)[:, None, None] + torch.arange(W - q + 1)
    near = (1 - ((offset[0] + rows)[..., None] - torch.arange(H)).abs()).clamp(min=0)  # (p, q, H', W', H)
    close = (1 - ((offset[1] + columns)[..., None] - torch.arange(W)).abs()).clamp(min=0)
    return torch.einsum("uvija,ab,uvijb,uv->ij", near, X, close, F)


@right("deformable")
def place_by_place_with_the_formula(X, F, offset):
    p, q, rows, columns = offset.shape[1:]
    numbers = []
    for i in range(rows):
        for j in range(columns):
            total = 0.0
            for u in range(p):
                for v in range(q):
                    r, c = i + u + offset[0, u, v, i, j].item(), j + v + offset[1, u, v, i, j].item()
                    for a in (math.floor(r), math.floor(r) + 1):
                        for b in (math.floor(c), math.floor(c) + 1):
                            if 0 <= a < X.shape[0] and 0 <= b < X.shape[1]:
                                total += X[a, b].item() * (1 - abs(r - a)) * (1 - abs(c - b)) * F[u, v].item()
            numbers.append(total)
    return torch.tensor(numbers, dtype=X.dtype).reshape(rows, columns)


@right("deformable")
def four_pixels_for_all_taps(X, F, offset):
    p, q, rows, columns = offset.shape[1:]
    grid = torch.stack(torch.meshgrid(*map(torch.arange, (p, q, rows, columns)), indexing="ij"))
    place = offset + torch.stack([grid[0] + grid[2], grid[1] + grid[3]])
    low = place.floor()
    framed = torch.nn.functional.pad(X, (1, 1, 1, 1))
    read = 0
    for a in (0, 1):
        for b in (0, 1):
            corner = low + torch.tensor([a, b]).reshape(2, 1, 1, 1, 1)
            share = (1 - (place - corner).abs()).prod(0)
            i, j = (corner[n].long().clamp(-1, X.shape[n]) + 1 for n in (0, 1))
            read = read + share * framed[i, j]
    return (read * F[:, :, None, None]).sum((0, 1))


@right("bilinear")
def as_two_mixtures(X, r, c):
    i, j = math.floor(r), math.floor(c)

    def pixel(a, b):
        return X[a, b].item() if a in range(X.shape[0]) and b in range(X.shape[1]) else 0.0

    a, b = r - i, c - j
    upper, lower = (pixel(n, j) + b * (pixel(n, j + 1) - pixel(n, j)) for n in (i, i + 1))
    return upper + a * (lower - upper)


@right("deformable")
def one_tap_after_the_other(X, F, offset):
    (H, W), (p, q) = X.shape, F.shape
    i = torch.arange(H - p + 1)[:, None].expand(-1, W - q + 1)
    j = torch.arange(W - q + 1).expand(H - p + 1, -1)
    Y = torch.zeros(H - p + 1, W - q + 1, dtype=X.dtype)
    for u in range(p):
        for v in range(q):
            r, c = i + u + offset[0, u, v], j + v + offset[1, u, v]
            near = (1 - (r[..., None] - torch.arange(H)).abs()).clamp(min=0) @ X  # (H', W', W)
            close = (1 - (c[..., None] - torch.arange(W)).abs()).clamp(min=0)
            Y += F[u, v] * (near * close).sum(-1)
    return Y


@right("deformable")
def all_indices_by_numpy(X, F, offset):
    x, f, o = X.numpy(), F.numpy(), offset.numpy()
    Y = np.zeros(o.shape[3:], x.dtype)
    for u, v, i, j in np.ndindex(*o.shape[1:]):
        r, c = i + u + o[0, u, v, i, j], j + v + o[1, u, v, i, j]
        weights = np.outer(
            np.maximum(0, 1 - abs(np.arange(len(x)) - r)), np.maximum(0, 1 - abs(np.arange(x.shape[1]) - c))
        )
        Y[i, j] += f[u, v] * (weights * x).sum()
    return torch.from_numpy(Y)
