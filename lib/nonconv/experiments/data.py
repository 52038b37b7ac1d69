"""Data of the lectures, made of scikit-learn's 1797 handwritten digits."""

from typing import NamedTuple

import torch
from torch import Tensor

from nonconv.checks.given.digits import labelled_digits

MARK_ROWS, GAP = 2, 1  # rows above the digits, the first of which holds the bar; columns between two digits


class Digits(NamedTuple):
    """Images (N, 1, 8, 8), ink from 0 to 1; labels (N,); the rows for training and for testing."""

    images: Tensor
    labels: Tensor
    train: Tensor
    test: Tensor


def digits(train: int = 1200) -> Digits:
    """All 1797, split at random, always in the same way. ValueError unless 0 < train < 1797."""
    images, labels = labelled_digits()
    images = images.float()
    if not 0 < train < len(labels):
        raise ValueError(f"train must lie between 0 and {len(labels)}, not {train}")
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    return Digits(images, labels, order[:train], order[train:])


def marked_digits(number: int, data: Digits, rows: Tensor, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Pictures of three digits side by side with a bar above one: (pictures, labels, places).

    The label is that of the digit below the bar, `places` says which it is (0, 1 or 2). The digits are drawn
    at random from the given rows of `data`.

    Shape: pictures (number, 1, 10, 26), labels and places (number,). Raises ValueError for number below 1.
    """
    if number < 1:
        raise ValueError(f"number must be at least 1, not {number}")
    generator = torch.Generator().manual_seed(seed)
    chosen = rows[torch.randint(len(rows), (number, 3), generator=generator)]
    places = torch.randint(3, (number,), generator=generator)
    pictures = torch.zeros(number, 1, MARK_ROWS + 8, 3 * 8 + 2 * GAP)
    for place in range(3):
        left = place * (8 + GAP)
        pictures[:, :, MARK_ROWS:, left : left + 8] = data.images[chosen[:, place]]
        pictures[places == place, :, 0, left : left + 8] = 1.0
    return pictures, data.labels[chosen[torch.arange(number), places]], places
