"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

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


@wrong("inception_weights", shows="calls nonconv.networks", loses=INCEPTION)
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


@right("inception_weights")
def with_a_helper(M, row):
    def weights(a, b, p):
        return a * b * p**2

    one, b3, three, b5, five, pool = row
    bottled = [(M, one, 1), (M, b3, 1), (b3, three, 3), (M, b5, 1), (b5, five, 5), (M, pool, 1)]
    direct = [(M, one, 1), (M, three, 3), (M, five, 5)]
    maps = one + three + five
    return sum(weights(*k) for k in bottled), sum(weights(*k) for k in direct), maps + pool, maps + M


@right("inception_weights")
def with_modules(M, row):
    def weights(*layers):
        return sum(torch.nn.Conv2d(a, b, p, bias=False).weight.numel() for a, b, p in layers)

    a, b, c, d, e, f = row
    bottled = weights((M, a, 1), (M, b, 1), (b, c, 3), (M, d, 1), (d, e, 5), (M, f, 1))
    return [bottled, weights((M, a, 1), (M, c, 3), (M, e, 5)), a + c + e + f, a + c + e + M]


SHARE = ["bottleneck-share"]


@wrong(
    "bottleneck_share",
    says="the share is upside down: with the bottleneck, divided by the direct one.",
    loses=SHARE,
)
def divides_the_other_way(M, K, p, r):
    return p**2 * M * K / (M * r + p**2 * r * K)


@wrong("bottleneck_share", says="the bottleneck itself is not counted: its 1×1 has M r weights.", loses=SHARE)
def leaves_out_the_1x1(M, K, p, r):
    return p**2 * r * K / (p**2 * M * K)


@wrong("bottleneck_share", says="this is the saving: the share is what is left, 1 minus that.", loses=SHARE)
def gives_the_saving(M, K, p, r):
    return 1 - (M * r + p**2 * r * K) / (p**2 * M * K)


@wrong("bottleneck_share", says="the kernel is p×p: p² weights for each pair of maps, not p.", loses=SHARE)
def takes_p(M, K, p, r):
    return (M * r + p * r * K) / (p * M * K)


@wrong(
    "bottleneck_share",
    says="p² stands with the wrong layer: the bottleneck is 1×1, the layer behind it p×p.",
    loses=SHARE,
)
def puts_the_large_kernel_first(M, K, p, r):
    return (p**2 * M * r + r * K) / (p**2 * M * K)


@wrong("bottleneck_share", says="the layer behind the bottleneck reads r maps, not M.", loses=SHARE)
def reads_all_maps_behind_it(M, K, p, r):
    return (M * r + p**2 * M * K) / (p**2 * M * K)


@wrong(
    "bottleneck_share", says="biases are counted too: the exercise asks for the weights only.", loses=SHARE
)
def counts_biases_in_the_share(M, K, p, r):
    return (M * r + r + p**2 * r * K + K) / (p**2 * M * K + K)


@wrong(
    "bottleneck_share",
    says="this is the number of weights with the bottleneck; divide it by the direct one's.",
    loses=SHARE,
)
def does_not_divide(M, K, p, r):
    return M * r + p**2 * r * K


@wrong("bottleneck_share", says="// rounds down: the share is a fraction, write /.", loses=SHARE)
def rounds_the_share_down(M, K, p, r):
    return (M * r + p**2 * r * K) // (p**2 * M * K)


@right("bottleneck_share")
def as_two_fractions(M, K, p, r):
    return r / (K * p**2) + r / M


@right("bottleneck_share")
def step_by_step(M, K, p, r):
    direct = M * K * p * p
    narrow = M * r
    wide = r * K * p * p
    return (narrow + wide) * direct**-1
