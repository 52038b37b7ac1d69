"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import torch

from nonconv.authoring import wrong

CHAIN = ("chain-gradients-values", "chain-gradients-deep")


@wrong("chain_gradients", says="the weights are missing: each layer multiplies by w_l σ'.", loses=CHAIN)
def forgets_the_weights(w, s):
    return (s * (1 - s)).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="the slopes σ' are missing: each layer multiplies by w_l s_l (1 − s_l).",
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
    return (w * s * (1 - s)).cumprod(0)


@wrong(
    "chain_gradients",
    says="the order is turned around: ∂x_L/∂x_0, through all layers, comes first.",
    loses=CHAIN,
)
def forgets_to_turn_back(w, s):
    return (w * s * (1 - s)).flip(0).cumprod(0)


@wrong("chain_gradients", says="s is already σ(z): its slope is s (1 − s), not σ'(s).", loses=CHAIN)
def applies_sigma_again(w, s):
    t = 1 / (1 + torch.exp(-s))
    return (w * t * (1 - t)).flip(0).cumprod(0).flip(0)


@wrong("chain_gradients", says="1 − s² is the slope of tanh; here it is s (1 − s).", loses=CHAIN)
def takes_tanhs_slope(w, s):
    return (w * (1 - s**2)).flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="these are the factors of the single layers; the chain rule multiplies them.",
    loses=CHAIN,
)
def does_not_multiply(w, s):
    return w * s * (1 - s)


@wrong(
    "chain_gradients",
    says="it is one step too far to the right: this begins with ∂x_L/∂x_1 and ends with ∂x_L/∂x_L = 1.",
    loses=CHAIN,
)
def is_off_by_one(w, s):
    later = (w * s * (1 - s))[1:].flip(0).cumprod(0).flip(0)
    return torch.cat([later, torch.ones(1, dtype=w.dtype)])


@wrong("chain_gradients", shows="got float", loses=CHAIN)
def returns_the_whole_product_only(w, s):
    return math.prod((w * s * (1 - s)).tolist())


@wrong("chain_gradients", shows="Autograd is not allowed here", loses=CHAIN)
def asks_autograd(w, s):
    z = torch.log(s[0] / (1 - s[0])) / w[0]
    values = [z.detach().requires_grad_()]
    for weight in w:
        values.append(1 / (1 + torch.exp(-weight * values[-1])))
    return torch.stack(torch.autograd.grad(values[-1], values[:-1]))


@wrong("chain_gradients", shows="its dtype is torch.float32, but torch.float64 is expected", loses=CHAIN)
def leaves_float64(w, s):
    return (w * s * (1 - s)).float().flip(0).cumprod(0).flip(0)


@wrong(
    "chain_gradients",
    says="a chain of slopes of 1/4 is the bound; here each x_l has its own slope.",
    loses=CHAIN,
)
def takes_the_bound(w, s):
    return (w / 4).flip(0).cumprod(0).flip(0)
