"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

from nonconv.authoring import edited, given, solution, wrong

CENTRED, MEANS, HIDDEN = "variance-centred", "variance-means", "variance-hidden"
ALL, LATER = (CENTRED, MEANS, HIDDEN), (MEANS, HIDDEN)

scores = partial(edited, "score_moments", solution(__file__, "variance"), given(__file__), loses=ALL)
TERMS = "s_q * s_k + s_q * mu_k ** 2 + s_k * mu_q ** 2"

WRONG = [
    scores(
        "forgets_the_means",
        (TERMS, "s_q * s_k"),
        says="the variance is that of entries with mean 0: two terms with the means are missing.",
        loses=LATER,
    ),
    scores(
        "multiplies_the_squares",
        (TERMS, "(s_q + mu_q**2) * (s_k + mu_k**2)"),
        says="this is E(Z²): the variance is E(Z²) − (EZ)².",
        loses=LATER,
    ),
    scores(
        "swaps_the_means",
        (TERMS, "s_q * s_k + s_q * mu_q ** 2 + s_k * mu_k ** 2"),
        says="each variance is multiplied by the square of its own mean: it is that of the other's.",
        loses=LATER,
    ),
    scores(
        "adds_the_variances",
        (TERMS, "s_q + s_k"),
        says="you add the variances of q and k: that is the variance of a sum, not of a product.",
    ),
    scores(
        "takes_d_squared",
        ("d * variance", "d**2 * variance"),
        says="the variance grows with d², as that of d times one product: the d products are independent, so their"
        " variances add.",
    ),
    scores(
        "returns_the_deviation",
        ("d * variance", "(d * variance) ** 0.5"),
        says="this is the standard deviation: return the variance, its square.",
    ),
    scores("forgets_d", ("d * variance", "variance"), says="this is the variance of one product: there are d of them."),
    scores(
        "forgets_d_in_the_mean",
        ("(d * mean, ", "(mean, "),
        says="this is the mean of one product: there are d of them.",
        loses=LATER,
    ),
    scores(
        "adds_the_squares_of_the_means",
        (TERMS, "s_q * s_k + mu_q ** 2 + mu_k ** 2"),
        says="the squares of the means stand alone: each is multiplied by the other's variance.",
        loses=LATER,
    ),
    scores(
        "forgets_to_square_the_means",
        (TERMS, "s_q * s_k + s_q * mu_k + s_k * mu_q"),
        says="the means are not squared.",
        loses=LATER,
    ),
    scores(
        "squares_the_whole_mean",
        ("d * variance", "d * (s_q + mu_q**2) * (s_k + mu_k**2) - (d * mean) ** 2"),
        says="the square of the whole sum's mean is taken off once: each product has its own (EZ)², and there are d.",
        loses=LATER,
    ),
    scores("swaps_the_two", ("(d * mean, d * variance)", "(d * variance, d * mean)"), shows="(mean, variance)"),
]  # fmt: skip


@wrong("score_moments", says="s is squared, but it is a variance already.", loses=LATER)
def takes_s_for_a_deviation(d, mu_q, s_q, mu_k, s_k):
    return d * mu_q * mu_k, d * (s_q**2 * s_k**2 + s_q**2 * mu_k**2 + s_k**2 * mu_q**2)


@wrong("score_moments", shows="it must return the 2 values (mean, variance)", loses=ALL)
def returns_the_variance_alone(d, mu_q, s_q, mu_k, s_k):
    return d * (s_q * s_k + s_q * mu_k**2 + s_k * mu_q**2)
