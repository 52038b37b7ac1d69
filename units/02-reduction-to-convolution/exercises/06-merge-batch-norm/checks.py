"""The checks: references, inputs, points."""

from nonconv import reduction
from nonconv.authoring import Case, Check, distinct, vector, whole

from ...shared import SEARCHING, STEPS


def merged(K: int, seed: int) -> dict:
    """A bias b, and G and g of a batch norm behind it."""
    return {name: distinct(K, seed + n) for n, name in enumerate(("b", "G", "g"))}


def fold_listing(weight, bias, G, g):
    O, o = reduction.merge(weight.transpose(0, 1), bias, G, g)
    return O.transpose(0, 1), o


def listing(M: int, K: int, seed: int, bias: bool) -> dict:
    """A transposed convolution of M input and K output maps, and the batch norm behind it."""
    numbers = merged(K, seed + 1)
    weight = whole(M, K, 1, 2, seed=seed)
    return {"weight": weight, "bias": numbers["b"] if bias else None, "G": numbers["G"], "g": numbers["g"]}


def merge(F, b, G, g):
    return reduction.merge(F, b, G, g)


folding = {"answer": "fold_listing", "reference": fold_listing, "returns": ("O", "o"), "may_call": STEPS}

merging = {"answer": "merge", "reference": merge, "returns": ("O", "o"), "may_call": STEPS}

CHECKS = [
    Check.of(
        name="merge-values",
        drawn_anew=True,
        points=2,
        inputs=[
            {"F": whole(1, 1, 1, 2, seed=3), "b": vector(5), "G": vector(2), "g": vector(3)},
            {"F": whole(2, 2, 2, 2, seed=4), "b": vector(5, -1), "G": vector(2, 3), "g": vector(3, 1)},
            {
                "F": whole(2, 3, 4, 1, seed=5),
                "b": vector(1, 2),
                "G": vector(0.5, -4),
                "g": vector(-1, 0),
            },
        ],
        **merging,
    ),
    Check.of(
        name="merge-groups-and-signs",
        points=1,
        hidden="more maps in than out, and the kernel of a depthwise convolution.",
        inputs=lambda seed: [
            {"F": whole(3, 4, 1, 2, seed=seed), **merged(3, seed=seed + 10)},
            {"F": whole(4, 1, 3, 3, seed=seed + 1), **merged(4, seed=seed + 20)},
        ],
        **merging,
    ),
    Check(
        name="slides-counterexample",
        answer="slides_counterexample",
        points=2,
        holds="breaks_the_slides_bias",
        cases=(Case({}),),
        may_call=SEARCHING,
    ),
    Check.of(
        name="fold-listing-values",
        drawn_anew=True,
        points=1,
        inputs=[
            listing(1, 1, seed=70, bias=True),
            listing(2, 3, seed=72, bias=True),
            listing(2, 2, seed=73, bias=True),
        ],
        **folding,
    ),
    Check.of(
        name="fold-listing-without-bias",
        points=1,
        hidden="convolutions without a bias, and with one.",
        inputs=lambda seed: [
            listing(3, 2, seed, bias=False),
            listing(2, 4, seed + 1, bias=True),
            listing(2, 2, seed + 2, bias=True),
        ],
        seed=74,
        **folding,
    ),
]
