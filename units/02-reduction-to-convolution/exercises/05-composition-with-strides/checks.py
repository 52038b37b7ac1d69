"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Check, distinct, vector

from ...shared import STEPS


def compose_strided(F, G, s1, s2):
    one = reduction.compose(
        F.reshape(1, 1, 1, -1), None, G.reshape(1, 1, 1, -1), None, stride=((1, s1), (1, s2))
    )
    return one.weight.reshape(-1), one.stride[1]


def numbers(n: int, seed: int):
    """n eighths of different sizes: float32 holds their products and sums exactly."""
    return (10 * distinct(n, seed)).round() / 8


striding = {
    "answer": "compose_strided",
    "reference": compose_strided,
    "returns": ("O", "stride"),
    "may_call": STEPS,
}

CHECKS = [
    Check.of(
        name="compose-strided-values",
        drawn_anew=True,
        points=1,
        inputs=[
            {"F": vector(1, 2), "G": vector(3, 4), "s1": 2, "s2": 1},
            {"F": vector(1, 2, 3), "G": vector(5, 7), "s1": 2, "s2": 3},
            {"F": vector(0.5, -1), "G": vector(1, 3.5, 4), "s1": 3, "s2": 2},
        ],
        **striding,
    ),
    Check.of(
        name="compose-strided-long",
        points=1,
        hidden="longer kernels, and one of a single number.",
        inputs=lambda seed: [
            {"F": numbers(4, seed), "G": numbers(3, seed + 1), "s1": 3, "s2": 2},
            {"F": numbers(1, seed + 2), "G": numbers(2, seed + 3), "s1": 2, "s2": 3},
        ],
        **striding,
    ),
]
