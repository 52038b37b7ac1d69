"""What students answer for bottleneck_share: the wrong ways, what each is told and loses."""

from nonconv.authoring import wrong

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


@wrong("bottleneck_share", says="M and K may differ: the 1×1 reads M maps, the p×p makes K.", loses=SHARE)
def takes_m_for_k(M, K, p, r):
    return r / M + r / (M * p**2)


@wrong(
    "bottleneck_share",
    says="this is the number of weights that are saved: the share is a quotient, what is left by what was there.",
    loses=SHARE,
)
def counts_the_saved_weights(M, K, p, r):
    return p**2 * M * K - (M * r + p**2 * r * K)


@wrong("bottleneck_share", shows="The inputs are symbols, not numbers", loses=SHARE)
def makes_a_float_of_it(M, K, p, r):
    return float((M * r + p**2 * r * K) / (p**2 * M * K))
