"""The digits are read from scikit-learn's own file, without scikit-learn."""

import torch
from sklearn.datasets import load_digits

from nonconv.checks.given.digits import digits, labelled_digits


def test_the_digits_are_scikit_learns() -> None:
    pixels, labels = load_digits(return_X_y=True)
    # exact: whole numbers over 16
    assert torch.equal(digits(), torch.as_tensor(pixels).reshape(-1, 1, 8, 8) / 16)
    assert torch.equal(labelled_digits()[1], torch.as_tensor(labels))
