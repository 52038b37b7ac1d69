"""Which other answers of the solutions' kind are right."""

import torch


def is_not_additive(answer) -> bool:
    x, y = (one.double() for one in answer())
    pool = torch.nn.MaxPool2d(2)
    return x.shape == y.shape and not torch.allclose(pool(x + y), pool(x) + pool(y))


RIGHT = {"breaks_additivity": is_not_additive}
