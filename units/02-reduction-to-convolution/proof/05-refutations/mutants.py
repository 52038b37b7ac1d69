"""Which other counterexamples are right: the statements once more, by the framework's layers."""

import json
from fractions import Fraction

import torch
from torch.nn.functional import batch_norm, conv1d, max_pool1d


def given(answer, statement) -> dict:
    data = json.loads(answer(statement).certificate())["data"]
    return {
        name: [float(Fraction(x)) for x in value] if isinstance(value, list) else float(Fraction(value))
        for name, value in data.items()
    }


def row(values) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)[None, None]


def is_not_affine(f, x, v) -> bool:
    x, v = row(x), row(v)
    return bool((f(x + v) - f(x) - f(v) + f(torch.zeros_like(x))).abs().max() > 1e-9)


def refutes(answer) -> bool:
    pool = given(answer, "max-pool-not-affine")
    between = given(answer, "relu-between-not-affine")
    same = given(answer, "same-same-not-conv")
    training = given(answer, "batch-norm-training")
    F, G, n = row(same["F"]), row(same["G"]), int(same["n"])
    eye = torch.eye(n, dtype=torch.float64)[:, None]
    A = conv1d(conv1d(eye, F, padding=F.shape[2] // 2), G, padding=G.shape[2] // 2)[:, 0].T
    i, j = int(same["i"]), int(same["j"])
    if len(same["F"]) % 2 == 0 or len(same["G"]) % 2 == 0 or min(i, j) < 0:  # the card excludes these
        return False
    normed = [
        batch_norm(
            row([training["x"], *training[name]]).mT[0], None, None, training=True, eps=training["eps"]
        )
        for name in ("others", "others_changed")
    ]
    return (
        is_not_affine(lambda x: max_pool1d(x, int(pool["p"]), stride=1), pool["x"], pool["v"])
        and is_not_affine(
            lambda x: conv1d(conv1d(x, row(between["F"])).relu(), row(between["G"])),
            between["x"],
            between["v"],
        )
        and bool(abs(A[i, j] - A[i + 1, j + 1]) > 1e-9)
        and bool(abs(normed[0][0] - normed[1][0]).max() > 1e-9)
    )


RIGHT = {"refutation": refutes}
