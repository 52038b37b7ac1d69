"""Further wrong ways: those of a reader who had not seen the others."""

import torch

from nonconv.authoring import wrong

EXCITATION = ("excitation-values", "excitation-many")


@wrong(
    "excitation",
    says="number by number is no matrix product: each row of a matrix is multiplied with the vector, and added up, W0 @ F_agg.",
    loses=EXCITATION,
)
def multiplies_number_by_number(F_agg, W0, W1):
    return torch.sigmoid((W1 * torch.relu(W0 * F_agg).sum(1)[0]).sum(1))


@wrong(
    "excitation",
    says="ReLU is taken of the matrix W0: it belongs to the product, ReLU(W0 F).",
    loses=EXCITATION,
)
def takes_relu_of_the_matrix(F_agg, W0, W1):
    return torch.sigmoid(W1 @ torch.relu(W0) @ F_agg)
