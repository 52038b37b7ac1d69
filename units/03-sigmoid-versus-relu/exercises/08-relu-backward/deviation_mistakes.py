"""What students answer for weight_deviation: the wrong ways, what each is told and loses."""

import math

import sympy

from nonconv.authoring import wrong

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
