"""What students answer: the wrong ways, what each is told and loses, and other right ways."""

import math

import torch
import torch.nn.functional as F

import nonconv.layers
from nonconv.authoring import right, wrong

EXCITATION = ("excitation-values", "excitation-many")


@wrong("excitation", says="there is no ReLU between the two matrices: Y₁ = W₁ ReLU(W₀ F).", loses=EXCITATION)
def forgets_the_relu(F_agg, W0, W1):
    return torch.sigmoid(W1 @ W0 @ F_agg)


@wrong("excitation", says="σ is missing at the end: a weight lies between 0 and 1.", loses=EXCITATION)
def forgets_the_sigmoid(F_agg, W0, W1):
    return W1 @ torch.relu(W0 @ F_agg)


@wrong("excitation", says="σ stands between the matrices, where ReLU belongs.", loses=EXCITATION)
def takes_the_sigmoid_twice(F_agg, W0, W1):
    return torch.sigmoid(W1 @ torch.sigmoid(W0 @ F_agg))


@wrong(
    "excitation",
    says="ReLU and σ are swapped: ReLU between the matrices, σ at the end.",
    loses=EXCITATION,
)
def swaps_relu_and_sigmoid(F_agg, W0, W1):
    return torch.relu(W1 @ torch.sigmoid(W0 @ F_agg))


@wrong(
    "excitation",
    says="there is a second ReLU before σ: then no weight could be below 1/2.",
    loses=EXCITATION,
)
def takes_relu_twice(F_agg, W0, W1):
    hidden = F.relu(W0 @ F_agg)
    return F.relu(W1 @ hidden).sigmoid()


@wrong(
    "excitation",
    says="this is a softmax: its weights share a sum of 1, but gates are independent; take σ of each.",
    loses=EXCITATION,
)
def takes_a_softmax(F_agg, W0, W1):
    return torch.softmax(W1 @ torch.relu(W0 @ F_agg), 0)


@wrong("excitation", shows="stopped with RuntimeError", loses=EXCITATION)
def swaps_the_matrices(F_agg, W0, W1):
    return torch.sigmoid(W0 @ torch.relu(W1 @ F_agg))


@wrong("excitation", shows="expected shape (2,), got (2, 1, 1)", loses=EXCITATION)
def shapes_them_for_the_maps(F_agg, W0, W1):
    return torch.sigmoid(W1 @ (W0 @ F_agg).relu())[:, None, None]


@wrong(
    "excitation",
    says="the weights are multiplied by F: return the weights themselves.",
    loses=EXCITATION,
)
def scales_what_it_was_given(F_agg, W0, W1):
    return F_agg * torch.sigmoid(W1 @ torch.relu(W0 @ F_agg))


@wrong("excitation", shows="there is a nan in it", loses=["excitation-many"])
def writes_sigma_with_a_large_power(F_agg, W0, W1):
    power = torch.exp(W1 @ torch.relu(W0 @ F_agg))
    return power / (1 + power)


@wrong("excitation", shows="calls nonconv.layers", loses=EXCITATION)
def calls_the_library(F_agg, W0, W1):
    return nonconv.layers.channel_attention(F_agg[None, :, None, None], W0, W1, aggregates=("avg",)).flatten()


@wrong(
    "excitation", says="tanh lies between -1 and 1: a weight lies between 0 and 1, take σ.", loses=EXCITATION
)
def takes_tanh(F_agg, W0, W1):
    return torch.tanh(W1 @ F.relu(W0 @ F_agg))


@wrong("excitation", says="σ has the wrong sign: σ(y) = 1/(1 + exp(−y)).", loses=EXCITATION)
def turns_sigma_over(F_agg, W0, W1):
    return 1 / (1 + torch.exp(W1 @ torch.relu(W0 @ F_agg)))


@wrong(
    "excitation",
    says="ReLU looks at F, before W₀: it stands between the matrices, W₁ ReLU(W₀ F).",
    loses=EXCITATION,
)
def takes_relu_too_early(F_agg, W0, W1):
    return torch.sigmoid(W1 @ (W0 @ F_agg.relu()))


@wrong(
    "excitation",
    says="negative numbers are turned over between the matrices: ReLU makes them 0.",
    loses=EXCITATION,
)
def takes_the_absolute_value(F_agg, W0, W1):
    return torch.sigmoid(W1 @ (W0 @ F_agg).abs())


@wrong(
    "excitation",
    says="ReLU lets nothing negative through; this one lets a hundredth of it.",
    loses=EXCITATION,
)
def takes_a_leaky_relu(F_agg, W0, W1):
    return torch.sigmoid(W1 @ F.leaky_relu(W0 @ F_agg))


@wrong("excitation", says="W₀ is used twice: back to C numbers leads W₁.", loses=EXCITATION)
def goes_back_by_the_first_matrix(F_agg, W0, W1):
    return torch.sigmoid(W0.T @ torch.relu(W0 @ F_agg))


@wrong("excitation", says="tanh stands between the matrices, where ReLU belongs.", loses=EXCITATION)
def takes_tanh_between(F_agg, W0, W1):
    return torch.sigmoid(W1 @ torch.tanh(W0 @ F_agg))


@wrong("excitation", shows="its dtype is torch.float32, but torch.float64 is expected", loses=EXCITATION)
def works_in_float32(F_agg, W0, W1):
    return torch.sigmoid(W1.float() @ torch.relu(W0.float() @ F_agg.float()))


@wrong("excitation", says="each map is halved, whatever comes in: are W₀ and W₁ used?", loses=EXCITATION)
def returns_a_half(F_agg, W0, W1):
    return torch.full_like(F_agg, 0.5)


@wrong(
    "excitation",
    says="the weights are divided by their sum: gates are independent, so leave σ as it is.",
    loses=EXCITATION,
)
def shares_out_a_sum_of_one(F_agg, W0, W1):
    gates = torch.sigmoid(W1 @ torch.relu(W0 @ F_agg))
    return gates / gates.sum()


@wrong("excitation", says="σ is taken twice at the end.", loses=EXCITATION)
def takes_sigma_of_sigma(F_agg, W0, W1):
    return torch.sigmoid(torch.sigmoid(W1 @ torch.relu(W0 @ F_agg)))


@wrong(
    "excitation",
    says="numbers above 6 are cut off between the matrices: ReLU lets them through.",
    loses=EXCITATION,
)
def cuts_off_large_numbers(F_agg, W0, W1):
    return torch.sigmoid(W1 @ F.relu6(W0 @ F_agg))
