"""The checks: references, inputs, points."""

import random as randomness

import torch

from nonconv.authoring import (
    Case,
    Check,
    vector,
)


def inputs_of_both_kinds(seed: int) -> list[dict[str, torch.Tensor]]:
    """Inputs as from tanh, of both signs, and as from ReLU, some of them 0."""
    r = randomness.Random(seed)
    tanh = [r.randint(1, 9) / 10 * sign for sign in (1, -1, r.choice((1, -1)), r.choice((1, -1)))]
    relu = [0, 0, *(r.choice((0, 0.5, 1.5, 2)) for _ in range(2)), 2.5]
    r.shuffle(tanh)
    r.shuffle(relu)
    return [{"x": vector(*tanh)}, {"x": vector(*relu)}]


def gradient_signs(x):
    return x.sign(), -x.sign()


signs = {
    "answer": "gradient_signs",
    "reference": gradient_signs,
    "returns": ("the signs for δ > 0", "the signs for δ < 0"),
}

CHECKS = [
    Check.of(
        name="gradient-signs-positive",
        drawn_anew=True,
        points=1,
        inputs=[{"x": vector(0.3, 0.7)}, {"x": vector(0.9, 0.1, 0.5)}, {"x": vector(0.4, -0.2, 0, 2)}],
        **signs,
    ),
    Check.of(
        name="gradient-signs-any",
        points=1,
        hidden="inputs as they come from tanh, and from ReLU.",
        inputs=inputs_of_both_kinds,
        **signs,
    ),
    Check(
        name="escaping-batch",
        answer="escaping_batch",
        points=1,
        holds="escapes_with_these_signs",
        cases=tuple(
            Case({"signs": vector(*signs)})
            for signs in ((1, -1), (1, -1, 1), (-1, 1, 1, -1), (-1, -1, 1, -1, -1))
        ),
    ),
]
