"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch
import torch.nn.functional as F

import nonconv.layers
from nonconv.authoring import right, wrong

SPATIAL = ("spatial-attention-values", "spatial-attention-kernel")


@wrong(
    "spatial_attention",
    says="the two maps are in the other order: average first, then maximum.",
    loses=SPATIAL,
)
def puts_the_maximum_first(X, W):
    both = torch.stack([X.amax(0), X.mean(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", says="σ is missing: what the convolution gives is no weight yet.", loses=SPATIAL)
def leaves_out_sigma(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0]


@wrong(
    "spatial_attention",
    says="there is no border: a k×k kernel needs one of (k − 1)/2 zeros on each side, padding=k // 2.",
    loses=SPATIAL,
)
def forgets_the_border(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W)[0])


@wrong("spatial_attention", shows="stopped with RuntimeError", loses=SPATIAL)
def aggregates_over_the_places(X, W):
    both = torch.cat([X.mean((1, 2), keepdim=True), X.amax((1, 2), keepdim=True)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="only the average over the maps is used, twice: the second map is the maximum.",
    loses=SPATIAL,
)
def averages_twice(X, W):
    both = X.mean(0).expand(2, -1, -1)
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="the sum over the maps stands where their average belongs.",
    loses=SPATIAL,
)
def sums_the_maps(X, W):
    both = torch.stack([X.sum(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", shows="expected shape (1, 1, 3), got (2, 1, 3)", loses=SPATIAL)
def multiplies_the_maps(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return X * torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", shows="expected shape (1, 1, 3), got (1, 1, 1, 3)", loses=SPATIAL)
def leaves_the_batch(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])[None]
    return torch.sigmoid(F.conv2d(both, W, padding=W.shape[-1] // 2))


@wrong(
    "spatial_attention",
    says="the border is k wide, which makes the map larger: a k×k kernel needs (k − 1)/2 on each side.",
    loses=SPATIAL,
)
def takes_a_border_of_k(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1])[0])


@wrong(
    "spatial_attention",
    says="the border is 1 whatever the kernel: k×k needs (k − 1)/2.",
    loses=["spatial-attention-values", "spatial-attention-kernel"],
)
def takes_a_border_of_one(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=1)[0])


@wrong(
    "spatial_attention",
    says="the kernel is flipped: a convolution in this course slides it as it is.",
    loses=SPATIAL,
)
def flips_the_kernel(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W.flip(2, 3), padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="the border mirrors the maps: it is a border of zeros.",
    loses=SPATIAL,
)
def repeats_the_border(X, W):
    k = W.shape[-1] // 2
    both = F.pad(torch.stack([X.mean(0), X.amax(0)])[None], (k, k, k, k), mode="replicate")
    return torch.sigmoid(F.conv2d(both, W)[0])


@wrong(
    "spatial_attention",
    says="the border closes to a circle: it is a border of zeros.",
    loses=SPATIAL,
)
def closes_the_border_to_a_circle(X, W):
    k = W.shape[-1] // 2
    both = torch.stack([X.mean(0), X.amax(0)])[None]
    rows, columns = ([n % size for n in range(-k, size + k)] for size in X.shape[1:])
    return torch.sigmoid(F.conv2d(both[:, :, rows][..., columns], W)[0])


@wrong(
    "spatial_attention",
    says="there is a ReLU before σ: then no weight could be below 1/2.",
    loses=SPATIAL,
)
def takes_relu_before_the_gate(X, W):
    Y1 = F.conv2d(torch.stack([X.mean(0), X.amax(0)])[None], W, padding=W.shape[-1] // 2)[0]
    return torch.sigmoid(F.relu(Y1))


@wrong(
    "spatial_attention",
    says="a softmax makes the places compete for a sum of 1: a gate is the σ of each number on its own.",
    loses=SPATIAL,
)
def shares_out_among_the_places(X, W):
    Y1 = F.conv2d(torch.stack([X.mean(0), X.amax(0)])[None], W, padding=W.shape[-1] // 2)[0]
    return torch.softmax(Y1.flatten(), 0).reshape(Y1.shape)


@wrong(
    "spatial_attention",
    says="average and maximum are added before the convolution: each has its own half of the kernel.",
    loses=SPATIAL,
)
def adds_the_two_maps(X, W):
    added = X.mean(0) + X.amax(0)
    return torch.sigmoid(F.conv2d(torch.stack([added, added])[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", shows="calls nonconv.layers", loses=SPATIAL)
def calls_the_ready_gate(X, W):
    return nonconv.layers.spatial_attention(X[None], W)[0]


@wrong(
    "spatial_attention",
    says="the smallest number over the maps stands where the maximum belongs.",
    loses=SPATIAL,
)
def takes_the_minimum(X, W):
    both = torch.stack([X.mean(0), X.amin(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="the maximum is left out: it has the second half of the kernel, W[:, 1].",
    loses=SPATIAL,
)
def looks_at_the_average_alone(X, W):
    return torch.sigmoid(F.conv2d(X.mean(0)[None, None], W[:, :1], padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="rows and columns of the kernel are swapped.",
    loses=["spatial-attention-values", "spatial-attention-kernel"],
)
def transposes_the_kernel(X, W):
    both = torch.stack([X.mean(0), X.amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W.mT, padding=W.shape[-1] // 2)[0])


@wrong(
    "spatial_attention",
    says="each half has a σ of its own: add the two halves first, then one σ.",
    loses=SPATIAL,
)
def adds_two_gates(X, W):
    halves = zip((X.mean(0), X.amax(0)), (W[:, :1], W[:, 1:]), strict=True)
    return sum(torch.sigmoid(F.conv2d(one[None, None], w, padding=w.shape[-1] // 2)[0]) for one, w in halves)


@wrong(
    "spatial_attention",
    says="this is the largest absolute value over the maps: of −5 and −1 the maximum is −1.",
    loses=SPATIAL,
)
def takes_the_largest_absolute_value(X, W):
    both = torch.stack([X.mean(0), X.abs().amax(0)])
    return torch.sigmoid(F.conv2d(both[None], W, padding=W.shape[-1] // 2)[0])


@wrong("spatial_attention", shows="its dtype is torch.float32, but torch.float64 is expected", loses=SPATIAL)
def works_in_float32(X, W):
    both = torch.stack([X.mean(0), X.amax(0)]).float()
    return torch.sigmoid(F.conv2d(both[None], W.float(), padding=W.shape[-1] // 2)[0])
