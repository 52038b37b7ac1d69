"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from functools import partial

import numpy as np
import torch
import torch.nn.functional as F

import nonconv.layers
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
        shows="calls the framework's mean",
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
    convolves("leaves_out_sigma", ("torch.sigmoid", ""), says="σ is missing: a weight lies between 0 and 1."),
    convolves(
        "takes_relu_before_sigma",
        ("torch.sigmoid(", "torch.sigmoid(torch.relu("),
        ("None, None]))\n    return", "None, None])))\n    return"),
        says="there is a second ReLU before σ: then no weight could be below 1/2.",
    ),
    convolves(
        "forgets_the_dtype",
        (", dtype=X.dtype", ""),
        shows="stopped with RuntimeError",
    ),
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


@wrong("se_by_convolutions", shows="calls the framework's conv no times", loses=CONVOLVE)
def adds_in_python(X, W0, W1):
    C, H, W = X.shape
    F_avg = sum(X[:, i, j] for i in range(H) for j in range(W)) / (H * W)
    hidden = torch.relu(sum(W0[:, k] * F_avg[k] for k in range(C)))
    return torch.sigmoid(sum(W1[:, k] * hidden[k] for k in range(len(hidden))))[:, None, None] * X


@wrong("se_by_convolutions", shows="calls the framework's conv no times", loses=CONVOLVE)
def leaves_the_framework(X, W0, W1):
    hidden = np.maximum(W0.numpy() @ X.numpy().mean((1, 2)), 0)
    return torch.from_numpy(1 / (1 + np.exp(-(W1.numpy() @ hidden))))[:, None, None] * X


@wrong("se_by_convolutions", shows="calls the framework's conv 2 times", loses=CONVOLVE)
def averages_in_numpy(X, W0, W1):
    squeezed = torch.from_numpy(X.numpy().mean((1, 2), keepdims=True))[None]
    hidden = F.relu(F.conv2d(squeezed, W0[..., None, None]))
    return F.conv2d(hidden, W1[..., None, None]).sigmoid()[0] * X


@wrong("se_by_convolutions", shows="calls the framework's conv 2 times", loses=CONVOLVE)
def merges_the_first_two(X, W0, W1):
    C, H, W = X.shape
    kernel = (W0 / (H * W))[:, :, None, None].expand(-1, -1, H, W)
    hidden = F.conv2d(X, kernel).clamp(min=0)
    return F.conv2d(hidden, W1[:, :, None, None]).sigmoid() * X


@wrong("se_by_convolutions", shows="This exercise is about doing without it", loses=CONVOLVE)
def contracts_with_einsum(X, W0, W1):
    hidden = torch.einsum("dc,chw->d", W0, X) / X[0].numel()
    return torch.einsum("cd,d->c", W1, hidden.relu()).sigmoid()[:, None, None] * X


@wrong("se_by_convolutions", shows="calls nonconv.layers.gates.squeeze_excitation", loses=CONVOLVE)
def asks_the_library(X, W0, W1):
    return nonconv.layers.squeeze_excitation(X[None], W0, W1)[0]
