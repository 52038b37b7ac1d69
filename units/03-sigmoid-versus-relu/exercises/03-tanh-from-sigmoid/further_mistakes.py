"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong


@wrong(
    "sigma_from_tanh",
    says="add ½, do not subtract it: at x = 0, tanh is 0 and σ is ½.",
    loses=["sigma-from-tanh"],
)
def subtracts_one(tanh, x):
    return (tanh(x / 2) - 1) / 2
