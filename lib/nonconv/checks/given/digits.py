"""scikit-learn's handwritten digits, read without scikit-learn, whose import takes most of a second.

The file that it installs is a table, a row for each of 1797 images: 64 pixels from 0 to 16, then the digit.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy
import torch
from torch import Tensor


def labelled_digits() -> tuple[Tensor, Tensor]:
    """(images (1797, 1, 8, 8), float64 in [0, 1]; labels (1797)), as sklearn.datasets.load_digits has them.

    Copies: a network that is judged may write into what it is given, and others are judged after it.
    """
    images, labels = _read()
    return images.clone(), labels.clone()


@cache
def _read() -> tuple[Tensor, Tensor]:
    found = find_spec("sklearn")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("the digits come with scikit-learn: pip install scikit-learn")
    file = Path(found.origin).parent / "datasets" / "data" / "digits.csv.gz"
    table = torch.from_numpy(numpy.loadtxt(file, delimiter=","))
    return table[:, :64].reshape(-1, 1, 8, 8) / 16, table[:, 64].long()


def digits() -> Tensor:
    """The images alone."""
    return labelled_digits()[0]
