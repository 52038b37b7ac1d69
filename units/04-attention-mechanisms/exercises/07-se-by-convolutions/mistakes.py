"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from functools import partial

import torch
import torch.nn.functional as F

from nonconv.authoring import edited, given, right, solution, wrong

CONVOLVE = ("se-by-convolutions-values", "se-by-convolutions-not-square")

convolves = partial(
    edited, "se_by_convolutions", solution(__file__, "convolutions"), given(__file__), loses=CONVOLVE
)

AVERAGE = "conv2d(X[None], kernel, groups=C)"

WRONG = [
    convolves(
        "takes_the_mean",
        (AVERAGE, "X.mean((1, 2), keepdim=True)[None]"),
        says="calls the framework's mean. This exercise is about doing without it",
    ),
    convolves(
        "adds_instead_of_averaging",
        ("1 / (H * W)", "1"),
        says="the first kernel adds up without dividing: an average has 1/(HW) everywhere.",
    ),
    convolves(
        "averages_over_all_maps",
        ("(C, 1, H, W)", "(C, C, H, W)"),
        (", groups=C", ""),
        says="the first kernel mixes the maps: the average is depthwise, groups=C.",
    ),
    convolves(
        "forgets_to_average",
        (AVERAGE, "X[None]"),
        says="nothing is averaged: each place has weights of its own, from its own numbers. "
        "SE averages first.",
    ),
    convolves(
        "joins_the_two_convolutions",
        ("torch.relu", ""),
        says="ReLU is missing between the two 1×1 convolutions.",
    ),
    convolves("returns_the_weights", ("A[0] * X", "A[0]"), shows="expected shape (2, 1, 2), got (2, 1, 1)"),
    convolves("forgets_the_groups", (", groups=C", ""), shows="stopped with RuntimeError"),
    convolves(
        "pools",
        (AVERAGE, "torch.nn.functional.avg_pool2d(X[None], (H, W))"),
        shows="That is the answer itself",
    ),
    convolves(
        "divides_by_the_maps",
        ("1 / (H * W)", "1 / C"),
        says="the first kernel has 1/C everywhere: it averages over the H·W places of a map.",
    ),
    convolves(
        "divides_by_the_maps_too",
        ("1 / (H * W)", "1 / (C * H * W)"),
        says="you divide by C too: each map is averaged on its own, over its H·W places.",
    ),
]


@wrong("se_by_convolutions", shows="calls the framework's mv", loses=CONVOLVE)
def multiplies_matrices(X, W0, W1):
    C, H, W = X.shape
    F_avg = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double(), groups=C).flatten()
    return torch.sigmoid(W1 @ torch.relu(W0 @ F_avg))[:, None, None] * X


@right("se_by_convolutions")
def first_two_as_one(X, W0, W1):
    C, H, W = X.shape
    kernel = (W0 / (H * W))[:, :, None, None].expand(-1, -1, H, W)
    hidden = F.conv2d(X, kernel).clamp(min=0)
    return F.conv2d(hidden, W1[:, :, None, None]).sigmoid() * X


@right("se_by_convolutions")
def as_modules(X, W0, W1):
    C, H, W = X.shape
    squeeze = torch.nn.Conv2d(C, C, (H, W), groups=C, bias=False).double()
    first = torch.nn.Conv2d(C, len(W0), 1, bias=False).double()
    second = torch.nn.Conv2d(len(W0), C, 1, bias=False).double()
    squeeze.weight.data.fill_(1 / (H * W))
    first.weight.data, second.weight.data = W0[..., None, None], W1[..., None, None]
    return torch.nn.Sequential(squeeze, first, torch.nn.ReLU(), second, torch.nn.Sigmoid())(X[None])[0] * X
