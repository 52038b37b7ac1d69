"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

RECURSION = ["variance-recursion"]


@wrong(
    "mean_square_after",
    says="ReLU keeps half of the square in each layer; ¼ is the bound of σ'.",
    loses=RECURSION,
)
def takes_the_quarter_of_sigma(v, c, L):
    return v * (c / 4) ** L


@wrong("mean_square_after", says="the factor is upside down: a layer multiplies by c/2.", loses=RECURSION)
def turns_the_factor_around(v, c, L):
    return v * (2 / c) ** L


@wrong(
    "mean_square_after",
    says="the weights multiply in every layer, so c is to the power L as well.",
    loses=RECURSION,
)
def takes_the_weights_once(v, c, L):
    return c * v / 2**L


@wrong("mean_square_after", says="this is one layer too many: there are L of them.", loses=RECURSION)
def adds_a_layer(v, c, L):
    return v * (c / 2) ** (L + 1)


@wrong("mean_square_after", says="// rounds down: c/2 is a fraction, write /.", loses=RECURSION)
def rounds_down(v, c, L):
    return v * (c // 2) ** L
