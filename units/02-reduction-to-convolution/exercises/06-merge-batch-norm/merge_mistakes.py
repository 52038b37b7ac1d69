"""What students answer for merge: the wrong ways, what each is told and loses."""

import torch

import nonconv.reduction
from nonconv.authoring import wrong

MERGE = ("merge-values", "merge-groups-and-signs")


@wrong(
    "merge",
    says="this is the slides' bias b + g: the bias b goes through batch norm too, o = G b + g.",
    loses=MERGE,
)
def the_slides_bias(F, b, G, g):
    return F * G[:, None, None, None], b + g


@wrong("merge", says="g is missing in o: batch norm adds it at the end, o = G b + g.", loses=MERGE)
def forgets_g(F, b, G, g):
    return F * G[:, None, None, None], b * G


@wrong("merge", says="G multiplies g as well: g is added after the scaling, o = G b + g.", loses=MERGE)
def scales_g_too(F, b, G, g):
    return F * G[:, None, None, None], G * (b + g)


@wrong("merge", says="the bias b is lost: it goes through batch norm too, o = G b + g.", loses=MERGE)
def forgets_the_bias(F, b, G, g):
    return F * G[:, None, None, None], g


@wrong(
    "merge", says="the kernel is left as it was: each output map's kernel is scaled, O = G F.", loses=MERGE
)
def leaves_the_kernel_alone(F, b, G, g):
    return F.clone(), G * b + g


@wrong(
    "merge",
    says="G meets the wrong axis of F: it belongs to the output map k, the first axis.",
    loses=MERGE,
)
def broadcasts_G_over_the_columns(F, b, G, g):
    return F * G, G * b + g


@wrong(
    "merge", says="G scales the input maps of F: it belongs to the output map k, the first axis.", loses=MERGE
)
def scales_the_input_maps(F, b, G, g):
    return F * G[None, :, None, None], b * G + g


@wrong("merge", says="the kernel is scaled twice: O = G F.", loses=MERGE)
def scales_the_kernel_twice(F, b, G, g):
    return F * (G * G)[:, None, None, None], G * b + g


@wrong(
    "merge",
    shows="The size of tensor a (3) must match the size of tensor b (4)",
    loses=["merge-values", "merge-groups-and-signs"],
)
def repeats_G_over_as_many_input_maps(F, b, G, g):
    K, M, p, q = F.shape
    return G.view(K, 1, 1, 1).expand(K, K, p, q)[:, :M] * F, G * b + g


@wrong("merge", says="the kernel is divided by G: batch norm multiplies by G.", loses=MERGE)
def divides_by_G(F, b, G, g):
    return F / G[:, None, None, None], G * b + g


@wrong("merge", shows="o: expected shape (1,), got (1, 1, 1, 1)", loses=MERGE)
def keeps_the_bias_four_dimensional(F, b, G, g):
    G4 = G[:, None, None, None]
    return F * G4, G4 * b[:, None, None, None] + g[:, None, None, None]


@wrong(
    "merge", says="the kernel is turned around: nothing is flipped here, O has F's own order.", loses=MERGE
)
def flips_the_kernel(F, b, G, g):
    return F.flip(2, 3) * G[:, None, None, None], G * b + g


@wrong("merge", shows="calls nonconv.reduction", loses=MERGE)
def calls_the_librarys_merge(F, b, G, g):
    return nonconv.reduction.merge(F, b, G, g)


@wrong("merge", shows="calls torch.nn.utils.fusion", loses=MERGE)
def calls_the_frameworks_fusion(F, b, G, g):
    from torch.nn.utils.fusion import fuse_conv_bn_weights

    zero, one = torch.zeros_like(g), torch.ones_like(g)
    return fuse_conv_bn_weights(F, b, zero, one, 0.0, G, g)


@wrong("merge", shows="calls the framework's", loses=MERGE)
def normalises_the_kernels(F, b, G, g):
    norm = torch.nn.functional.batch_norm
    zero, one = torch.zeros_like(g), torch.ones_like(g)
    return norm(F.transpose(0, 1), zero, one, G, eps=0.0).transpose(0, 1), norm(
        b[None], zero, one, G, g, eps=0.0
    )[0]


@wrong("merge", says="G multiplies g instead of b: o = G b + g.", loses=MERGE)
def scales_g_instead_of_b(F, b, G, g):
    return F * G[:, None, None, None], b + G * g


@wrong("merge", says="g is subtracted: it is added, o = G b + g.", loses=MERGE)
def subtracts_g(F, b, G, g):
    return F * G[:, None, None, None], G * b - g


@wrong("merge", says="g is added to the kernel: it goes into the bias only, O = G F.", loses=MERGE)
def adds_g_to_the_kernel(F, b, G, g):
    return F * G[:, None, None, None] + g[:, None, None, None], G * b + g


@wrong("merge", says="kernel and bias are divided by G: batch norm multiplies by G.", loses=MERGE)
def divides_both_by_G(F, b, G, g):
    return F / G[:, None, None, None], b / G + g
