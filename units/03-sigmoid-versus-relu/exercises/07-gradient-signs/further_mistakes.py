"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

SIGNS = ("gradient-signs-positive", "gradient-signs-any")


@wrong("gradient_signs", says="an input of 0 is not negative either: the sign there is 0.", loses=SIGNS)
def counts_zero_as_negative(x):
    signs = torch.where(x > 0, 1.0, -1.0)
    return signs, -signs


@wrong(
    "gradient_signs",
    says="a negative input has the sign −1, not 0: it gives its weight a gradient, too.",
    loses=SIGNS,
)
def loses_the_negative_inputs(x):
    signs = (x > 0).float()
    return signs, -signs


@wrong("gradient_signs", says="both are the signs for δ > 0: for δ < 0 each of them turns.", loses=SIGNS)
def returns_the_same_twice(x):
    return torch.sign(x), torch.sign(x)


@wrong("gradient_signs", shows="but it returned a tensor of shape (2,)", loses=SIGNS)
def returns_the_first_only(x):
    return torch.sign(x)


@wrong("escaping_batch", shows="return (X, delta), not a tensor of shape (2,)", loses=["escaping-batch"])
def returns_the_gradient(signs):
    X, delta = torch.stack([2 + signs, 2 - signs]), torch.tensor([1.0, -1.0]).double()
    return delta @ X
