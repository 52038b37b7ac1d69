"""Further wrong ways: those of a reader who had not seen the others."""

import sympy

from nonconv.authoring import wrong

PEAK = ["steepest-point"]


@wrong("steepest_point", says="½ is the value of σ there; its slope is ¼.", loses=PEAK)
def takes_a_half_as_the_slope(a, b, c):
    return -b / a, a * c / 2


@wrong("steepest_point", says="one derivative brings the factor a once, not twice.", loses=PEAK)
def differentiates_twice(a, b, c):
    return -b / a, a**2 * c / 4


@wrong("steepest_point", says="σ is steepest where its argument is 0; ½ is its value there.", loses=PEAK)
def looks_for_the_argument_one_half(a, b, c):
    return (sympy.Rational(1, 2) - b) / a, a * c / 4


@wrong("steepest_point", shows="got a list of one: take it out by [0]", loses=PEAK)
def returns_all_solutions(a, b, c):
    x = sympy.Symbol("x")
    return sympy.solve(a * x + b, x), a * c / 4
