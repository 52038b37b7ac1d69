"""The checks: references, inputs, points."""

from random import Random
from typing import Any

import torch
from torch import Tensor

from nonconv.authoring import Check, first_that
from nonconv.checks.given.layers import Layer

from ...shared import CLOSE, small


def _scores(step: Any, state: Tensor, fed: list[int]) -> Tensor:
    rows = []
    for token in fed:
        scores, state = step(token, state)
        rows.append(scores)
    return torch.stack(rows)


def forced_loss(step, state, target):
    scores = _scores(step, state, [0, *target[:-1]])
    return torch.nn.functional.cross_entropy(scores, torch.tensor(target))


def free_run(step, state, length):
    fed = [0]
    for _ in range(length):  # anew from the start each time
        fed.append(int(_scores(step, state, fed)[-1].argmax()))
    return fed[1:]


def decoder(seed: int, whole: bool = False) -> dict[str, Any]:
    seed %= 100_000
    return {"step": Layer("decoder-step", seed=seed, whole=whole), "state": small(3, seed=seed + 3)}


def forced(T: int, seed: int) -> dict[str, Any]:
    random = Random(seed)
    return decoder(seed) | {"target": [random.randrange(5) for _ in range(T)]}


def varied(length: int, seed: int) -> dict[str, Any]:
    """A run that writes at least three tokens, the start among them, and other ones if its state stays."""

    def tells(step: Any, state: Tensor, length: int) -> bool:
        written = free_run(step, state, length)
        stays, token = [], 0
        for _ in range(length):
            token = int(step(token, state)[0].argmax())
            stays.append(token)
        starts = [int(row.argmax()) for row in _scores(step, state, [0] * length)]
        return len(set(written)) >= 3 and 0 in written[:-1] and stays != written and starts != written

    return first_that(tells, lambda seed: decoder(seed) | {"length": length}, seed)


def tied(length: int, seed: int) -> dict[str, Any]:
    """A run with equal scores, of which the last would lead elsewhere, from the first time on."""

    def tells(step: Any, state: Tensor, length: int) -> bool:
        last, written, at = 0, free_run(step, state, length), state
        for token in written:
            scores, at = step(last, at)
            if int(4 - scores.flip(0).argmax()) != token:
                return len(set(written)) >= 3
            last = token
        return False

    return first_that(tells, lambda seed: decoder(seed, whole=True) | {"length": length}, seed)


def close(length: int, seed: int) -> dict[str, Any]:
    """A run with a near miss: to two decimals the probabilities are equal, and the first is not the likeliest."""

    def tells(step: Any, state: Tensor, length: int) -> bool:
        written = free_run(step, state, length)
        rows = _scores(step, state, [0, *written[:-1]]).softmax(1)
        return [int(row.round(decimals=2).argmax()) for row in rows] != written

    return first_that(tells, lambda seed: decoder(seed) | {"length": length}, seed)


def as_shown(seed: int) -> list[dict[str, Any]]:
    seed %= 10_000
    return [varied(5, seed), tied(6, seed + 3), varied(8, seed + 5), close(8, seed + 7)]


forcing = {"answer": "forced_loss", "reference": forced_loss, "returns": ("loss",), **CLOSE}
running = {"answer": "free_run", "reference": free_run}

CHECKS = [
    Check.of(
        name="forced-values",
        drawn_anew=lambda seed: [forced(2, seed), forced(4, seed + 4), forced(1, seed + 8)],
        points=1,
        inputs=[forced(2, 1), forced(4, 5), forced(1, 9)],
        **forcing,
    ),
    Check.of(
        name="forced-longer",
        points=1,
        hidden="other decoders, longer targets.",
        inputs=lambda seed: [forced(8, seed), forced(3, seed + 7)],
        **forcing,
    ),
    Check.of(
        name="free-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[varied(5, 1), tied(6, 500), varied(8, 300), close(8, 1091)],
        **running,
    ),
    Check.of(
        name="free-longer",
        points=1,
        hidden="other decoders, longer runs.",
        inputs=lambda seed: [
            varied(12, seed % 10_000),
            tied(9, seed % 10_000 + 7),
            decoder(seed + 3) | {"length": 1},
        ],
        **running,
    ),
]
