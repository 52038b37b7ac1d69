"""What students answer: the wrong ways, what each is told and loses."""

import torch

from nonconv.authoring import wrong

STRIDED = ("compose-strided-values", "compose-strided-long")


@wrong("compose_strided", says="the strides are added: positions s₁(s₂(i − 1)) multiply them.", loses=STRIDED)
def adds_the_strides(F, G, s1, s2):
    p, r = len(F), len(G)
    O = F.new_zeros(p + s1 * (r - 1))
    for w in range(r):
        O[s1 * w : s1 * w + p] += G[w] * F
    return O, s1 + s2


@wrong(
    "compose_strided",
    says="the stride of the first layer is forgotten: one step of G is s₁ steps on the input.",
    loses=STRIDED,
)
def forgets_the_dilation(F, G, s1, s2):
    O = F.new_zeros(len(F) + len(G) - 1)
    for w in range(len(G)):
        O[w : w + len(F)] += G[w] * F
    return O, s1 * s2


@wrong(
    "compose_strided",
    says="G is dilated by the stride of the second layer: it is the first layer's stride that spreads it.",
    loses=STRIDED,
)
def dilates_by_the_second_stride(F, G, s1, s2):
    span = s2 * (len(G) - 1)
    O = F.new_zeros(len(F) + span)
    for w in range(len(G)):
        O[s2 * w : s2 * w + len(F)] += G[w] * F
    return O, s1 * s2


@wrong(
    "compose_strided",
    says="F is dilated instead of G: the second kernel steps over outputs of the first, s₁ inputs apart.",
    loses=STRIDED,
)
def dilates_the_first_kernel(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(F) - 1) + len(G))
    for u in range(len(F)):
        for w in range(len(G)):
            O[s1 * u + w] += F[u] * G[w]
    return O, s1 * s2


@wrong("compose_strided", says="the stride is that of the second layer alone: it is s₁ s₂.", loses=STRIDED)
def returns_the_second_stride(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for u in range(len(F)):
        for w in range(len(G)):
            O[u + s1 * w] += F[u] * G[w]
    return O, s2


@wrong("compose_strided", says="G runs backwards: u − 1 + s₁(w − 1) = t − 1 keeps its order.", loses=STRIDED)
def turns_G_around(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for u, f in enumerate(F):
        for w, number in enumerate(reversed(G)):
            O[u + s1 * w] += f * number
    return O, s1 * s2


@wrong(
    "compose_strided",
    says="the stride is a pair: the two layers together are one convolution with one stride, s₁ s₂.",
    loses=STRIDED,
)
def keeps_both_strides(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for w in range(len(G)):
        O[s1 * w : s1 * w + len(F)] += G[w] * F
    return O, (s1, s2)


@wrong(
    "compose_strided",
    says="copies of F stand side by side: they stand s₁ apart, whatever the length of F is.",
    loses=STRIDED,
)
def puts_copies_side_by_side(F, G, s1, s2):
    return torch.kron(G, F), s1 * s2


@wrong(
    "compose_strided",
    says="where copies of F overlap, the last one stays: add them up, += and not =.",
    loses=["compose-strided-values", "compose-strided-long"],
)
def overwrites_instead_of_adding(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for w in range(len(G)):
        O[s1 * w : s1 * w + len(F)] = G[w] * F
    return O, s1 * s2


@wrong("compose_strided", shows="calls nonconv.reduction", loses=STRIDED)
def calls_it_by_another_name(F, G, s1, s2):
    def helper(F, G):
        from nonconv.reduction import compose as ready

        return ready(F[None, None, None], None, G[None, None, None], None, stride=((1, s1), (1, s2)))

    one = helper(F, G)
    return one.weight.flatten(), one.stride[1]


@wrong("compose_strided", shows="it must return the 2 values (O, stride)", loses=STRIDED)
def returns_only_the_kernel(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for w in range(len(G)):
        O[s1 * w : s1 * w + len(F)] += G[w] * F
    return O


@wrong(
    "compose_strided",
    says="zeros stand behind the last number: O ends where the last copy of F ends, at p + s₁(r − 1).",
    loses=STRIDED,
)
def leaves_room_behind_the_last_copy(F, G, s1, s2):
    O = F.new_zeros(len(F) + s1 * len(G) - 1)
    for w in range(len(G)):
        O[s1 * w : s1 * w + len(F)] += G[w] * F
    return O, s1 * s2


@wrong(
    "compose_strided",
    says="copies of F stand s₁ − 1 apart: s₁ − 1 zeros are between two numbers of G, so one step of G is s₁.",
    loses=STRIDED,
)
def steps_by_one_less(F, G, s1, s2):
    step = s1 - 1
    O = F.new_zeros(len(F) + step * (len(G) - 1))
    for w in range(len(G)):
        O[step * w : step * w + len(F)] += G[w] * F
    return O, s1 * s2
