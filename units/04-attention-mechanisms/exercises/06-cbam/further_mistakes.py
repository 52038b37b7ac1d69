"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

BOTH = ("side-by-side-values", "side-by-side-not-square")


@wrong(
    "side_by_side",
    says="the channel gate looks at what the spatial gate left: here both look at X.",
    loses=BOTH,
)
def begins_with_the_spatial_gate(X, channel, spatial):
    Y = []
    for x in X:
        refined = spatial(x) * x
        Y.append(x + channel(refined) * refined)
    return torch.stack(Y)


@wrong(
    "side_by_side",
    says="one gate follows the other, each with a 1 of its own: here both look at X, and there is one 1.",
    loses=BOTH,
)
def follows_with_two_ones(X, channel, spatial):
    Y = []
    for x in X:
        refined = (1 + channel(x)) * x
        Y.append((1 + spatial(refined)) * refined)
    return torch.stack(Y)


@wrong("side_by_side", says="the brackets close too early: 1 + A A, not (1 + A) A.", loses=BOTH)
def closes_the_brackets_too_early(X, channel, spatial):
    return torch.stack([(1 + channel(x)) * spatial(x) * x for x in X])


@wrong("side_by_side", says="the brackets close too early: 1 + A A, not A (1 + A).", loses=BOTH)
def opens_the_brackets_too_late(X, channel, spatial):
    return torch.stack([channel(x) * (1 + spatial(x)) * x for x in X])


@wrong("side_by_side", says="the weights are added to X: they multiply it, X + A A X.", loses=BOTH)
def adds_the_weights_to_the_image(X, channel, spatial):
    return torch.stack([x + channel(x) * spatial(x) for x in X])


@wrong(
    "side_by_side",
    says="a σ stands around the sum of the weights: they are multiplied, and each has its σ already.",
    loses=BOTH,
)
def puts_a_sigmoid_around_the_sum(X, channel, spatial):
    return torch.stack([x + torch.sigmoid(channel(x) + spatial(x)) * x for x in X])


@wrong("side_by_side", says="the weights of the last image weigh all of them.", loses=BOTH)
def weighs_behind_the_loop(X, channel, spatial):
    for x in X:
        weights = channel(x) * spatial(x)
    return (1 + weights) * X


@wrong(
    "side_by_side",
    says="the gates look at the mean of the batch: each image has weights of its own.",
    loses=BOTH,
)
def asks_the_mean_image(X, channel, spatial):
    mean = X.mean(0)
    return (1 + channel(mean) * spatial(mean)) * X


@wrong(
    "side_by_side",
    says="the weights are averaged over the batch: each image has weights of its own.",
    loses=BOTH,
)
def averages_the_weights(X, channel, spatial):
    weights = torch.stack([channel(x) * spatial(x) for x in X])
    return (1 + weights.mean(0)) * X


@wrong("side_by_side", says="the images are in the opposite order.", loses=BOTH)
def puts_each_image_in_front(X, channel, spatial):
    Y = []
    for x in X:
        Y.insert(0, (1 + channel(x) * spatial(x)) * x)
    return torch.stack(Y)


@wrong("side_by_side", shows="expected shape (1, 4, 1, 2), got (4, 1, 2)", loses=BOTH)
def joins_the_maps_of_all_images(X, channel, spatial):
    return torch.cat([(1 + channel(x) * spatial(x)) * x for x in X])
