"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

CBAM = ("cbam-values", "cbam-not-square")


@wrong("cbam", says="X itself is missing in the product: this is the weights alone.", loses=CBAM)
def multiplies_the_weights_only(X, channel, spatial):
    inner = channel(X) * X
    return spatial(inner) * channel(X)


@wrong(
    "cbam",
    says="the spatial gate looks at the channel weights: it looks at X', the weights times X.",
    loses=CBAM,
)
def shows_the_weights_to_the_spatial_gate(X, channel, spatial):
    weights = channel(X)
    return spatial(weights) * weights * X


@wrong("cbam", says="the spatial gate acts twice: the first one is the channel gate.", loses=CBAM)
def applies_the_spatial_gate_twice(X, channel, spatial):
    inner = spatial(X) * X
    return spatial(inner) * inner
