"""What students answer: the wrong ways, what each is told and loses."""

import torch

import nonconv.reduction
from nonconv.authoring import wrong

DEPTHWISE = ("depthwise-kernel-values", "depthwise-kernel-one-map")


@wrong(
    "depthwise_kernel",
    says="this is the kernel of one group, K×K with a diagonal: with a group for each map, each number of G stands alone.",
    loses=DEPTHWISE,
)
def builds_the_full_diagonal(G, g):
    return torch.diag(G)[:, :, None, None], g


@wrong(
    "depthwise_kernel",
    says="the maps stand on the second axis: the first counts the output maps, the second the input maps of a group.",
    loses=DEPTHWISE,
)
def puts_the_maps_on_the_second_axis(G, g):
    return G[None, :, None, None], g


@wrong("depthwise_kernel", says="each map has the first number of G: each has its own.", loses=DEPTHWISE)
def repeats_the_first_number(G, g):
    return G[0].repeat(len(G), 1, 1, 1), g


@wrong("depthwise_kernel", shows="kernel: expected shape (1, 1, 1, 1), got (1,)", loses=DEPTHWISE)
def leaves_G_a_vector(G, g):
    return G, g


@wrong(
    "depthwise_kernel", says="the kernel and the bias are swapped: G multiplies, g is added.", loses=DEPTHWISE
)
def swaps_kernel_and_bias(G, g):
    return g[:, None, None, None], G


@wrong("depthwise_kernel", shows="bias: expected shape (1,), got (1, 1, 1, 1)", loses=DEPTHWISE)
def makes_the_bias_four_dimensional(G, g):
    return G[:, None, None, None], g[:, None, None, None]


@wrong("depthwise_kernel", shows="bias: expected a tensor of shape (1,), got None", loses=DEPTHWISE)
def has_no_bias(G, g):
    return G.view(-1, 1, 1, 1), None


@wrong(
    "depthwise_kernel",
    says="the kernel is 1 everywhere and G went into the bias: the kernel is G.",
    loses=DEPTHWISE,
)
def scales_the_bias_instead(G, g):
    return torch.ones_like(G)[:, None, None, None], G * g


@wrong("depthwise_kernel", shows="calls nonconv.reduction", loses=DEPTHWISE)
def calls_the_librarys_depthwise(G, g):
    return nonconv.reduction.depthwise_1x1(G, g)


@wrong("depthwise_kernel", says="G multiplies the bias as well: the bias is g as it is.", loses=DEPTHWISE)
def scales_the_bias(G, g):
    return G.reshape(-1, 1, 1, 1), G * g
