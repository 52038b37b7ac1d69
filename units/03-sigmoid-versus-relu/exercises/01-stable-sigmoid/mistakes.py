"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import numpy as np
import torch

from nonconv.authoring import right, wrong

SIGMOID = ("sigmoid-values", "sigmoid-extreme", "sigmoid-float32")

FAR = ("sigmoid-extreme", "sigmoid-float32")


@wrong("sigmoid", shows="∞/∞ is no number", loses=FAR)
def the_quotient_of_powers(x):
    return torch.exp(x) / (1 + torch.exp(x))


@wrong("sigmoid", shows="its digits are lost", loses=FAR)
def one_minus_the_other_side(x):
    return 1 - 1 / (1 + torch.exp(x))


@wrong("sigmoid", shows="its digits are lost", loses=FAR)
def by_way_of_tanh(x):
    return (1 + torch.tanh(x / 2)) / 2


@wrong("sigmoid", says="this is σ(−x): the exponent is −x.", loses=SIGMOID)
def forgets_the_minus(x):
    return 1 / (1 + torch.exp(x))


@wrong("sigmoid", shows="From -30 on all x get one value", loses=FAR)
def clamps_the_input(x):
    return 1 / (1 + torch.exp(-x.clamp(-30, 30)))


@wrong("sigmoid", shows="calls the framework's sigmoid", loses=SIGMOID)
def calls_the_frameworks(x):
    return torch.sigmoid(x)


@wrong("sigmoid", shows="calls the framework's sigmoid", loses=SIGMOID)
def calls_it_by_another_name(x):
    return torch.special.expit(x)


@wrong("sigmoid", shows="calls scipy.special.expit", loses=SIGMOID)
def calls_scipys(x):
    from scipy.special import expit

    return torch.from_numpy(expit(x.numpy()))


@wrong("sigmoid", shows="calls scipy.logistic_gen._cdf", loses=SIGMOID)
def calls_a_distribution(x):
    from scipy.stats import logistic

    return torch.from_numpy(logistic.cdf(x.numpy()))


@wrong("sigmoid", shows="calls the framework's softmax", loses=SIGMOID)
def calls_softmax_of_two(x):
    return torch.softmax(torch.stack([x, torch.zeros_like(x)]), 0)[0]


@wrong("sigmoid", shows="calls the framework's glu", loses=SIGMOID)
def calls_a_gate(x):
    return torch.nn.functional.glu(torch.cat([torch.ones_like(x), x]), 0)


@wrong("sigmoid", shows="calls the framework's silu", loses=SIGMOID)
def calls_it_in_a_function_of_its_own(x):
    def gate(x):
        return torch.nn.functional.silu(x) / x

    return torch.where(x == 0, 0.5, gate(x))


@wrong("sigmoid", shows="∞/∞ is no number", loses=FAR[1:])
def by_the_hyperbolic_cosine(x):
    return torch.exp(x / 2) / (2 * torch.cosh(x / 2))


@wrong("sigmoid", shows="its dtype is torch.float32", loses=FAR[:1])
def computes_in_float32(x):
    small = torch.exp(-x.abs().float())
    return torch.where(x >= 0, 1.0, small) / (1 + small)


@wrong("sigmoid", shows="stopped with", loses=SIGMOID)
def takes_the_exponential_of_math(x):
    return 1 / (1 + math.exp(-x))


@wrong("sigmoid", says="this is tanh(x), which runs from −1 to 1; σ runs from 0 to 1.", loses=SIGMOID)
def computes_tanh(x):
    return 2 / (1 + torch.exp(-2 * x)) - 1


@wrong("sigmoid", shows="take torch.where(condition, this, that)", loses=SIGMOID)
def branches_on_the_whole_tensor(x):
    if x >= 0:
        return 1 / (1 + torch.exp(-x))
    return torch.exp(x) / (1 + torch.exp(x))


NAN = ["nan-gradient"]


@wrong("nan_gradient", shows="There e^−x = 3.784e-44: make it overflow", loses=NAN)
def goes_far_to_the_right():
    return 100.0


@wrong("nan_gradient", shows="There e^−x = 1.142e+26", loses=NAN)
def stops_where_the_gradient_is_only_zero():
    x = -60
    return x


@wrong("nan_gradient", shows="x must be finite, not -inf", loses=NAN)
def returns_infinity():
    return -math.inf


@wrong("nan_gradient", shows="x must be finite in float32", loses=NAN)
def leaves_float32_itself():
    return -(10.0**39)


@wrong("nan_gradient", shows="x must be one number, not a tuple of 2 values", loses=NAN)
def returns_two_numbers():
    return -100.0, 100.0


@wrong("nan_gradient", shows="the gradient is 0.25, a number", loses=NAN)
def tries_zero():
    return torch.tensor(0.0)
