"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

from nonconv.authoring import right, wrong

COUNT = ["excitation-parameters"]


@wrong("excitation_parameters", says="you count one matrix: there are two, W₀ and W₁.", loses=COUNT)
def counts_one_matrix(C, r):
    return C**2 / r


@wrong(
    "excitation_parameters",
    says="a fully connected layer C → C has C² weights; these go through C/r numbers.",
    loses=COUNT,
)
def counts_a_layer_without_squeeze(C, r):
    return 2 * C**2


@wrong(
    "excitation_parameters",
    says="you count biases too, C/r and C: the exercise asks for the weights only.",
    loses=COUNT,
)
def counts_biases_too(C, r):
    return 2 * C**2 / r + C / r + C


@wrong(
    "excitation_parameters",
    says="these are the numbers between the layers; a matrix has rows times columns.",
    loses=COUNT,
)
def counts_neurons(C, r):
    return C / r + C


@wrong(
    "excitation_parameters",
    says="r squeezes the layer between, so W₀ has C/r rows, not C·r.",
    loses=COUNT,
)
def widens_instead_of_squeezing(C, r):
    return 2 * C**2 * r


@wrong(
    "excitation_parameters",
    says="both sides of each matrix are divided by r: W₀ has C columns, and only its rows are C/r.",
    loses=COUNT,
)
def squeezes_both_sides(C, r):
    return 2 * (C / r) ** 2


@wrong(
    "excitation_parameters",
    says="// rounds down, so the formula is another one where r does not divide C; write /.",
    loses=COUNT,
)
def rounds_down(C, r):
    return 2 * C * (C // r)


@wrong(
    "excitation_parameters",
    says="// rounds the whole result down, so the formula is another one for some C and r; write /.",
    loses=COUNT,
)
def rounds_down_at_the_end(C, r):
    return 2 * C**2 // r


@wrong(
    "excitation_parameters",
    says="the two matrices are counted twice: average and maximum share one perceptron.",
    loses=COUNT,
)
def counts_a_perceptron_for_each_aggregate(C, r):
    once = 2 * C**2 / r
    return once + once


@wrong("excitation_parameters", shows="expected a formula in C, r, got str", loses=COUNT)
def writes_it_as_text(C, r):
    return "2 * C**2 / r"


SHARE = ["share-of-a-convolution"]


@wrong(
    "share_of_a_convolution",
    says="the share is upside down: the perceptron's weights divided by the convolutions'.",
    loses=SHARE,
)
def divides_the_other_way(C, r, p):
    return (C * p**2 + C**2) / (2 * C**2 / r)


@wrong(
    "share_of_a_convolution",
    says="this is beside an ordinary convolution, C² p² weights: the separable one has C p² and C².",
    loses=SHARE,
)
def takes_an_ordinary_convolution(C, r, p):
    return 2 * C**2 / r / (C**2 * p**2)


@wrong("share_of_a_convolution", says="the 1×1 convolution is missing: C² weights more.", loses=SHARE)
def takes_the_depthwise_one_only(C, r, p):
    return 2 * C**2 / r / (C * p**2)


@wrong("share_of_a_convolution", says="the depthwise kernels are missing: C p² weights more.", loses=SHARE)
def takes_the_1x1_only(C, r, p):
    return (2 * C**2 / r) / C**2


@wrong("share_of_a_convolution", says="the kernels are p×p: p² numbers for each map, not p.", loses=SHARE)
def takes_p_for_the_kernel(C, r, p):
    return 2 * C**2 / r / (C * p + C**2)


@wrong("share_of_a_convolution", says="one of the two matrices is missing.", loses=SHARE)
def forgets_a_matrix(C, r, p):
    return C**2 / r / (C * p**2 + C**2)


@wrong(
    "share_of_a_convolution",
    says="this is the perceptron's count; divide it by the convolutions'.",
    loses=SHARE,
)
def does_not_divide(C, r, p):
    return 2 * C**2 / r


@wrong(
    "share_of_a_convolution",
    says="this is the share of all together: the exercise divides by the convolutions alone.",
    loses=SHARE,
)
def divides_by_all_together(C, r, p):
    gate = 2 * C**2 / r
    return gate / (gate + C * p**2 + C**2)


@wrong(
    "share_of_a_convolution",
    says="the two convolutions are multiplied: they stand one after the other, so their weights add up.",
    loses=SHARE,
)
def multiplies_the_convolutions(C, r, p):
    return (2 * C**2 / r) / (C * p**2 * C**2)


@wrong(
    "share_of_a_convolution", says="biases are counted in: the exercise leaves them out of all.", loses=SHARE
)
def counts_the_biases(C, r, p):
    return (2 * C**2 / r + C / r + C) / (C * p**2 + C + C**2 + C)


@wrong("share_of_a_convolution", says="this is in percent: a share of 1 is all of it.", loses=SHARE)
def writes_percent(C, r, p):
    return 200 * C / (r * (p**2 + C))


@wrong("excitation_parameters", shows="Keep their names and their number", loses=COUNT)
def renames_the_letters(c, R):
    return 2 * c**2 / R


@wrong("excitation_parameters", shows="The inputs are symbols, not numbers", loses=COUNT)
def makes_whole_numbers(C, r):
    return 2 * C * int(C / r)


@wrong("excitation_parameters", shows="got a tuple of 2 values", loses=COUNT)
def counts_each_matrix(C, r):
    return C**2 / r, C**2 / r
