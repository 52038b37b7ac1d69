"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong


@wrong(
    "tanh_from_sigma",
    says="subtract 1, do not add it: at x = 0, σ is ½ and tanh is 0.",
    loses=["tanh-from-sigma"],
)
def adds_one(sigma, x):
    return 2 * sigma(2 * x) + 1
