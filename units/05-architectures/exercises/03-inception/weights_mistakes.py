"""What students answer for inception_weights: the wrong ways, what each is told and loses."""

from nonconv.authoring import wrong

INCEPTION = ("inception-weights-values", "inception-weights-table")


@wrong(
    "inception_weights",
    says="the 1×1 behind the pooling is missing: it makes `pool` maps of M.",
    loses=INCEPTION,
)
def forgets_the_pooling_branch(M, row):
    a, b, c, d, e, f = row
    return (
        M * a + M * b + 9 * b * c + M * d + 25 * d * e,
        M * (a + 9 * c + 25 * e),
        a + c + e + f,
        a + c + e + M,
    )


@wrong(
    "inception_weights",
    says="without bottlenecks the pooling branch passes on all M maps.",
    loses=INCEPTION,
)
def drops_the_pooled_maps(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e


@wrong(
    "inception_weights",
    says="without bottlenecks there is no 1×1 behind the pooling: only max pooling is left of that branch.",
    loses=INCEPTION,
)
def keeps_the_1x1_behind_the_pooling(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e + f), a + c + e + f, a + c + e + f


@wrong(
    "inception_weights",
    says="the large kernels read M maps in spite of the bottleneck: they read what the 1×1 before them made.",
    loses=INCEPTION,
)
def reads_past_the_bottleneck(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * M * c + 25 * M * e
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="the bottlenecks themselves are not counted: each is a 1×1 convolution from M maps.",
    loses=INCEPTION,
)
def does_not_count_the_bottlenecks(M, row):
    a, b, c, d, e, f = row
    return M * a + 9 * b * c + 25 * d * e + M * f, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M


@wrong("inception_weights", says="both large kernels are 3×3: the second is 5×5.", loses=INCEPTION)
def takes_3x3_for_5x5(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * (b * c + d * e)
    return bottled, M * (a + 9 * c + 9 * e), a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="biases are counted too: the exercise asks for the weights only.",
    loses=INCEPTION,
)
def counts_biases(M, row):
    a, b, c, d, e, f = row
    bottled = (M + 1) * (a + b + d + f) + (9 * b + 1) * c + (25 * d + 1) * e
    without = (M + 1) * a + (9 * M + 1) * c + (25 * M + 1) * e
    return bottled, without, a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="a kernel has p weights for each pair of maps: it has p².",
    loses=INCEPTION,
)
def takes_p_for_p_squared(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 3 * b * c + 5 * d * e
    return bottled, M * (a + 3 * c + 5 * e), a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="the maps of the bottlenecks are counted as output: they stay inside their branch.",
    loses=INCEPTION,
)
def puts_out_the_bottlenecks_maps(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e), sum(row), a + c + e + M


@wrong("inception_weights", shows="it must return the 4 values", loses=INCEPTION)
def returns_the_weights_only(M, row):
    a, b, c, d, e, f = row
    return M * (a + b + d + f) + 9 * b * c + 25 * d * e, M * (a + 9 * c + 25 * e)


@wrong("inception_weights", shows="calls nonconv.networks.googlenet.Inception (line", loses=INCEPTION)
def builds_the_librarys_module(M, row):
    from nonconv.networks.googlenet import Inception, Row

    modules = [Inception(M, Row(*row), bottlenecks=b) for b in (True, False)]
    weights = [sum(p.numel() for p in m.parameters()) for m in modules]
    return *weights, *(m.out_channels for m in modules)


@wrong(
    "inception_weights",
    says="the convolution behind the pooling is 1×1: only the pooling itself looks at 3×3 places.",
    loses=INCEPTION,
)
def takes_3x3_behind_the_pooling(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d) + 9 * b * c + 25 * d * e + 9 * M * f
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M


@wrong(
    "inception_weights",
    says="the four numbers are in another order: both weights first, then both numbers of maps.",
    loses=INCEPTION,
)
def gives_weights_and_maps_in_turn(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, a + c + e + f, M * (a + 9 * c + 25 * e), a + c + e + M


@wrong("inception_weights", shows="it must return the 4 values", loses=INCEPTION)
def returns_two_pairs(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return (bottled, a + c + e + f), (M * (a + 9 * c + 25 * e), a + c + e + M)


@wrong(
    "inception_weights",
    says="the two numbers of maps are the same: without its 1×1 the pooling branch passes on M maps, not `pool`.",
    loses=INCEPTION,
)
def puts_out_pool_maps_without_the_1x1(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + f


@wrong("inception_weights", says="with and without are swapped: first with bottlenecks.", loses=INCEPTION)
def begins_without_bottlenecks(M, row):
    a, b, c, d, e, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return M * (a + 9 * c + 25 * e), bottled, a + c + e + M, a + c + e + f


@wrong(
    "inception_weights",
    says="`row` is taken apart in another order: each bottleneck stands before its large kernel.",
    loses=INCEPTION,
)
def reads_the_row_in_another_order(M, row):
    a, c, b, e, d, f = row
    bottled = M * (a + b + d + f) + 9 * b * c + 25 * d * e
    return bottled, M * (a + 9 * c + 25 * e), a + c + e + f, a + c + e + M
