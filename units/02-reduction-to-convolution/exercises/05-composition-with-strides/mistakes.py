"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

from nonconv.authoring import right, wrong

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


@wrong("compose_strided", shows="it must return the 2 values (O, stride)", loses=STRIDED)
def returns_only_the_kernel(F, G, s1, s2):
    O = F.new_zeros(s1 * (len(G) - 1) + len(F))
    for w in range(len(G)):
        O[s1 * w : s1 * w + len(F)] += G[w] * F
    return O


@right("compose_strided")
def as_a_sum_of_shifted_kernels(F, G, s1, s2):
    size = len(F) + s1 * (len(G) - 1)
    rows = [torch.cat([F.new_zeros(s1 * w), F, F.new_zeros(size - s1 * w - len(F))]) for w in range(len(G))]
    return G @ torch.stack(rows), s1 * s2


@right("compose_strided")
def by_the_condition_on_the_indices(F, G, s1, s2):
    p, r = len(F), len(G)
    O = [
        sum(
            float(F[u - 1] * G[w - 1])
            for u in range(1, p + 1)
            for w in range(1, r + 1)
            if u - 1 + s1 * (w - 1) == t
        )
        for t in range(p + s1 * (r - 1))
    ]
    return torch.tensor(O, dtype=F.dtype), s1 * s2
