"""Right answers in other costumes."""

import sympy

from nonconv.authoring import right


@right("steepest_point")
def in_decimals(a, b, c):
    return -b * a**-1, 0.25 * c * a


@right("steepest_point")
def by_solving(a, b, c):
    x = sympy.Symbol("x", real=True)
    (place,) = sympy.solve(a * x + b, x)
    slope = sympy.diff(c / (1 + sympy.exp(-(a * x + b))), x)
    return place, slope.subs(x, place)


@right("steepest_point")
def by_the_parabola(a, b, c):
    s = sympy.Symbol("s")
    (top,) = sympy.solve(sympy.diff(s * (1 - s), s), s)
    return [sympy.log(top / (1 - top)) / a - b / a, a * c * top * (1 - top)]


@right("steepest_point")
def over_one_denominator(a, b, c):
    return -b / a, (a * c) ** 2 / (4 * a * c)


@right("steepest_point")
def by_the_second_derivative(a, b, c):
    z = sympy.Symbol("z", real=True)
    s = 1 / (1 + sympy.exp(-z))
    place = next(z0 for z0 in (0, 1) if sympy.diff(s, z, 2).subs(z, z0) == 0)
    return (place - b) / a, c * sympy.diff(s, z).subs(z, place) * a


@right("steepest_point")
def from_the_slope_of_tanh(a, b, c):
    # c σ(z) = c/2 (1 + tanh(z/2)), whose slope is c/2 · a/2 · 1 where z = 0
    return (0 - b) / a, sympy.Rational(1, 2) * c * a / 2
