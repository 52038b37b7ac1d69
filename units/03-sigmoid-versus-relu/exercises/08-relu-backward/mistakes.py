"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import numpy as np
import sympy
import torch

from nonconv.authoring import right, wrong

BACKWARD = ("relu-backward-values", "relu-backward-batch")


@wrong(
    "relu_backward",
    says="at x = 0 the framework takes the slope 0: pass the gradient where x > 0, not x ≥ 0.",
    loses=BACKWARD[:1],
)
def lets_zero_pass(x, grad):
    return grad * (x >= 0)


@wrong(
    "relu_backward",
    says="this is the slope alone; the chain rule multiplies it by the gradient that comes in.",
    loses=BACKWARD,
)
def returns_the_slope(x, grad):
    return (x > 0).to(grad.dtype)


@wrong(
    "relu_backward",
    says="this multiplies by ReLU(x); the way back multiplies by its slope, 0 or 1.",
    loses=BACKWARD,
)
def multiplies_by_the_output(x, grad):
    return grad * x.clamp(min=0)


@wrong(
    "relu_backward",
    says="this applies ReLU to the gradient; whether it passes depends on x, not on its own sign.",
    loses=BACKWARD,
)
def clamps_the_gradient(x, grad):
    return grad.clamp(min=0)


@wrong("relu_backward", says="negative gradients are lost: where x > 0 they pass as well.", loses=BACKWARD)
def lets_positive_gradients_pass_only(x, grad):
    return grad.clamp(min=0) * (x > 0)


@wrong(
    "relu_backward",
    says="the mask is turned around: the gradient passes where x is positive.",
    loses=BACKWARD,
)
def turns_the_mask_around(x, grad):
    return grad * (x <= 0)


@wrong("relu_backward", says="this is a leaky ReLU: below 0 nothing passes here.", loses=BACKWARD)
def leaks(x, grad):
    return torch.where(x > 0, grad, 0.01 * grad)


@wrong("relu_backward", shows="calls the framework's relu", loses=BACKWARD)
def asks_autograd(x, grad):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(torch.relu(x), x, grad)[0]


@wrong("relu_backward", shows="it changes its input grad in place", loses=BACKWARD)
def overwrites_the_gradient(x, grad):
    grad[x <= 0] = 0
    return grad


@right("relu_backward")
def with_where(x, grad):
    return torch.where(x > 0, grad, torch.zeros_like(grad))


@right("relu_backward")
def with_a_step_function(x, grad):
    return grad * x.clamp(min=0).sign()


DEAD = ("count-dead-values", "count-dead-others")


@wrong(
    "count_dead", says="at exactly 0 no gradient passes either: dead means ≤ 0 for all examples.", loses=DEAD
)
def demands_negative_numbers(Z):
    return int((Z < 0).all(0).sum())


@wrong(
    "count_dead",
    says="this counts examples (rows) without any positive number; units are columns.",
    loses=DEAD,
)
def counts_the_examples(Z):
    return int((Z <= 0).all(1).sum())


@wrong(
    "count_dead",
    says="this counts units that are off for some example; dead is off for all of them.",
    loses=DEAD,
)
def counts_units_that_are_off_once(Z):
    return int((Z <= 0).any(0).sum())


@wrong("count_dead", says="this counts single numbers; asked are whole columns.", loses=DEAD)
def counts_numbers(Z):
    return int((Z <= 0).sum())


@wrong("count_dead", says="these are the units that live.", loses=DEAD)
def counts_the_living(Z):
    return int((Z > 0).any(0).sum())


@wrong("count_dead", shows="the number of dead units: expected", loses=DEAD)
def looks_at_the_mean(Z):
    return int((Z.mean(0) <= 0).sum())


@wrong("count_dead", says="this is their share; asked is their number.", loses=DEAD)
def returns_the_share(Z):
    return (Z <= 0).all(0).double().mean().item()


@wrong("count_dead", shows="expected a number", loses=DEAD)
def returns_the_mask(Z):
    return (Z <= 0).all(0)


@right("count_dead")
def by_numpys_sum(Z):
    return np.sum(np.all(Z.numpy() <= 0, axis=0))


@right("count_dead")
def by_the_maximum(Z):
    return sum(1 for unit in Z.T if unit.max() <= 0)


@right("count_dead")
def by_what_comes_out(Z):
    return (Z.clamp(min=0).sum(0) == 0).sum()  # exact: a sum of zeros


DEVIATION = ["weight-deviation"]


@wrong(
    "weight_deviation",
    says="this is the variance; asked is the standard deviation, its root.",
    loses=DEVIATION,
)
def returns_the_variance(n, a):
    return 2 / ((1 + a**2) * n)


@wrong(
    "weight_deviation",
    says="this is He's deviation for a = 0; the leak lets a² more through.",
    loses=DEVIATION,
)
def forgets_the_leak(n, a):
    return sympy.sqrt(2 / n)


@wrong(
    "weight_deviation",
    says="this is Xavier's deviation: it forgets that ReLU loses half of the square.",
    loses=DEVIATION,
)
def takes_xaviers(n, a):
    return sympy.sqrt(1 / n)


@wrong("weight_deviation", says="the leak multiplies z by a, so the square by a², not by a.", loses=DEVIATION)
def forgets_to_square_the_leak(n, a):
    return sympy.sqrt(2 / ((1 + a) * n))


@wrong("weight_deviation", says="solved the wrong way round: v = 1/(n (1 + a²)/2).", loses=DEVIATION)
def turns_the_fraction_over(n, a):
    return sympy.sqrt(n * (1 + a**2) / 2)


@wrong(
    "weight_deviation",
    says="n is missing: a sum of n terms has n times the variance of one.",
    loses=DEVIATION,
)
def forgets_n(n, a):
    return sympy.sqrt(2 / (1 + a**2))


@wrong("weight_deviation", shows="not with torch, NumPy or math", loses=DEVIATION)
def takes_the_root_of_math(n, a):
    return math.sqrt(2 / ((1 + a**2) * n))


@right("weight_deviation")
def as_a_power(n, a):
    return (2 / (n + n * a**2)) ** 0.5


@right("weight_deviation")
def as_two_roots(n, a):
    return sympy.sqrt(2) / (sympy.sqrt(n) * sympy.sqrt(1 + a * a))
