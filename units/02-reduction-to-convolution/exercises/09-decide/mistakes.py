"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from functools import partial

import torch
import torch.nn.functional as F

import nonconv.reduction
from nonconv.authoring import edited, given, right, solution, wrong

DECISION = ("as-convolution-decides", "as-convolution-border")

decides = partial(edited, "as_convolution", solution(__file__, "decide"), given(__file__), loses=DECISION)

TOO_GENEROUS = "the right answer is None, but it returned a tuple of 2 values"
TOO_STRICT = "the right answer is a pair (weight, bias), but it returned None"

WRONG = [
    decides("never_replays", ("in (1.0, -3.0)", "in ()"), shows=TOO_GENEROUS),
    decides("forgets_to_subtract_the_bias", ("f(impulse) - start", "f(impulse)"), shows=TOO_STRICT),
    decides(
        "replays_on_one_impulse_only",
        ("scale * torch.randn(2, M, H, W, dtype=torch.float64)", "impulse"),
        shows=TOO_GENEROUS,
    ),
    decides("lets_an_index_wrap_around", ("i = -(-padding // stride)", "i = 0"), shows=TOO_STRICT),
    decides(
        "replays_without_stride_and_border",
        ("bias, stride, padding", "bias"),
        ("replayed.shape != f(x).shape or ", ""),
        shows="stopped with RuntimeError",
    ),
]


@wrong("as_convolution", shows=TOO_STRICT, loses=DECISION)
def always_says_no(f, shape, kernel, stride, padding):
    return None


@wrong("as_convolution", shows="calls nonconv.reduction", loses=DECISION)
def asks_the_librarys_decision(f, shape, kernel, stride, padding):
    return nonconv.reduction.as_convolution(f, shape, kernel, stride, padding)


@right("as_convolution")
def solves_for_the_kernel(f, shape, kernel, stride, padding):
    M, H, W = shape
    x = torch.randn(40, M, H, W, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    Y = torch.cat([f(image[None]) for image in x])
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
