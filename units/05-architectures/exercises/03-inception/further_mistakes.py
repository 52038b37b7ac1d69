"""Further wrong ways: those of a reader who had not seen the others."""

from nonconv.authoring import wrong

WEIGHTS = ("inception-weights-values", "inception-weights-table")
SHARE = ["bottleneck-share"]


@wrong(
    "inception_weights",
    says="the max poolings have no weights: nothing is to be counted for them.",
    loses=WEIGHTS,
)
def counts_weights_of_the_pooling(M, row):
    one, reduce_three, three, reduce_five, five, pool = row
    narrow = (
        M * (one + reduce_three + reduce_five + pool) + 9 * reduce_three * three + 25 * reduce_five * five
    )
    wide = M * (one + 9 * three + 25 * five)
    return narrow + 9 * M, wide + 9 * M, one + three + five + pool, one + three + five + M


@wrong(
    "inception_weights",
    says="the row is read in another order: (one, reduce_three, three, reduce_five, five, pool).",
    loses=WEIGHTS,
)
def reads_the_row_in_another_order(M, row):
    one, three, five, reduce_three, reduce_five, pool = row
    narrow = (
        M * (one + reduce_three + reduce_five + pool) + 9 * reduce_three * three + 25 * reduce_five * five
    )
    wide = M * (one + 9 * three + 25 * five)
    return narrow, wide, one + three + five + pool, one + three + five + M


@wrong(
    "bottleneck_share",
    says="both layers are counted as p×p: the bottleneck is 1×1, it has M r weights.",
    loses=SHARE,
)
def counts_two_large_kernels(M, K, p, r):
    return (M * r * p**2 + p**2 * r * K) / (M * K * p**2)


@wrong(
    "bottleneck_share",
    says="only the second layer is divided: put brackets around the sum of both.",
    loses=SHARE,
)
def forgets_the_brackets_above(M, K, p, r):
    return M * r + p**2 * r * K / (M * K * p**2)


@wrong(
    "bottleneck_share",
    says="a / b * c divides by b only: put brackets around all that stands below.",
    loses=SHARE,
)
def forgets_the_brackets_below(M, K, p, r):
    return (M * r + p**2 * r * K) / M * K * p**2


@wrong(
    "bottleneck_share",
    says="the weights of the two layers are multiplied: layers one after the other add up.",
    loses=SHARE,
)
def multiplies_the_layers(M, K, p, r):
    return M * r * p**2 * r * K / (M * K * p**2)


@wrong(
    "bottleneck_share",
    says="there are two layers here, 1×1 and p×p to K maps: no third one behind them.",
    loses=SHARE,
)
def goes_back_up_by_a_third_layer(M, K, p, r):
    return (M * r + p**2 * r * r + r * K) / (M * K * p**2)


@wrong(
    "bottleneck_share",
    says="this is a difference: a share is a quotient, the one divided by the other.",
    loses=SHARE,
)
def returns_the_difference(M, K, p, r):
    return M * r + p**2 * r * K - M * K * p**2
