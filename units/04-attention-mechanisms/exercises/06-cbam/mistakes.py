"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

CBAM = ("cbam-values", "cbam-not-square")


@wrong("cbam", says="the order is the other way round: channels first, then places.", loses=CBAM)
def puts_places_first(X, channel, spatial):
    refined = spatial(X) * X
    return channel(refined) * refined


@wrong(
    "cbam",
    says="both gates look at X: the spatial one looks at what the channel gate left, X'. (Side by side is another network.)",
    loses=CBAM,
)
def sets_them_side_by_side(X, channel, spatial):
    return spatial(X) * channel(X) * X


@wrong(
    "cbam",
    says="the spatial weights multiply X: they multiply X', which the channel gate has already weighed.",
    loses=CBAM,
)
def loses_the_channel_weights(X, channel, spatial):
    refined = channel(X) * X
    return spatial(refined) * X


@wrong("cbam", says="only the channel gate is applied.", loses=CBAM)
def stops_after_the_channels(X, channel, spatial):
    return channel(X) * X


@wrong("cbam", says="only the spatial gate is applied.", loses=CBAM)
def starts_with_the_places(X, channel, spatial):
    return spatial(X) * X


@wrong(
    "cbam",
    says="X is added at the end: CBAM multiplies only. (The skip connection belongs to the block around it.)",
    loses=CBAM,
)
def adds_the_input(X, channel, spatial):
    refined = channel(X) * X
    return X + spatial(refined) * refined


@wrong(
    "cbam",
    says="the weights are taken as 1 + A: that is Residual Attention; CBAM multiplies by A.",
    loses=CBAM,
)
def multiplies_by_one_plus(X, channel, spatial):
    refined = (1 + channel(X)) * X
    return (1 + spatial(refined)) * refined


@wrong("cbam", shows="expected shape (4, 1, 2), got (4, 1, 1)", loses=CBAM)
def gives_the_weights_to_the_next_gate(X, channel, spatial):
    weights = channel(X)
    return spatial(weights) * weights


@wrong("cbam", shows="it changes its input X in place", loses=CBAM)
def multiplies_in_place(X, channel, spatial):
    X *= channel(X)
    X *= spatial(X)
    return X


@wrong(
    "cbam",
    says="the two weighted inputs are added: the second gate takes what the first one gives.",
    loses=CBAM,
)
def adds_the_two(X, channel, spatial):
    return channel(X) * X + spatial(X) * X


@wrong("cbam", shows="expected shape (4, 1, 2), got (1, 1, 2)", loses=CBAM)
def returns_the_spatial_weights(X, channel, spatial):
    refined = channel(X) * X
    return spatial(refined)


@wrong("cbam", says="this is X as it came: multiply it by the weights.", loses=CBAM)
def returns_what_it_got(X, channel, spatial):
    return X


@wrong("cbam", says="the channel weights are applied twice.", loses=CBAM)
def weighs_the_channels_twice(X, channel, spatial):
    refined = channel(X) * X
    return spatial(refined) * channel(X) * refined


@wrong("cbam", says="the two orders are averaged: CBAM is one of them, channels first.", loses=CBAM)
def averages_the_two_orders(X, channel, spatial):
    first, second = channel(X) * X, spatial(X) * X
    return (spatial(first) * first + channel(second) * second) / 2


@wrong("cbam", shows="its dtype is torch.float32, but torch.float64 is expected", loses=CBAM)
def works_in_float32(X, channel, spatial):
    refined = channel(X.float()) * X.float()
    return spatial(refined) * refined
