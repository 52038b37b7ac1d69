"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import sympy

from nonconv.authoring import wrong

PEAK = ["steepest-point"]


@wrong("steepest_point", says="the place has the wrong sign: a x + b = 0 at x = −b/a.", loses=PEAK)
def turns_the_place_around(a, b, c):
    return b / a, a * c / 4


@wrong("steepest_point", says="b shifts the peak away from 0: it is where a x + b = 0.", loses=PEAK)
def leaves_the_peak_at_zero(a, b, c):
    return 0, a * c / 4


@wrong("steepest_point", says="a squeezes too: a x + b = 0 at x = −b/a, not at −b.", loses=PEAK)
def forgets_to_divide(a, b, c):
    return -b, a * c / 4


@wrong("steepest_point", says="the chain rule brings a factor a.", loses=PEAK)
def forgets_the_inner_derivative(a, b, c):
    return -b / a, c / 4


@wrong("steepest_point", says="the height c multiplies the slope as well.", loses=PEAK)
def forgets_the_height(a, b, c):
    return -b / a, a / 4


@wrong("steepest_point", says="σ' is at most ¼: the slope is a c/4.", loses=PEAK)
def takes_one_as_the_slope(a, b, c):
    return -b / a, a * c


@wrong("steepest_point", says="this is φ itself at that place, half of c; asked is its slope.", loses=PEAK)
def returns_the_value_there(a, b, c):
    return -b / a, c / 2


@wrong("steepest_point", says="the two are swapped: the place comes first, then the slope.", loses=PEAK)
def swaps_place_and_slope(a, b, c):
    return a * c / 4, -b / a


@wrong("steepest_point", shows="it must return the 2 values (the place, the slope there)", loses=PEAK)
def returns_the_slope_alone(a, b, c):
    return a * c / 4
