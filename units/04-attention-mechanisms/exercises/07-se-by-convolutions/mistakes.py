"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch
import torch.nn.functional as F

from nonconv.authoring import right, wrong

CONVOLVE = ("se-by-convolutions-values", "se-by-convolutions-not-square")


@wrong(
    "se_by_convolutions",
    says="calls the framework's mean. This exercise is about doing without it",
    loses=CONVOLVE,
)
def takes_the_mean(X, W0, W1):
    F_avg = X.mean((1, 2), keepdim=True)[None]
    hidden = F.conv2d(F_avg, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong("se_by_convolutions", shows="calls the framework's mv", loses=CONVOLVE)
def multiplies_matrices(X, W0, W1):
    C, H, W = X.shape
    F_avg = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double(), groups=C).flatten()
    return torch.sigmoid(W1 @ torch.relu(W0 @ F_avg))[:, None, None] * X


@wrong(
    "se_by_convolutions",
    says="the first kernel adds up without dividing: an average has 1/(HW) everywhere.",
    loses=CONVOLVE,
)
def adds_instead_of_averaging(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.ones(C, 1, H, W).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="the first kernel mixes the maps: the average is depthwise, groups=C.",
    loses=CONVOLVE,
)
def averages_over_all_maps(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, C, H, W), 1 / (H * W)).double())
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="nothing is averaged: each place has weights of its own, from its own numbers. SE averages first.",
    loses=CONVOLVE,
)
def forgets_to_average(X, W0, W1):
    hidden = F.conv2d(X[None], W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="ReLU is missing between the two 1×1 convolutions.",
    loses=CONVOLVE,
)
def joins_the_two_convolutions(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double(), groups=C)
    linear = F.conv2d(F.conv2d(squeezed, W0[:, :, None, None]), W1[:, :, None, None])
    return linear.sigmoid()[0] * X


@wrong(
    "se_by_convolutions",
    shows="expected shape (2, 1, 2), got (2, 1, 1)",
    loses=CONVOLVE,
)
def returns_the_weights(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0]


@wrong(
    "se_by_convolutions",
    shows="stopped with RuntimeError",
    loses=CONVOLVE,
)
def forgets_the_groups(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (H * W)).double())
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong("se_by_convolutions", shows="That is the answer itself", loses=CONVOLVE)
def pools(X, W0, W1):
    squeezed = F.avg_pool2d(X[None], X.shape[1:])
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="the first kernel has 1/C everywhere: it averages over the H·W places of a map.",
    loses=CONVOLVE,
)
def divides_by_the_maps(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / C).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


@wrong(
    "se_by_convolutions",
    says="you divide by C too: each map is averaged on its own, over its H·W places.",
    loses=CONVOLVE,
)
def divides_by_the_maps_too(X, W0, W1):
    C, H, W = X.shape
    squeezed = F.conv2d(X[None], torch.full((C, 1, H, W), 1 / (C * H * W)).double(), groups=C)
    hidden = F.conv2d(squeezed, W0[:, :, None, None]).relu()
    return torch.sigmoid(F.conv2d(hidden, W1[:, :, None, None]))[0] * X


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
