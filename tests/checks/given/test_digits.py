"""The digits are read from scikit-learn's own file, without scikit-learn; nobody changes them for others."""

import torch
from sklearn.datasets import load_digits
from torch import nn

from nonconv.checks.given.digits import digits, labelled_digits
from nonconv.checks.given.networks import network
from nonconv.checks.properties import PROPERTIES

ID = "two-convolutions-with-bias"


def test_the_digits_are_scikit_learns() -> None:
    pixels, labels = load_digits(return_X_y=True)
    # exact: whole numbers over 16
    assert torch.equal(digits(), torch.as_tensor(pixels).reshape(-1, 1, 8, 8) / 16)
    assert torch.equal(labelled_digits()[1], torch.as_tensor(labels))


class Spoils(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.fill_(float("nan"))


def test_a_network_that_writes_into_the_digits_changes_them_for_nobody_else() -> None:
    before = digits()
    PROPERTIES["has_no_batch_norm_left"].of({"model": network(ID)}, Spoils())
    assert torch.equal(digits(), before)  # exact: nobody wrote into it
    images, labels = labelled_digits()
    labels.zero_()
    images.zero_()
    assert torch.equal(digits(), before)  # exact: nobody wrote into it
    assert labelled_digits()[1].any()
