"""What students answer: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

BOTH = ("side-by-side-values", "side-by-side-not-square")


@wrong(
    "side_by_side",
    says="the spatial gate looks at what the channel gate left, as in CBAM: here both look at X.",
    loses=BOTH,
)
def sets_them_one_after_the_other(X, channel, spatial):
    Y = []
    for x in X:
        refined = channel(x) * x
        Y.append(x + spatial(refined) * refined)
    return torch.stack(Y)


@wrong("side_by_side", says="the 1 is missing: Y = (1 + A A) X, not A A X.", loses=BOTH)
def forgets_the_one(X, channel, spatial):
    return torch.stack([channel(x) * spatial(x) * x for x in X])


@wrong(
    "side_by_side",
    says="each gate has a 1 of its own: (1 + A)(1 + A) has two terms too many.",
    loses=BOTH,
)
def adds_one_to_each_gate(X, channel, spatial):
    return torch.stack([(1 + channel(x)) * (1 + spatial(x)) * x for x in X])


@wrong("side_by_side", says="the two weights are added: they are multiplied.", loses=BOTH)
def adds_the_weights(X, channel, spatial):
    return torch.stack([x * (1 + channel(x) + spatial(x)) for x in X])


@wrong("side_by_side", says="only the channel gate is applied.", loses=BOTH)
def stops_after_the_channels(X, channel, spatial):
    return torch.stack([x * (1 + channel(x)) for x in X])


@wrong("side_by_side", says="only the spatial gate is applied.", loses=BOTH)
def starts_with_the_places(X, channel, spatial):
    return torch.stack([x * (1 + spatial(x)) for x in X])


@wrong("side_by_side", says="X itself is missing in the product: this is the weights alone.", loses=BOTH)
def returns_the_weights(X, channel, spatial):
    return torch.stack([1 + channel(x) * spatial(x) + 0 * x for x in X])


@wrong("side_by_side", says="1 is added, not X: the brackets stand around 1 + A A.", loses=BOTH)
def adds_one_at_the_end(X, channel, spatial):
    return torch.stack([1 + channel(x) * spatial(x) * x for x in X])


@wrong(
    "side_by_side",
    says="the weights of the first image weigh all of them.",
    loses=["side-by-side-values", "side-by-side-not-square"],
)
def asks_the_first_image_only(X, channel, spatial):
    return X + channel(X[0]) * spatial(X[0]) * X


@wrong("side_by_side", says="this is X as it came: multiply it by the weights.", loses=BOTH)
def returns_what_it_got(X, channel, spatial):
    return X.clone()


@wrong("side_by_side", says="the channel weights are applied twice, the spatial ones never.", loses=BOTH)
def weighs_the_channels_twice(X, channel, spatial):
    return torch.stack([x + channel(x) * channel(x) * x for x in X])


@wrong(
    "side_by_side",
    shows="the channel gate takes one image, of shape (4, H, W), not (1, 4, 1, 2)",
    loses=BOTH,
)
def hands_over_the_whole_batch(X, channel, spatial):
    return X + channel(X) * spatial(X) * X


@wrong("side_by_side", shows="expected shape (1, 4, 1, 2), got (4, 1, 2)", loses=BOTH)
def returns_one_image(X, channel, spatial):
    x = X[0]
    return x + channel(x) * spatial(x) * x


@wrong("side_by_side", shows="it changes its input X in place", loses=BOTH)
def multiplies_in_place(X, channel, spatial):
    for x in X:
        x += channel(x) * spatial(x) * x
    return X


@wrong("side_by_side", shows="its dtype is torch.float32, but torch.float64 is expected", loses=BOTH)
def works_in_float32(X, channel, spatial):
    return torch.stack([x + channel(x) * spatial(x) * x for x in X.float()])
