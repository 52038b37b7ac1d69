"""Right answers in other costumes."""

import sympy

from nonconv.authoring import right


@right("mean_square_after")
def in_powers(v, c, L):
    return v * c**L * 2**-L


@right("mean_square_after")
def as_an_exponential(v, c, L):
    return v * sympy.exp(L * sympy.log(c / 2))


@right("mean_square_after")
def as_a_product_over_the_layers(v, c, L):
    layer = sympy.Symbol("l", integer=True)
    return v * sympy.Product(c / 2, (layer, 1, L))


@right("mean_square_after")
def by_the_factor_of_the_norm_squared(v, c, L):
    return v * sympy.sqrt(c / 2) ** (2 * L)


@right("mean_square_after")
def in_decimals(v, c, L):
    return 0.5**L * c**L * v


@right("mean_square_after")
def with_the_last_layer_apart(v, c, L):
    return (c * v * (c / 2) ** (L - 1)) / 2


@right("mean_square_after")
def from_the_sum_of_its_changes(v, c, L):
    layer = sympy.Symbol("l", integer=True)
    return v + sympy.Sum(v * (c / 2) ** layer * (c / 2 - 1), (layer, 0, L - 1))
