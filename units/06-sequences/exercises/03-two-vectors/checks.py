"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, normal

from ...shared import CLOSE


def two_vectors(states, lengths):
    own = [states[:length, n] for n, length in enumerate(lengths.tolist())]
    return torch.stack([one[-1] for one in own]), torch.stack([one.mean(0) for one in own])


def batch(T: int, H: int, lengths: list[int], seed: int) -> dict[str, Any]:
    """The states behind a sequence's end are large: who looks at them is told so."""
    states, own = normal(T, len(lengths), H, seed=seed), torch.tensor(lengths)
    states[torch.arange(T)[:, None] >= own] += 10
    return {"states": states, "lengths": own}


def infinite(one: dict[str, Any]) -> dict[str, Any]:
    """Nothing but nan behind the end of the first sequence, and infinity behind that of the second."""
    for n, number in enumerate((torch.nan, torch.inf)):
        one["states"][one["lengths"][n] :, n] = number
    return one


def other(seed: int) -> list[dict[str, Any]]:
    """Other lengths; what is filled in holds a nan, which 0 times does not take away."""
    drawn = torch.randint(1, 6, (3,), generator=torch.Generator().manual_seed(seed)).tolist()
    return [batch(7, 3, [*drawn, 6], seed), infinite(batch(5, 2, [3, 1, 5], seed + 2))]


def as_shown(seed: int) -> list[dict[str, Any]]:
    """The lengths that students see, in another order where no special number asks for them."""
    order = torch.randperm(4, generator=torch.Generator().manual_seed(seed))
    lengths = torch.tensor([3, 5, 2, 4])[order].tolist()
    return [
        batch(3, 2, [2, 1], seed),
        infinite(batch(4, 2, [1, 3], seed + 1)),
        batch(5, 3, lengths, seed + 2),
    ]


asked = {"answer": "two_vectors", "reference": two_vectors, "returns": ("last", "mean"), **CLOSE}

CHECKS = [
    Check.of(
        name="vectors-values",
        drawn_anew=as_shown,
        points=1,
        inputs=[
            batch(3, 2, [2, 1], seed=1),
            infinite(batch(4, 2, [1, 3], seed=3)),
            batch(5, 3, [3, 5, 2, 4], seed=2),
        ],
        **asked,
    ),
    Check.of(
        name="vectors-filled",
        points=1,
        hidden="other lengths; what is filled in holds nan and infinity.",
        inputs=other,
        **asked,
    ),
]
