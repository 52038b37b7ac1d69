"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv.authoring import Check, first_that, quarters, whole_between

from ...shared import CLOSE


def sagan_block(X, Wf, Wg, Wh, Wv, gamma):
    """Place by place, as the formula has it."""
    x = X.flatten(1).T
    o = []
    for one in x:
        powers = torch.exp(torch.stack([(Wf @ other) @ (Wg @ one) for other in x]))
        beta = powers / powers.sum()
        o.append(Wv @ sum(b * (Wh @ other) for b, other in zip(beta, x, strict=True)))
    o = torch.stack(o, 1).reshape(X.shape)
    Y = gamma * o + X
    return Y, torch.einsum("chw,chw->", Y, o)


def block(C: int, H: int, W: int, Q: int, R: int, gamma: float, seed: int) -> dict[str, Any]:
    """No place takes nearly all from one, and queries and keys are no matter of taste."""

    def tells(X, Wf, Wg, **_: Any) -> bool:
        places = X.flatten(1)
        scores = (Wg @ places).T @ (Wf @ places)
        spread = torch.softmax(scores, 1).amax(1).mean() < 0.8
        return bool(spread) and (C == 1 or bool((scores - scores.T).abs().max() > 0.5))

    def draw(seed: int) -> dict[str, Any]:
        return {
            "X": quarters(C, H, W, seed=seed) * 2,
            "Wf": quarters(Q, C, seed=seed + 1),
            "Wg": quarters(Q, C, seed=seed + 2),
            "Wh": whole_between(R, C, seed=seed + 3, low=-2, high=2),
            "Wv": quarters(C, R, seed=seed + 4),
            "gamma": gamma,
        }

    return first_that(tells, draw, seed)


def as_shown(seed: int) -> list[dict[str, Any]]:
    """One number, times 2 and more; blocks of the sizes that students see."""
    one = {
        "X": 3 * ONE[:, :, None],
        "Wf": ONE,
        "Wg": ONE,
        "Wh": ONE,
        "Wv": quarters(1, 1, seed=seed),
        "gamma": 2.0,
    }
    return [one, block(3, 2, 3, 2, 4, 0.5, seed + 1), block(2, 3, 2, 4, 3, -1.5, seed + 2)]


ONE = torch.ones(1, 1).double()
blocks = {
    "answer": "sagan_block",
    "reference": sagan_block,
    "returns": ("Y", "slope"),
    "may_call": ("conv",),
    "may_not_call": ("safe_softmax", "attention", "autograd"),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="sagan-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {"X": 3 * ONE[:, :, None], "Wf": ONE, "Wg": ONE, "Wh": ONE, "Wv": ONE, "gamma": 2.0},
            block(3, 2, 3, 2, 4, 0.5, seed=10),
            block(2, 3, 2, 4, 3, -1.5, seed=20),
        ],
        **blocks,
    ),
    Check.of(
        name="sagan-start",
        drawn_anew=lambda seed: [block(3, 2, 4, 2, 2, 0.0, seed)],
        points=1,
        inputs=[block(3, 2, 4, 2, 2, 0.0, seed=30)],
        **blocks,
    ),
    Check.of(
        name="sagan-hidden",
        points=1,
        hidden="other sizes, other γ.",
        inputs=lambda seed: [block(4, 3, 2, 2, 3, 0.75, seed), block(2, 2, 4, 3, 5, 0.0, seed + 5)],
        seed=40,
        **blocks,
    ),
]
