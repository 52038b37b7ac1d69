"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

CHANNEL = ("channel-attention-values", "channel-attention-sizes")


@wrong("channel_attention", says="the two results are multiplied: they are added.", loses=CHANNEL)
def multiplies_the_two_results(X, W0, W1):
    average, largest = (W1 @ torch.relu(W0 @ v) for v in (X.mean((1, 2)), X.amax((1, 2))))
    return torch.sigmoid(average * largest)[:, None, None]


@wrong(
    "channel_attention",
    says="the maximum looks at one column only: both axes, rows and columns, are to go.",
    loses=CHANNEL,
)
def takes_the_maximum_of_a_column(X, W0, W1):
    hidden = torch.relu(W0 @ X.mean((1, 2))) + torch.relu(W0 @ X.amax(1)[:, 0])
    return torch.sigmoid(W1 @ hidden)[:, None, None]


@wrong(
    "channel_attention",
    says="the maximum never gets below 0: a map of negative numbers has a negative maximum.",
    loses=CHANNEL[1:],
)
def starts_the_maximum_at_zero(X, W0, W1):
    largest = X.amax((1, 2)).clamp(min=0)
    hidden = torch.relu(W0 @ X.mean((1, 2))) + torch.relu(W0 @ largest)
    return torch.sigmoid(W1 @ hidden)[:, None, None]


@wrong(
    "channel_attention",
    says="the average goes through twice: one of the two is the maximum.",
    loses=CHANNEL,
)
def takes_the_average_twice(X, W0, W1):
    return torch.sigmoid(2 * W1 @ torch.relu(W0 @ X.mean((1, 2))))[:, None, None]
