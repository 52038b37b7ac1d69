"""Which other answers of the solutions' kind are right."""

import torch
from torch.nn import functional


def differs_along_a_diagonal(answer) -> bool:
    F, G, n, i, j = answer()
    x = torch.eye(n)[:, None]
    for kernel in (F, G):
        x = functional.conv1d(x, torch.tensor(kernel)[None, None].float(), padding=len(kernel) // 2)
    A = x[:, 0].T
    odd = len(F) % 2 and len(G) % 2
    return bool(odd) and min(i, j) >= 0 and bool(A[i, j] != A[i + 1, j + 1])


def moves_the_first_image(answer) -> bool:
    first, second = (batch.double() for batch in answer())
    norm = torch.nn.BatchNorm2d(first.shape[1], affine=False, track_running_stats=False)
    return torch.equal(first[0], second[0]) and not torch.allclose(
        norm(first)[0], norm(second)[0], atol=1e-6
    )  # exact: one is a copy of the other


RIGHT = {"same_after_same": differs_along_a_diagonal, "training_depends": moves_the_first_image}
