"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import sympy

from nonconv.authoring import wrong

RECURSION = ["variance-recursion"]


@wrong(
    "mean_square_after",
    says="the half is missing: ReLU keeps half of the square in each layer.",
    loses=RECURSION,
)
def forgets_the_half(v, c, L):
    return v * c**L


@wrong("mean_square_after", says="this is one layer; there are L of them.", loses=RECURSION)
def stops_after_one_layer(v, c, L):
    return v * c / 2


@wrong("mean_square_after", says="layers multiply, they do not add up: to the power L.", loses=RECURSION)
def adds_up(v, c, L):
    return v * L * c / 2


@wrong("mean_square_after", says="v is missing: the signal starts with it.", loses=RECURSION)
def forgets_the_start(v, c, L):
    return (c / 2) ** L


@wrong(
    "mean_square_after", says="the half comes in every layer: it is to the power L as well.", loses=RECURSION
)
def halves_once(v, c, L):
    return v * c**L / 2


@wrong(
    "mean_square_after",
    says="this is the factor of the norm, √(c/2) per layer; the mean square goes with c/2.",
    loses=RECURSION,
)
def takes_the_factor_of_the_norm(v, c, L):
    return v * sympy.sqrt(c / 2) ** L


@wrong(
    "mean_square_after",
    says="this is the mean square of Z, before the last ReLU: it keeps another half.",
    loses=RECURSION,
)
def stops_before_the_last_relu(v, c, L):
    return 2 * v * (c / 2) ** L


@wrong(
    "mean_square_after",
    says="v comes in once, at the start: only c/2 is to the power L.",
    loses=RECURSION,
)
def takes_the_start_in_every_layer(v, c, L):
    return (v * c / 2) ** L


@wrong("mean_square_after", says="this is one layer too few: there are L of them.", loses=RECURSION)
def stops_a_layer_early(v, c, L):
    return v * (c / 2) ** (L - 1)
