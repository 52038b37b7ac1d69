"""Further wrong ways: those of a reader who had not seen the others."""

import sympy
import torch

from nonconv.authoring import wrong

FROM_VALUE = ["slope-from-value"]
DERIVATIVE = ("sigmoid-derivative-values", "sigmoid-derivative-float32", "sigmoid-derivative-large")


@wrong(
    "slope_from_value",
    says="this is a derivative by y; asked is the slope by x.",
    loses=FROM_VALUE,
)
def differentiates_by_y(y, A, k):
    return sympy.diff(k * (A - y**2 / A), y)


@wrong(
    "slope_from_value",
    says="this is the largest slope only, at y = 0; asked is the slope for every y.",
    loses=FROM_VALUE,
)
def returns_the_peak(y, A, k):
    return A * k


@wrong("slope_from_value", shows="A power is written **, not ^", loses=FROM_VALUE)
def writes_a_roof_for_the_power(y, A, k):
    return k * (A - y ^ 2 / A)


@wrong("slope_from_value", shows="got a function: return what it gives", loses=FROM_VALUE)
def returns_a_function(y, A, k):
    return lambda value: k * (A - value * value / A)


@wrong(
    "slope_from_value", shows="there is x in it, and the right one does not depend on it", loses=FROM_VALUE
)
def writes_it_in_x(y, A, k):
    x = sympy.Symbol("x")
    return A * k / sympy.cosh(k * x) ** 2


@wrong("sigmoid_derivative", says="this is tanh'(x), which is 4 σ'(2x).", loses=DERIVATIVE)
def takes_the_slope_of_tanh(x):
    return 1 / torch.cosh(x) ** 2


@wrong(
    "sigmoid_derivative",
    says="s (1 − s) wants the value s = σ(x), and here it got x itself.",
    loses=DERIVATIVE,
)
def takes_x_for_the_value(x):
    return x * (1 - x)


@wrong(
    "sigmoid_derivative",
    shows="all x get one value: are they cut off there, as clamp does?",
    loses=DERIVATIVE[1:],
)
def cuts_off_at_thirty(x):
    t = torch.exp(-x.clamp(-30, 30).abs())
    return t / (1 + t) ** 2


@wrong(
    "sigmoid_derivative",
    says="below 0 the slope is not 0: σ' is even, σ'(−x) = σ'(x).",
    loses=DERIVATIVE,
)
def stops_at_zero(x):
    t = torch.exp(-x.abs())
    return torch.where(x >= 0, t / (1 + t) ** 2, 0)


@wrong(
    "sigmoid_derivative",
    says="the square is missing: with t = e^−|x|, σ' is t/(1 + t)².",
    loses=DERIVATIVE,
)
def forgets_the_square(x):
    t = torch.exp(-x.abs())
    return t / (1 + t)


@wrong(
    "slope_from_value",
    says="this is the slope of a tanh(kx) of height 1: here y/A is tanh(kx), and the slope is A times as large.",
    loses=FROM_VALUE,
)
def takes_the_height_for_one(y, A, k):
    return k * (1 - y**2)


@wrong(
    "slope_from_value",
    says="y/A is tanh(kx) already: k stands outside of the square only.",
    loses=FROM_VALUE,
)
def multiplies_by_k_in_the_square(y, A, k):
    return A * k * (1 - (k * y / A) ** 2)
