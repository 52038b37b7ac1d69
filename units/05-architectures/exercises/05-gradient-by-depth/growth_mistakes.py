"""What students answer for growth: the wrong ways, what each is told and loses."""

import math

import sympy

from nonconv.authoring import right, wrong

GROWTH = ["growth-factors"]


@wrong(
    "growth", says="half of the ReLUs are closed: c alone would be the factor if all were open.", loses=GROWTH
)
def opens_every_gate(c):
    return c, 1 + c


@wrong(
    "growth", says="these are the factors of the norm: the exercise asks for the squared norm.", loses=GROWTH
)
def takes_roots(c):
    return (c / 2) ** 0.5, (1 + c / 2) ** 0.5


@wrong("growth", says="the factors are swapped: first the one without a skip.", loses=GROWTH)
def swaps_the_factors(c):
    return 1 + c / 2, c / 2


@wrong(
    "growth", says="the skip adds g, of the squared norm 1, not 1/2: no gate stands in its way.", loses=GROWTH
)
def gates_the_skip(c):
    return c / 2, (1 + c) / 2


@wrong(
    "growth",
    says="you add the norms: the squared norm of a sum has a middle term, and its mean is 0, so the squares add up.",
    loses=GROWTH,
)
def adds_norms_and_squares(c):
    return c / 2, (1 + (c / 2) ** 0.5) ** 2


@wrong(
    "growth",
    says="a skip changes the factor: g itself is added to what comes through the block.",
    loses=GROWTH,
)
def sees_no_skip(c):
    return c / 2, c / 2


@wrong(
    "growth", says="with a skip nothing is lost, but something is added: the factor is not 1.", loses=GROWTH
)
def believes_the_skip_keeps_it(c):
    return c / 2, 1 + 0 * c


@wrong("growth", shows="it must return the 2 values", loses=GROWTH)
def gives_one_factor(c):
    return 1 + c / 2


@wrong("growth", shows="The inputs are symbols, not numbers", loses=GROWTH)
def takes_a_root_with_math(c):
    return math.sqrt(c / 2), math.sqrt(1 + c / 2)


@wrong(
    "growth",
    says="these are the factors for c = 2: the answer is two formulas for every c.",
    loses=GROWTH,
)
def answers_for_he(c):
    return 1, 2


@wrong(
    "growth",
    says="these are the factors for fifty blocks: the exercise asks for one.",
    loses=GROWTH,
)
def goes_through_fifty_blocks(c):
    return (c / 2) ** 50, (1 + c / 2) ** 50


@wrong(
    "growth",
    says="the two factors are squared: c/n is a variance, so c/2 belongs to the squared norm already.",
    loses=GROWTH,
)
def squares_the_factors(c):
    return (c / 2) ** 2, (1 + c / 2) ** 2


@right("growth")
def makes_a_symbol_of_its_own(c):
    c = sympy.Symbol("c")
    return c / 2, 1 + c / 2
