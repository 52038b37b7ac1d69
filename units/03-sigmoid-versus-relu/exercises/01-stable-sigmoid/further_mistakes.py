"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

SIGMOID = ("sigmoid-values", "sigmoid-extreme", "sigmoid-float32")


@wrong("sigmoid", says="where e^x is ∞, the ∞/∞ was replaced by 0; but σ is 1 there.", loses=SIGMOID[1:])
def puts_zero_for_no_number(x):
    return torch.nan_to_num(torch.exp(x) / (1 + torch.exp(x)))


@wrong("sigmoid", says="1 / 1 + e^−x is 1 + e^−x: put brackets around the whole denominator.", loses=SIGMOID)
def forgets_the_brackets(x):
    return 1 / 1 + torch.exp(-x)


@wrong(
    "sigmoid",
    shows="From 20 on all x get one value: are they cut off there, as clamp does?",
    loses=SIGMOID[1:],
)
def cuts_off_at_twenty(x):
    return 1 / (1 + torch.exp(-x.clamp(-20, 20)))


@wrong(
    "sigmoid",
    says="at x = 0 neither side counts, and 0 comes out: one of the two must take x = 0.",
    loses=SIGMOID[:1],
)
def leaves_zero_to_nobody(x):
    t = torch.exp(-x.abs())
    return (x > 0) / (1 + t) + (x < 0) * t / (1 + t)


@wrong(
    "sigmoid",
    says="this is x itself: what the loop's variable is set to changes no number of x; take all of x at once.",
    loses=SIGMOID,
)
def assigns_to_the_loops_variable(x):
    for number in x:
        number = 1 / (1 + torch.exp(-number))
    return x


@wrong(
    "sigmoid",
    says="below 0 this is σ(−x), over ½: there σ is t/(1 + t) with t = e^x, and goes on falling.",
    loses=SIGMOID,
)
def mirrors_the_left_side(x):
    return 1 / (1 + torch.exp(-x.abs()))


@wrong("sigmoid", shows="got a generator, as `yield` makes one", loses=SIGMOID)
def yields_the_numbers(x):
    for number in x:
        yield 1 / (1 + torch.exp(-number))


@wrong("sigmoid", shows="calls the framework's softplus_backward", loses=SIGMOID)
def takes_the_gradient_of_softplus(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.nn.functional.softplus(x).sum(), x)[0]


@wrong("sigmoid", shows="calls the framework's soft_margin_loss", loses=SIGMOID)
def takes_the_gradient_of_a_loss(x):
    x = x.clone().requires_grad_()
    loss = torch.nn.functional.soft_margin_loss(x, -torch.ones_like(x), reduction="sum")
    return torch.autograd.grad(loss, x)[0]
