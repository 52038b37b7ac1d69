"""Right answers in other costumes."""

import sympy

from nonconv.authoring import right


@right("sigma_from_tanh")
def from_the_right(tanh, x):
    return 1 - (1 - tanh(x / 2)) / 2


@right("sigma_from_tanh")
def by_the_other_side(tanh, x):
    return (1 - tanh(-x / 2)) / 2


@right("sigma_from_tanh")
def from_values_at_a_quarter(tanh, x):
    t = tanh(x / 4)
    return (1 + t) ** 2 / (2 + 2 * t**2)


@right("sigma_from_tanh")
def in_decimals(tanh, x):
    return 0.5 * tanh(0.5 * x) + 0.5


@right("sigma_from_tanh")
def through_the_power_of_e(tanh, x):
    t = tanh(x / 2)
    return 1 / (1 + (1 - t) / (1 + t))  # e^−x = (1 − t)/(1 + t)


@right("sigma_from_tanh")
def with_a_letter_of_its_own(tanh, x):
    y = sympy.Symbol("y")
    return ((tanh(y) + 1) / 2).subs(y, x / 2)


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
