"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import sympy

from nonconv.authoring import right, wrong

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


@wrong("tanh_from_sigma", shows="it is to be written with sigma only", loses=TANH)
def calls_tanh_itself(sigma, x):
    return sympy.tanh(x)


@wrong("tanh_from_sigma", shows="stopped with TypeError", loses=TANH)
def multiplies_the_function(sigma, x):
    return 2 * sigma - 1


@wrong("tanh_from_sigma", shows="call it, as in sigma(x)", loses=TANH)
def multiplies_by_sigma(sigma, x):
    return 2 * sigma * (2 * x) - 1


@right("tanh_from_sigma")
def the_difference_of_two(sigma, x):
    return sigma(2 * x) - sigma(-2 * x)


@right("tanh_from_sigma")
def from_the_left(sigma, x):
    return 1 - 2 * sigma(-2 * x)


IDENTITY = ["tanh-identity"]


@wrong("tanh_identity", shows="write one line or more between them", loses=IDENTITY)
def claims_it_in_one_step(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="the first line must be 2σ(2x) − 1", loses=IDENTITY)
def starts_with_another_sigma(x):
    e = sympy.exp
    return [2 / (1 + e(-x)) - 1, (1 - e(-x)) / (1 + e(-x)), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="which is line 1 there: the two lines are not equal", loses=IDENTITY)
def loses_the_one(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, (2 - e(-2 * x)) / (1 + e(-2 * x)), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="which is line 2 there: the two lines are not equal", loses=IDENTITY)
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


@wrong("tanh_identity", shows="uses tanh, which is what is to be shown", loses=IDENTITY)
def uses_what_is_to_be_shown(x):
    e = sympy.exp
    return [2 / (1 + e(-2 * x)) - 1, sympy.tanh(x), (e(x) - e(-x)) / (e(x) + e(-x))]


@wrong("tanh_identity", shows="return a list of expressions", loses=IDENTITY)
def returns_that_it_is_true(x):
    e = sympy.exp
    return sympy.simplify(2 / (1 + e(-2 * x)) - 1 - (e(x) - e(-x)) / (e(x) + e(-x))) == 0


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
