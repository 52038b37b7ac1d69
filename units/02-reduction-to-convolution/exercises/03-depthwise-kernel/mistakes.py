"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import torch

import nonconv.reduction
from nonconv.authoring import right, wrong

DEPTHWISE = ("depthwise-kernel-values", "depthwise-kernel-one-map")


@wrong(
    "depthwise_kernel",
    shows="kernel: expected shape (2, 1, 1, 1), got (2, 2, 1, 1)",
    loses=["depthwise-kernel-values"],
)
def builds_the_full_diagonal(G, g):
    return torch.diag(G)[:, :, None, None], g


@wrong(
    "depthwise_kernel",
    shows="kernel: expected shape (2, 1, 1, 1), got (1, 2, 1, 1)",
    loses=["depthwise-kernel-values"],
)
def puts_the_maps_on_the_second_axis(G, g):
    return G[None, :, None, None], g


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


@right("depthwise_kernel")
def with_reshape(G, g):
    return G.reshape(-1, 1, 1, 1), g


@right("depthwise_kernel")
def number_by_number(G, g):
    kernel = torch.zeros(len(G), 1, 1, 1, dtype=G.dtype)
    for k, value in enumerate(G):
        kernel[k, 0, 0, 0] = value
    return kernel, g + 0
