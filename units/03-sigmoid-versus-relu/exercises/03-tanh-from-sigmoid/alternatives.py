"""Right answers in other costumes."""

import sympy

from nonconv.authoring import right


@right("tanh_from_sigma")
def the_difference_of_two(sigma, x):
    return sigma(2 * x) - sigma(-2 * x)


@right("tanh_from_sigma")
def from_the_left(sigma, x):
    return 1 - 2 * sigma(-2 * x)


@right("tanh_from_sigma")
def from_values_at_x(sigma, x):
    s = sigma(x)
    return (s**2 - (1 - s) ** 2) / (s**2 + (1 - s) ** 2)


@right("tanh_from_sigma")
def in_decimals(sigma, x):
    return (sigma(2 * x) - 0.5) / 0.5


@right("tanh_from_sigma")
def by_differentiating(sigma, x):
    y = sympy.Symbol("y", real=True)
    slope = sympy.diff(sigma(y), y).subs(y, 2 * x)  # s (1 − s)
    return sigma(2 * x) - slope / sigma(2 * x)


@right("tanh_from_sigma")
def with_a_letter_of_its_own(sigma, x):
    y = sympy.Symbol("y")
    return (2 * sigma(y) - 1).subs(y, 2 * x)


@right("tanh_identity")
def with_a_line_that_sympy_merges(x):
    e = sympy.exp
    return [
        2 / (1 + e(-2 * x)) - 1,
        (2 - 1 - e(-2 * x)) / (1 + e(-2 * x)),
        (1 - e(-2 * x)) / (1 + e(-2 * x)),
        (e(x) - e(-x)) / (e(x) + e(-x)),
    ]


@right("tanh_identity")
def in_three_lines(x):
    e = sympy.exp
    return 2 / (1 + e(-2 * x)) - 1, (1 - e(-2 * x)) / (1 + e(-2 * x)), (e(x) - e(-x)) / (e(x) + e(-x))


@right("tanh_identity")
def multiplying_first(x):
    e = sympy.exp
    return [
        2 / (1 + e(-2 * x)) - 1,
        2 * e(x) / (e(x) + e(-x)) - 1,
        (2 * e(x) - (e(x) + e(-x))) / (e(x) + e(-x)),
    ]


@right("tanh_identity")
def by_the_other_power(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (e(2 * x) - 1) / (e(2 * x) + 1), (e(x) - e(-x)) / (e(x) + e(-x))]


@right("tanh_identity")
def one_fraction_after_the_other(x):
    e = sympy.exp
    t = e(-2 * x)
    return [
        2 / (1 + t) - 1,
        1 / (1 + t) - t / (1 + t),
        e(x) / (e(x) + e(-x)) - t / (1 + t),
        e(x) / (e(x) + e(-x)) - e(-x) / (e(x) + e(-x)),
        (e(x) - e(-x)) / (e(x) + e(-x)),
    ]


@right("tanh_identity")
def from_one(x):
    e = sympy.exp
    return (
        2 / (1 + e(-2 * x)) - 1,
        1 - 2 * e(-2 * x) / (1 + e(-2 * x)),
        1 - 2 / (e(2 * x) + 1),
        (e(x) - e(-x)) / (e(x) + e(-x)),
    )


@right("tanh_identity")
def by_sympys_own_steps(x):
    e = sympy.exp
    first = 2 / (1 + e(-2 * x)) - 1
    return [first, sympy.together(first), sympy.factor(first), (e(x) - e(-x)) / (e(x) + e(-x))]
