"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Check, distinct, vector


def compose_strided(F, G, s1, s2):
    one = reduction.compose(
        F.reshape(1, 1, 1, -1), None, G.reshape(1, 1, 1, -1), None, stride=((1, s1), (1, s2))
    )
    return one.weight.reshape(-1), one.stride[1]


striding = {"answer": "compose_strided", "reference": compose_strided, "returns": ("O", "stride")}

CHECKS = [
    Check.of(
        name="compose-strided-values",
        points=1,
        inputs=[
            {"F": vector(1, 2), "G": vector(3, 4), "s1": 2, "s2": 1},
            {"F": vector(1, 2, 3), "G": vector(5, 7), "s1": 2, "s2": 3},
            {"F": vector(2, -1), "G": vector(1, 3, 4), "s1": 3, "s2": 2},
        ],
        **striding,
    ),
    Check.of(
        name="compose-strided-long",
        points=1,
        hidden="longer kernels.",
        inputs=lambda seed: [{"F": distinct(4, seed), "G": distinct(3, seed + 1), "s1": 3, "s2": 2}],
        **striding,
    ),
]
