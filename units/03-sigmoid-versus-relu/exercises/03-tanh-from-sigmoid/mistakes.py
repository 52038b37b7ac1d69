"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import sympy

from nonconv.authoring import wrong

TANH = ["tanh-from-sigma"]


@wrong("tanh_from_sigma", says="this is tanh(x/2): σ needs 2x inside.", loses=TANH)
def forgets_the_two_inside(sigma, x):
    return 2 * sigma(x) - 1


@wrong(
    "tanh_from_sigma",
    says="stretch σ to twice its height first: it runs from 0 to 1, tanh from −1 to 1.",
    loses=TANH,
)
def forgets_the_two_outside(sigma, x):
    return sigma(2 * x) - 1


@wrong("tanh_from_sigma", says="subtract 1: this runs from 0 to 2, tanh from −1 to 1.", loses=TANH)
def forgets_to_shift(sigma, x):
    return 2 * sigma(2 * x)


@wrong("tanh_from_sigma", says="this is −tanh(x): it falls.", loses=TANH)
def turns_tanh_around(sigma, x):
    return 1 - 2 * sigma(2 * x)


@wrong("tanh_from_sigma", says="the 2 inside multiplies x; x/2 makes it slower.", loses=TANH)
def divides_inside(sigma, x):
    return 2 * sigma(x / 2) - 1


@wrong("tanh_from_sigma", shows="your formula is 2*σ(2*x - 1)", loses=TANH)
def puts_the_shift_inside(sigma, x):
    return 2 * sigma(2 * x - 1)


@wrong("tanh_from_sigma", shows="with sigma only; this uses coth", loses=TANH)
def hides_tanh_behind_sigmas_that_cancel(sigma, x):
    return sigma(x) + sigma(-x) - 1 + 1 / sympy.coth(x)


@wrong("tanh_from_sigma", shows="it is to be written with sigma only", loses=TANH)
def calls_tanh_itself(sigma, x):
    return sympy.tanh(x)


@wrong("tanh_from_sigma", shows="stopped with TypeError", loses=TANH)
def multiplies_the_function(sigma, x):
    return 2 * sigma - 1


@wrong("tanh_from_sigma", shows="call it, as in sigma(x)", loses=TANH)
def multiplies_by_sigma(sigma, x):
    return 2 * sigma * (2 * x) - 1


IDENTITY = ["tanh-identity"]


@wrong("tanh_identity", shows="write one line or more between them", loses=IDENTITY)
def claims_it_in_one_step(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="the first line must be 2σ(2x) − 1", loses=IDENTITY)
def starts_with_another_sigma(x):
    e = sympy.exp
    return [2 / (1 + e(-x)) - 1, (1 - e(-x)) / (1 + e(-x)), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="but line 1 gives 0.761594: the two are not equal", loses=IDENTITY)
def loses_the_one(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (2 - e(-2 * x)) / (1 + e(-2 * x)), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="but line 2 gives 0.761594: the two are not equal", loses=IDENTITY)
def multiplies_only_above(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (1 - e(-2 * x)) / (1 + e(-2 * x)), (e(x) - e(-x)) / (1 + e(-2 * x))]


@wrong("tanh_identity", shows="the last line must be", loses=IDENTITY)
def stops_early(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (1 - e(-2 * x)) / (1 + e(-2 * x))]


@wrong("tanh_identity", shows="are the same expression", loses=IDENTITY)
def writes_a_line_twice(x):
    e = sympy.exp
    start = 2 / (1 + e(-2 * x)) - 1
    return [start, start, (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="has tanh in it, which is what is to be shown", loses=IDENTITY)
def uses_what_is_to_be_shown(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, sympy.tanh(x), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="return a list of expressions", loses=IDENTITY)
def returns_that_it_is_true(x):
    e = sympy.exp
    return sympy.simplify(2 / (1 + e(-2 * x)) - 1 - (e(x) - e(-x)) / (e(x) + e(-x))) == 0


@wrong("tanh_identity", shows="has one end of the chain whole in it", loses=IDENTITY)
def takes_the_mean_of_both_ends(x):
    e = sympy.exp
    first, last = 2 / (1 + e(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x))
    return [first, (first + last) / 2, last]


@wrong("tanh_identity", shows="lines 1 and 2 are the same expression", loses=IDENTITY)
def doubles_above_and_below(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, 4 / (2 + 2 * e(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="has cosh, sinh in it: write that out with sympy.exp", loses=IDENTITY)
def divides_sinh_by_cosh(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, sympy.sinh(x) / sympy.cosh(x), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="has other letters than x, t", loses=IDENTITY)
def abbreviates(x):
    e, t = sympy.exp, sympy.Symbol("t")
    return [2 / (1 + e(-2 * x)) - 1, (1 - t) / (1 + t), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="605: the two are not equal", loses=IDENTITY)
def is_wrong_in_the_thirtieth_digit(x):
    e = sympy.exp
    last = (e(x) - e(-x)) / (e(x) + e(-x))
    return [2 / (1 + e(-2 * x)) - 1, last + sympy.Rational(1, 10**30), last]
