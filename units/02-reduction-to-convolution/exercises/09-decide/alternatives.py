"""Right answers that go other ways."""

import numpy as np
import torch
import torch.nn.functional as F
from scipy import signal

from nonconv.authoring import right


@right("as_convolution")
def solves_for_the_kernel(f, shape, kernel, stride, padding):
    M, H, W = shape
    x = torch.randn(40, M, H, W, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    Y = torch.cat([f(x[:20]), f(x[20:])])
    patches = F.unfold(x, kernel, padding=padding, stride=stride)  # (40, M·p·q, positions)
    if patches.shape[-1] != Y[0, 0].numel():
        return None
    rows = torch.cat([patches, torch.ones_like(patches[:, :1])], dim=1).movedim(1, 2).flatten(0, 1)
    answers = Y.flatten(2).movedim(1, 2).flatten(0, 1)
    found = torch.linalg.lstsq(rows, answers).solution  # (M·p·q + 1, K)
    if not torch.allclose(rows @ found, answers, atol=1e-8):
        return None
    return found[:-1].T.reshape(-1, M, kernel, kernel), found[-1]


@right("as_convolution")
def reads_it_off_and_replays(f, shape, kernel, stride, padding):
    M, H, W = shape
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    start = f(zero)
    bias, i = start[0, :, 0, 0], -(-padding // stride)
    weight = torch.zeros(len(bias), M, kernel, kernel, dtype=torch.float64)
    for m, u, v in torch.cartesian_prod(*map(torch.arange, (M, kernel, kernel))).reshape(-1, 3).tolist():
        x = zero.clone()
        x[0, m, stride * i + u - padding, stride * i + v - padding] = 1
        weight[:, m, u, v] = (f(x) - start)[0, :, i, i]
    for size in (1, -5):
        x = size * torch.randn(2, M, H, W, dtype=torch.float64)
        replayed = F.conv2d(x, weight, bias, stride=stride, padding=padding)
        if replayed.shape != f(x).shape or not torch.allclose(replayed, f(x), atol=1e-9):
            return None
    return weight, bias


@right("as_convolution")
def asks_only_once(f, shape, kernel, stride, padding):
    M, H, W = shape
    x = torch.randn(3, M, H, W, dtype=torch.float64).requires_grad_()
    zero = torch.zeros(1, M, H, W, dtype=torch.float64)
    bias, i = f(zero)[0, :, 0, 0], -(-padding // stride)
    rows = slice(stride * i - padding, stride * i - padding + kernel)
    seen = [torch.autograd.grad(y, x, retain_graph=True)[0][0, :, rows, rows] for y in f(x)[0, :, i, i]]
    weight = torch.stack(seen)
    replayed = F.conv2d(x, weight, bias, stride, padding)
    if replayed.shape != f(x).shape or not torch.allclose(replayed, f(x)):
        return None
    return weight.detach(), bias


@right("as_convolution")
def compares_whole_matrices(f, shape, kernel, stride, padding):
    M, H, W = shape
    impulses = torch.eye(M * H * W, dtype=torch.float64).reshape(-1, M, H, W)
    zero = f(torch.zeros(1, M, H, W, dtype=torch.float64))
    A = torch.cat([f(one[None]) for one in impulses]) - zero
    patches = F.unfold(impulses, kernel, padding=padding, stride=stride)  # (M·H·W, M·p·q, positions)
    if patches.shape[2] != zero[0, 0].numel():
        return None
    rows, numbers = patches.movedim(1, 2).flatten(0, 1), A.flatten(2).movedim(1, 2).flatten(0, 1)
    weight = torch.linalg.pinv(rows) @ numbers
    x = torch.linspace(-3, 4, 2 * M * H * W, dtype=torch.float64).sin().reshape(2, M, H, W)
    again = torch.einsum("nx,xkij->nkij", x.flatten(1), A)
    if not torch.allclose(rows @ weight, numbers) or not torch.allclose(again + zero, f(x)):
        return None
    return weight.T.reshape(-1, M, kernel, kernel), zero[0, :, 0, 0]


@right("as_convolution")
def replays_with_scipy(f, shape, kernel, stride, padding):
    M, H, W = shape
    start, i = f(torch.zeros(1, M, H, W, dtype=torch.float64)), -(-padding // stride)

    def number(m, u, v):
        x = torch.zeros(1, M, H, W, dtype=torch.float64)
        x[0, m, stride * i - padding + u, stride * i - padding + v] = -2.0
        return (start - f(x))[0, :, i, i] / 2

    maps, numbers = range(M), range(kernel)
    weight = [[[number(m, u, v) for v in numbers] for u in numbers] for m in maps]
    weight = torch.stack([torch.stack([torch.stack(row) for row in one]) for one in weight]).movedim(-1, 0)
    x = torch.randn(2, M, H, W, dtype=torch.float64)
    wide = np.pad(x.numpy(), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    replayed = [
        [sum(signal.correlate2d(image[m], one[m], "valid") for m in maps)[::stride, ::stride] + b
         for one, b in zip(weight.numpy(), start[0, :, 0, 0].numpy(), strict=True)]
        for image in wide
    ]  # fmt: skip
    replayed = torch.tensor(np.array(replayed))
    if replayed.shape != f(x).shape or not torch.allclose(replayed, f(x)):
        return None
    return weight, start[0, :, 0, 0]
