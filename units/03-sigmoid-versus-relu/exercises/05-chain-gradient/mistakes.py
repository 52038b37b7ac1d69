"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import torch

from nonconv.authoring import wrong

CHAIN = ("chain-gradients-values", "chain-gradients-deep")


@wrong("chain_gradients", says="the weights are missing: each layer multiplies by w_l tanh'.", loses=CHAIN)
def forgets_the_weights(w, s):
    return (1 - s**2).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="the slopes tanh' are missing: each layer multiplies by w_l (1 − s_l²).",
    loses=CHAIN,
)
def forgets_the_slopes(w, s):
    return w.flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="the product runs from the first layer; ∂x_L/∂x_l runs from layer l + 1 to the last.",
    loses=CHAIN,
)
def multiplies_from_the_front(w, s):
    return (w * (1 - s**2)).cumprod(0)


@wrong(
    "chain_gradients",
    says="the order is turned around: ∂x_L/∂x_0, through all layers, comes first.",
    loses=CHAIN,
)
def forgets_to_turn_back(w, s):
    return (w * (1 - s**2)).flip(0).cumprod(0)


@wrong("chain_gradients", says="s is already tanh(z): its slope is 1 − s², not tanh'(s).", loses=CHAIN)
def applies_tanh_again(w, s):
    t = torch.tanh(s)
    return (w * (1 - t**2)).flip(0).cumprod(0).flip(0)


@wrong("chain_gradients", says="s (1 − s) is the slope of σ; tanh's is 1 − s².", loses=CHAIN)
def takes_sigmas_slope(w, s):
    return (w * s * (1 - s)).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="these are the factors of the single layers; the chain rule multiplies them.",
    loses=CHAIN,
)
def does_not_multiply(w, s):
    return w * (1 - s**2)


@wrong(
    "chain_gradients",
    says="it is one step too far to the right: this begins with ∂x_L/∂x_1 and ends with ∂x_L/∂x_L = 1.",
    loses=CHAIN,
)
def is_off_by_one(w, s):
    later = (w * (1 - s**2))[1:].flip(0).cumprod(0).flip(0)
    return torch.cat([later, torch.ones(1, dtype=w.dtype)])


@wrong("chain_gradients", shows="got float", loses=CHAIN)
def returns_the_whole_product_only(w, s):
    return math.prod((w * (1 - s**2)).tolist())


@wrong("chain_gradients", shows="Autograd is not allowed here", loses=CHAIN)
def asks_autograd(w, s):
    z = torch.atanh(s[0]) / w[0]
    values = [z.detach().requires_grad_()]
    for weight in w:
        values.append(torch.tanh(weight * values[-1]))
    return torch.stack(torch.autograd.grad(values[-1], values[:-1]))


@wrong("chain_gradients", shows="its dtype is torch.float32, but torch.float64 is expected", loses=CHAIN)
def leaves_float64(w, s):
    return (w * (1 - s**2)).float().flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="a slope of 1 is the bound; here each x_l has its own slope, and the signs of the weights stay.",
    loses=CHAIN,
)
def takes_the_bound(w, s):
    return w.abs().flip(0).cumprod(0).flip(0)
