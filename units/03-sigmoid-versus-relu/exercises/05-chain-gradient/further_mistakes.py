"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

CHAIN = ("chain-gradients-values", "chain-gradients-deep")


@wrong("chain_gradients", says="s_l is the value; the slope of tanh is 1 − s_l².", loses=CHAIN)
def takes_the_value_for_the_slope(w, s):
    return (w * s).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="the factors of the layers are added up; the chain rule multiplies them.",
    loses=CHAIN,
)
def adds_the_factors(w, s):
    return (w * (1 - s**2)).flip(0).cumsum(0).flip(0)


@wrong("chain_gradients", says="the slope is 1 − s_l², with a minus.", loses=CHAIN)
def adds_in_the_slope(w, s):
    return (w * (1 + s**2)).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="entry 0 stays 0: the loop must end with w[0], so range(L - 1, -1, -1).",
    loses=CHAIN,
)
def ends_the_loop_too_early(w, s):
    found, gradient = torch.zeros_like(w), 1.0
    for l in range(len(w) - 1, 0, -1):
        gradient = gradient * w[l] * (1 - s[l] ** 2)
        found[l] = gradient
    return found


@wrong(
    "chain_gradients",
    says="a negative weight turns the sign of the gradient: no absolute values here.",
    loses=CHAIN,
)
def takes_the_size_of_the_weights(w, s):
    return (w.abs() * (1 - s**2)).flip(0).cumprod(0).flip(0)


@wrong("chain_gradients", says="w is turned around and s is not: turn their product.", loses=CHAIN)
def turns_the_weights_only(w, s):
    return torch.cumprod(w.flip(0) * (1 - s**2), 0).flip(0)


@wrong("chain_gradients", says="the square is missing: the slope of tanh is 1 − s_l².", loses=CHAIN)
def forgets_the_square(w, s):
    return (w * (1 - s)).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="reverse *before* the product: it must begin with the last layer, and here it begins with the first.",
    loses=CHAIN,
)
def reverses_behind_the_product_only(w, s):
    return (w * (1 - s**2)).cumprod(0).flip(0)
