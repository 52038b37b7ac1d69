"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

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


@right("cbam")
def weights_by_name(X, channel, spatial):
    A_channel = channel(X.clone())
    A_spatial = spatial(A_channel * X)
    return A_channel * A_spatial * X


@right("cbam")
def one_gate_after_the_other(X, channel, spatial):
    Y = X
    for gate in (channel, spatial):
        Y = Y.mul(gate(Y))
    return Y


ORDER = ["order-matters"]


@wrong("order_matters", shows="0 times any weight is 0", loses=ORDER)
def tries_zero(channel, spatial):
    return torch.zeros(4, 3, 3)


@wrong("order_matters", shows="all gates stand near σ(0) = 1/2", loses=ORDER)
def tries_small_numbers(channel, spatial):
    return torch.arange(36.0).reshape(4, 3, 3) / 10**5


@wrong("order_matters", shows="X must have shape (4, H, W), not (1, 4, 3, 3)", loses=ORDER)
def returns_a_batch(channel, spatial):
    return torch.rand(1, 4, 3, 3)


@wrong("order_matters", shows="X must have shape (4, H, W), not (3, 3)", loses=ORDER)
def returns_one_map(channel, spatial):
    return torch.eye(3) * 5


@wrong("order_matters", shows="X must be a tensor, not list", loses=ORDER)
def returns_a_list(channel, spatial):
    return [[[1.0]], [[2.0]], [[3.0]], [[4.0]]]


@wrong("order_matters", shows="all numbers of X must be finite", loses=ORDER)
def tries_infinity(channel, spatial):
    X = torch.ones(4, 2, 2)
    X[0] = math.inf
    return X


@wrong("order_matters", shows="X must be a tensor, not tuple", loses=ORDER)
def returns_both_outputs(channel, spatial):
    X = 5 * torch.eye(4).reshape(4, 2, 2)
    first, second = channel(X) * X, spatial(X) * X
    return spatial(first) * first, channel(second) * second


@wrong("order_matters", shows="Your numbers are so small", loses=ORDER)
def tries_one_small_spot(channel, spatial):
    X = torch.full((4, 2, 2), 1e-9)
    X[0, 0, 0] = 1e-3
    return X


@right("order_matters")
def tries_random_ones(channel, spatial):
    return 3 * torch.randn(4, 6, 5, generator=torch.Generator().manual_seed(1))


@right("order_matters")
def looks_for_one(channel, spatial):
    for size in range(1, 50):
        X = size * torch.eye(4, dtype=torch.float64).reshape(4, 2, 2)
        a, b = channel(X) * X, spatial(X) * X
        a, b = spatial(a) * a, channel(b) * b
        if (a - b).norm() > 0.05 * a.norm():
            return X
    return None
