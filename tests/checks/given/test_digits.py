"""The digits that networks are judged on: whoever writes into them changes them for nobody else."""

import torch
from torch import nn

from nonconv.checks.given.digits import digits, labelled_digits
from nonconv.checks.given.networks import network
from nonconv.checks.properties import PROPERTIES

ID = "two-convolutions-with-bias"


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
