"""What students answer: the wrong ways, what each is told and loses."""

import torch

import nonconv.reduction
from nonconv.authoring import wrong

COMPOSE = ("compose-values", "compose-sizes", "compose-many-maps")


@wrong(
    "compose",
    says="one kernel is slid over the other as in a convolution layer: here u + w − 1 = t, so one of them runs backwards.",
    loses=COMPOSE,
)
def correlates_the_kernels(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, r - 1 - w : r - 1 - w + p, s - 1 - z : s - 1 - z + q] += torch.einsum(
                "lk,kmuv->lmuv", G[:, :, w, z], F
            )
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose",
    says="b is lost: it goes through the second layer, o^l = Σ_k Σ_w b^k G^{kl}_w + g^l.",
    loses=COMPOSE,
)
def keeps_only_the_second_bias(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    return O, g.clone()


@wrong(
    "compose",
    says="b meets only one number of each kernel G: it is multiplied by all of them, the sum over w.",
    loses=COMPOSE,
)
def forgets_the_sum_over_w(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for u in range(p):
        for v in range(q):
            O[:, :, u : u + r, v : v + s] += torch.einsum("lkwz,km->lmwz", G, F[:, :, u, v])
    return O, G[:, :, 0, 0] @ b + g


@wrong("compose", says="g goes through the second layer: it is added at the end, once.", loses=COMPOSE)
def adds_g_once_for_each_map_in_between(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    o = g * G.sum((1, 2, 3)) + torch.einsum("lkwz,k->l", G, b)
    return O, o


@wrong("compose", shows="expected shape (1, 1, 1, 3), got (1, 1, 1, 2)", loses=COMPOSE)
def keeps_the_size_of_the_first_kernel(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    return O[:, :, :p, :q], torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose",
    says="the maps in between are not summed over: O^{ml} = Σ_k F^{mk} G^{kl}.",
    loses=COMPOSE,
)
def takes_only_the_first_map_between(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += G[:, 0, w, z][:, None, None, None] * F[0][None]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose",
    says="b is added as it is: it meets every number of G, o^l = Σ_k Σ_w b^k G^{kl}_w + g^l.",
    loses=COMPOSE,
)
def adds_b_as_it_is(F, b, G, g):
    p, r, q, s = F.shape[2], G.shape[2], F.shape[3], G.shape[3]
    O = torch.zeros(len(G), F.shape[1], p + r - 1, q + s - 1, dtype=F.dtype)
    for u, v, w, z in torch.cartesian_prod(*(torch.arange(n) for n in (p, q, r, s))).tolist():
        O[:, :, u + w, v + z] += G[:, :, w, z] @ F[:, :, u, v]
    return O, b + g


@wrong(
    "compose",
    says="b is summed over the maps and added: each b^k meets the numbers of its own G^{kl} first,"
    " o^l = Σ_k Σ_w b^k G^{kl}_w + g^l.",
    loses=COMPOSE,
)
def adds_the_sum_of_b(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    return O, b.sum() + g


@wrong(
    "compose",
    says="F and G are summed over the maps in between before they meet: the products are, Σ_k F^{mk} G^{kl}.",
    loses=COMPOSE,
)
def sums_the_maps_first(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    first, second, O = F.sum(0), G.sum(1), F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += second[:, None, w, z, None, None] * first
    return O, G.sum((2, 3)) @ b + g


@wrong(
    "compose",
    says="the first axis of O counts the input maps m: it counts the output maps l, the second the input maps.",
    loses=COMPOSE,
)
def puts_the_input_maps_first(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(M, L, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] += torch.einsum("lk,kmuv->mluv", G[:, :, w, z], F)
    return O, G.sum((2, 3)) @ b + g


@wrong(
    "compose", says="rows and columns are swapped: O has p + r − 1 rows and q + s − 1 columns.", loses=COMPOSE
)
def lays_the_kernel_on_its_side(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, q + s - 1, p + r - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, z : z + q, w : w + p] += torch.einsum("lk,kmuv->lmvu", G[:, :, w, z], F)
    return O, G.sum((2, 3)) @ b + g


@wrong(
    "compose",
    says="the places are shifted by one: counted from 0 it is u + w, and index −1 is the last one.",
    loses=COMPOSE,
)
def subtracts_one_in_code_too(F, b, G, g):
    p, r, q, s = F.shape[2], G.shape[2], F.shape[3], G.shape[3]
    O = torch.zeros(len(G), F.shape[1], p + r - 1, q + s - 1, dtype=F.dtype)
    for u, v, w, z in torch.cartesian_prod(*(torch.arange(n) for n in (p, q, r, s))).tolist():
        O[:, :, u + w - 1, v + z - 1] += G[:, :, w, z] @ F[:, :, u, v]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong(
    "compose", says="only the last of the terms that meet is kept: add them up, += and not =.", loses=COMPOSE
)
def overwrites_instead_of_adding(F, b, G, g):
    p, r, q, s = F.shape[2], G.shape[2], F.shape[3], G.shape[3]
    O = torch.zeros(len(G), F.shape[1], p + r - 1, q + s - 1, dtype=F.dtype)
    for u, v, w, z in torch.cartesian_prod(*(torch.arange(n) for n in (p, q, r, s))).tolist():
        O[:, :, u + w, v + z] = G[:, :, w, z] @ F[:, :, u, v]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong("compose", shows="calls nonconv.reduction", loses=COMPOSE)
def calls_the_librarys_compose(F, b, G, g):
    return nonconv.reduction.compose(F, b, G, g)[:2]


@wrong("compose", shows="calls nonconv.reduction", loses=COMPOSE)
def calls_it_by_another_name(F, b, G, g):
    def helper(*layers):
        from nonconv.reduction import compose as ready

        return ready(*layers)

    one = helper(F, b, G, g)
    return one.weight, one.bias


@wrong("compose", shows="stopped with IndexError", loses=COMPOSE)
def counts_from_one_in_code(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for u in range(1, p + 1):
        for w in range(1, r + 1):
            for v in range(1, q + 1):
                for z in range(1, s + 1):
                    O[:, :, u + w - 1, v + z - 1] += G[:, :, w, z] @ F[:, :, u, v]
    return O, torch.einsum("lkwz,k->l", G, b) + g


@wrong("compose", says="copies of F overwrite each other: add them up, += and not =.", loses=COMPOSE)
def overwrites_whole_copies(F, b, G, g):
    (K, M, p, q), (L, _, r, s) = F.shape, G.shape
    O = F.new_zeros(L, M, p + r - 1, q + s - 1)
    for w in range(r):
        for z in range(s):
            O[:, :, w : w + p, z : z + q] = torch.einsum("lk,kmuv->lmuv", G[:, :, w, z], F)
    return O, G.sum((2, 3)) @ b + g


@wrong("compose", says="g is missing in o: the second layer adds it at the end.", loses=COMPOSE)
def forgets_g(F, b, G, g):
    O = torch.nn.functional.conv_transpose2d(G, F)
    return O, G.sum((2, 3)) @ b


@wrong(
    "compose",
    says="b meets the mean of each kernel G: it is multiplied by the sum of its numbers.",
    loses=COMPOSE,
)
def takes_the_mean_over_w(F, b, G, g):
    O = torch.nn.functional.conv_transpose2d(G, F)
    return O, G.mean((2, 3)) @ b + g


@wrong(
    "compose",
    says="O is one too long: sizes p and r give p + r − 1, since t = u + w − 1 ends there.",
    loses=COMPOSE,
)
def makes_O_one_too_long(F, b, G, g):
    O = torch.nn.functional.conv_transpose2d(G, F)
    return torch.nn.functional.pad(O, (0, 1, 0, 1)), G.sum((2, 3)) @ b + g
