"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import sympy

from nonconv.authoring import wrong

TANH = ["sigma-from-tanh"]


@wrong("sigma_from_tanh", says="this is σ(2x): tanh needs x/2 inside.", loses=TANH)
def forgets_the_half_inside(tanh, x):
    return (1 + tanh(x)) / 2


@wrong(
    "sigma_from_tanh",
    says="halve the height: this runs from 0 to 2, σ from 0 to 1.",
    loses=TANH,
)
def forgets_the_half_outside(tanh, x):
    return 1 + tanh(x / 2)


@wrong("sigma_from_tanh", says="add ½: this runs from −½ to ½, σ from 0 to 1.", loses=TANH)
def forgets_to_shift(tanh, x):
    return tanh(x / 2) / 2


@wrong("sigma_from_tanh", says="this is σ(−x): it falls.", loses=TANH)
def turns_sigma_around(tanh, x):
    return (1 - tanh(x / 2)) / 2


@wrong("sigma_from_tanh", says="the ½ inside multiplies x; 2x makes it quicker, and σ is slower.", loses=TANH)
def doubles_inside(tanh, x):
    return tanh(2 * x) / 2 + sympy.Rational(1, 2)


@wrong(
    "sigma_from_tanh",
    says="halve tanh first, then add ½: ½ + tanh(x/2) runs from −½ to 3/2.",
    loses=TANH,
)
def adds_a_half_to_the_whole(tanh, x):
    return tanh(x / 2) + sympy.Rational(1, 2)


@wrong("sigma_from_tanh", shows="your formula is tanh(x/2 + 1/2)/2", loses=TANH)
def puts_the_shift_inside(tanh, x):
    return tanh((1 + x) / 2) / 2


@wrong("sigma_from_tanh", shows="with tanh only; this uses coth", loses=TANH)
def hides_it_behind_another_function(tanh, x):
    return (1 + 1 / sympy.coth(x / 2)) / 2


@wrong("sigma_from_tanh", shows="it is to be written with tanh only", loses=TANH)
def writes_its_definition(tanh, x):
    return 1 / (1 + sympy.exp(-x))


@wrong("sigma_from_tanh", shows="stopped with TypeError", loses=TANH)
def divides_the_function(tanh, x):
    return (1 + tanh) / 2


@wrong("sigma_from_tanh", shows="call it, as in f(x)", loses=TANH)
def multiplies_by_tanh(tanh, x):
    return (1 + tanh * (x / 2)) / 2


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
