"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import sympy
import torch

from nonconv.authoring import wrong

BACKWARD = ("relu-backward-values", "relu-backward-batch")


@wrong(
    "relu_backward",
    says="at x = 0 the slope is to be 0: pass the gradient where x > 0, not x ≥ 0.",
    loses=BACKWARD,
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


@wrong("relu_backward", shows="calls the framework's threshold_backward", loses=BACKWARD)
def calls_the_kernel_itself(x, grad):
    return torch.ops.aten.threshold_backward(grad, x, 0)


@wrong("relu_backward", shows="Autograd is not allowed here", loses=BACKWARD)
def asks_autograd_in_another_way(x, grad):
    def slope(x):
        return torch.func.grad(lambda x: x.clamp(min=0).sum())(x)

    return grad * slope(x)


@wrong(
    "relu_backward",
    says="at x = 0 this lets half of the gradient pass: the slope there is to be 0.",
    loses=BACKWARD,
)
def takes_half_at_zero(x, grad):
    return grad * (x.sign() + 1) / 2


@wrong("relu_backward", shows="its dtype is torch.float32, but torch.float64 is expected", loses=BACKWARD)
def leaves_float64(x, grad):
    return grad.float() * (x > 0)


@wrong("relu_backward", shows="it changes its input grad in place", loses=BACKWARD)
def overwrites_the_gradient(x, grad):
    grad[x <= 0] = 0
    return grad


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


@wrong(
    "count_dead",
    says="this is 1 if all units are dead and else 0: ask each column by itself, all(dim=0), then count.",
    loses=DEAD,
)
def asks_all_units_at_once(Z):
    return int((Z <= 0).all())


@wrong("count_dead", says="this is the number of all units; asked is how many of them are dead.", loses=DEAD)
def counts_the_units(Z):
    return Z.shape[1]


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
