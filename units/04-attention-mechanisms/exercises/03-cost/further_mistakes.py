"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

NUMBER, SHARE = ["excitation-parameters"], ["share-of-a-convolution"]


@wrong(
    "excitation_parameters",
    says="a matrix has rows times columns: C/r times C for W₀, and as many for W₁.",
    loses=NUMBER,
)
def counts_the_rows_only(C, r):
    return 2 * C / r


@wrong(
    "excitation_parameters",
    says="the layer between has C/r numbers, not r: r says by how much C is squeezed.",
    loses=NUMBER,
)
def takes_the_ratio_for_the_width(C, r):
    return 2 * C * r


@wrong(
    "excitation_parameters", says="the numbers of the two matrices are multiplied: they add up.", loses=NUMBER
)
def multiplies_the_two_matrices(C, r):
    return (C / r * C) * (C * C / r)


@wrong(
    "share_of_a_convolution",
    says="the whole sum belongs below the fraction line: put brackets around C p² + C².",
    loses=SHARE,
)
def forgets_the_brackets(C, r, p):
    return 2 * C**2 / r / (C * p**2) + C**2


@wrong("share_of_a_convolution", says="biases are counted too: the exercise has none, anywhere.", loses=SHARE)
def counts_the_biases_of_the_gate(C, r, p):
    return (2 * C**2 / r + C / r + C) / (C * p**2 + C**2)


@wrong(
    "share_of_a_convolution",
    says="one p×p kernel for all maps is too few: a depthwise convolution has one for each, C p².",
    loses=SHARE,
)
def takes_one_kernel_for_all_maps(C, r, p):
    return 2 * C**2 / r / (p**2 + C**2)


@wrong(
    "share_of_a_convolution",
    says="a depthwise kernel looks at one map: C p² weights, not C² p².",
    loses=SHARE,
)
def lets_each_kernel_see_all_maps(C, r, p):
    return 2 * C**2 / r / (C**2 * p**2 + C**2)


@wrong(
    "share_of_a_convolution",
    says="a 1×1 convolution has one number for each *pair* of maps: C² weights, not C.",
    loses=SHARE,
)
def gives_each_map_one_number(C, r, p):
    return 2 * C**2 / r / (C * p**2 + C)


@wrong(
    "share_of_a_convolution",
    says="both sides of each matrix are divided by r: W₀ has C columns, and only its rows are C/r.",
    loses=SHARE,
)
def squeezes_both_sides_of_each(C, r, p):
    return 2 * (C / r) ** 2 / (C * p**2 + C**2)


@wrong(
    "share_of_a_convolution",
    says="the whole sum belongs below the fraction line: / C * p**2 divides by C and multiplies by p².",
    loses=SHARE,
)
def forgets_all_brackets(C, r, p):
    return 2 * C**2 / r / C * p**2 + C**2


@wrong(
    "share_of_a_convolution",
    says="// rounds down, so the formula is another one where r does not divide C; write /.",
    loses=SHARE,
)
def rounds_the_width_down(C, r, p):
    return 2 * C * (C // r) / (C * p**2 + C**2)
