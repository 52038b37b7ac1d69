"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import torch
import torch.nn.functional as F

import nonconv.layers
from nonconv.authoring import right, wrong

CHANNEL = ("channel-attention-values", "channel-attention-sizes")


@wrong(
    "channel_attention",
    says="only the average is squeezed: that is SE; CBAM takes the maximum as well.",
    loses=CHANNEL,
)
def squeezes_by_average_only(X, W0, W1):
    return torch.sigmoid(W1 @ torch.relu(W0 @ X.mean((1, 2))))[:, None, None]


@wrong("channel_attention", says="only the maximum is squeezed: take the average as well.", loses=CHANNEL)
def squeezes_by_maximum_only(X, W0, W1):
    return torch.sigmoid(W1 @ torch.relu(W0 @ X.amax((1, 2))))[:, None, None]


@wrong(
    "channel_attention",
    says="average and maximum meet before the ReLU: each goes through the whole perceptron, and what comes out is added.",
    loses=CHANNEL,
)
def adds_before_the_perceptron(X, W0, W1):
    added = X.mean((1, 2)) + X.amax((1, 2))
    return torch.sigmoid(W1 @ torch.relu(W0 @ added))[:, None, None]


@wrong(
    "channel_attention",
    says="the sum is taken behind σ: add first, then σ, or a weight could reach 2.",
    loses=CHANNEL,
)
def adds_behind_sigma(X, W0, W1):
    Y = sum(torch.sigmoid(W1 @ torch.relu(W0 @ F_agg)) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return Y[:, None, None]


@wrong(
    "channel_attention",
    says="the mean of the two is taken, not their sum.",
    loses=CHANNEL,
)
def averages_the_two(X, W0, W1):
    ways = torch.stack([W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2)))])
    return torch.sigmoid(ways.mean(0))[:, None, None]


@wrong(
    "channel_attention",
    says="average and maximum meet before the ReLU: each goes through the whole perceptron, and what comes out is added.",
    loses=CHANNEL,
)
def takes_relu_of_the_sum(X, W0, W1):
    hidden = W0 @ X.mean((1, 2)) + W0 @ X.amax((1, 2))
    return torch.sigmoid(W1 @ hidden.relu())[:, None, None]


@wrong("channel_attention", says="ReLU is missing between the matrices.", loses=CHANNEL)
def leaves_out_the_relu(X, W0, W1):
    added = W1 @ (W0 @ X.mean((1, 2))) + W1 @ (W0 @ X.amax((1, 2)))
    return added.sigmoid()[:, None, None]


@wrong("channel_attention", shows="expected shape (2, 1, 1), got (2, 1, 2)", loses=CHANNEL)
def multiplies_by_the_input(X, W0, W1):
    added = sum(W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return X * torch.sigmoid(added)[:, None, None]


@wrong("channel_attention", shows="expected shape (2, 1, 1), got (2,)", loses=CHANNEL)
def returns_a_vector(X, W0, W1):
    return torch.sigmoid(sum(W1 @ (W0 @ F_agg).relu() for F_agg in (X.mean((1, 2)), X.amax((1, 2)))))


@wrong("channel_attention", shows="calls nonconv.layers", loses=CHANNEL)
def asks_the_library(X, W0, W1):
    return nonconv.layers.channel_attention(X[None], W0, W1)[0]


@wrong(
    "channel_attention",
    says="a softmax makes the maps compete for a sum of 1: a gate is the σ of each number on its own.",
    loses=CHANNEL,
)
def shares_out_a_sum_of_one(X, W0, W1):
    added = W1 @ torch.relu(W0 @ X.mean((1, 2))) + W1 @ torch.relu(W0 @ X.amax((1, 2)))
    return torch.softmax(added, 0).reshape(-1, 1, 1)


@wrong(
    "channel_attention",
    says="there is another ReLU before σ: then no weight could be below 1/2.",
    loses=CHANNEL,
)
def takes_relu_before_sigma(X, W0, W1):
    added = sum(W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return torch.sigmoid(added.relu())[:, None, None]


@wrong(
    "channel_attention",
    says="the mean of two σ is taken: add behind the perceptron, then one σ.",
    loses=CHANNEL,
)
def averages_two_gates(X, W0, W1):
    a, b = (torch.sigmoid(W1 @ torch.relu(W0 @ F_agg)) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return ((a + b) / 2)[:, None, None]


@wrong(
    "channel_attention",
    says="two gates are multiplied: add behind the perceptron, then one σ.",
    loses=CHANNEL,
)
def multiplies_two_gates(X, W0, W1):
    gates = [torch.sigmoid(W1 @ torch.relu(W0 @ F_agg)) for F_agg in (X.mean((1, 2)), X.amax((1, 2)))]
    return math.prod(gates)[:, None, None]


@wrong(
    "channel_attention",
    says="the largest number of the whole tensor stands for every map: each map has its own maximum.",
    loses=CHANNEL,
)
def takes_the_maximum_of_everything(X, W0, W1):
    average, largest = X.mean((1, 2)), X.max().expand(len(X))
    return torch.sigmoid(W1 @ torch.relu(W0 @ average) + W1 @ torch.relu(W0 @ largest))[:, None, None]


@wrong("channel_attention", says="σ is missing: what is added is no weight yet.", loses=CHANNEL)
def leaves_out_sigma(X, W0, W1):
    added = W1 @ torch.relu(W0 @ X.mean((1, 2))) + W1 @ torch.relu(W0 @ X.amax((1, 2)))
    return added[:, None, None]


@wrong(
    "channel_attention",
    says="the smallest number of each map stands where its maximum belongs.",
    loses=CHANNEL,
)
def takes_the_minimum(X, W0, W1):
    ways = (W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amin((1, 2))))
    return torch.sigmoid(sum(ways))[:, None, None]


@wrong("channel_attention", says="the sum of each map stands where its average belongs.", loses=CHANNEL)
def sums_each_map(X, W0, W1):
    ways = (W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.sum((1, 2)), X.amax((1, 2))))
    return torch.sigmoid(sum(ways))[:, None, None]


@wrong(
    "channel_attention",
    says="the larger of the two results is taken: add them.",
    loses=CHANNEL,
)
def takes_the_larger_way(X, W0, W1):
    a, b = (W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return torch.sigmoid(torch.maximum(a, b))[:, None, None]


@wrong(
    "channel_attention",
    says="one of the two ways has no ReLU: both go through the whole perceptron.",
    loses=CHANNEL,
)
def forgets_one_relu(X, W0, W1):
    added = W1 @ torch.relu(W0 @ X.mean((1, 2))) + W1 @ (W0 @ X.amax((1, 2)))
    return torch.sigmoid(added)[:, None, None]


@wrong(
    "channel_attention",
    says="this is the largest absolute value: of −5 and −1 the maximum is −1.",
    loses=CHANNEL,
)
def takes_the_largest_absolute_value(X, W0, W1):
    ways = (W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.abs().amax((1, 2))))
    return torch.sigmoid(sum(ways))[:, None, None]


@wrong("channel_attention", shows="its dtype is torch.float32, but torch.float64 is expected", loses=CHANNEL)
def makes_a_tensor_of_plain_numbers(X, W0, W1):
    added = sum(W1 @ torch.relu(W0 @ F_agg) for F_agg in (X.mean((1, 2)), X.amax((1, 2))))
    return torch.tensor(added.sigmoid().tolist())[:, None, None]
