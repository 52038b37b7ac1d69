"""The checks: references, inputs, points."""

from typing import Any

import torch

from nonconv import layers
from nonconv.authoring import Check, first_that, whole_between

from ...shared import CLOSE, image


def pool_gradient(X, G, p, s):
    """By autograd, through the library's layer."""
    x = X.clone().requires_grad_()
    (back,) = torch.autograd.grad(layers.max_pool2d(x[None], p, s)[0], x, G)
    return back


def case(
    M: int, H: int, W: int, p: int, s: int, seed: int, dtype: torch.dtype = torch.float64, up: int = 0
) -> dict[str, Any]:
    """Numbers from −4 to −1, so that there are many ties and no 0 is a maximum; G is not 0 anywhere.

    `up` is added to all of them: the same places are maxima.
    """
    X = whole_between(M, H, W, seed=seed, low=-4, high=-1).to(dtype) + up
    return {
        "X": X,
        "G": image(M, (H - p) // s + 1, (W - p) // s + 1, seed=seed + 1, dtype=dtype),
        "p": p,
        "s": s,
    }


def tied(X: torch.Tensor, G: torch.Tensor, p: int, s: int) -> bool:
    """Do ties decide: does the last maximum give another gradient than the first?"""
    turned = pool_gradient(X.flip(1, 2), G.flip(1, 2), p, s).flip(1, 2)
    # exact: whole numbers
    fits = all((n - p) % s == 0 for n in X.shape[1:])
    return not fits or not torch.equal(turned, pool_gradient(X, G, p, s))


def images(seed: int) -> list[dict[str, Any]]:
    """Windows that overlap, with ties; side by side, with rows left over; with gaps; all numbers equal; float32."""
    return [
        first_that(tied, lambda seed: case(2, 4, 5, 3, 1, seed), seed),
        case(2, 5, 7, 2, 2, seed + 1),
        case(1, 6, 9, 2, 3, seed + 2, up=6),
        {**case(2, 5, 4, 2, 1, seed + 3), "X": torch.full((2, 5, 4), -1.5).double()},
        first_that(tied, lambda seed: case(3, 4, 6, 2, 1, seed, torch.float32), seed + 4),
    ]


def as_shown(seed: int) -> list[dict[str, Any]]:
    return [
        first_that(tied, lambda seed: case(1, 2, 3, 2, 1, seed, up=8), seed),
        first_that(tied, lambda seed: case(2, 4, 5, 3, 1, seed), seed + 1),
        case(2, 5, 4, 2, 2, seed + 2),
        case(1, 5, 7, 2, 3, seed + 3),
    ]


pooling = {
    "answer": "pool_gradient",
    "reference": pool_gradient,
    "returns": ("the gradient",),
    "may_not_call": ("autograd",),
    **CLOSE,
}

CHECKS = [
    Check.of(
        name="pool-values",
        drawn_anew=as_shown,
        points=2,
        inputs=[
            {
                "X": torch.tensor([[[1.0, 7, 7], [0, 2, 7]]]).double(),
                "G": torch.tensor([[[10.0, 5]]]).double(),
                "p": 2,
                "s": 1,
            },
            case(2, 4, 5, 3, 1, 1),
            case(2, 5, 4, 2, 2, 3),
            case(1, 5, 7, 2, 3, 5),
        ],
        **pooling,
    ),
    Check.of(
        name="pool-ties",
        points=1,
        hidden="more ties, equal numbers everywhere, windows with gaps, rows left over, float32.",
        inputs=images,
        seed=11,
        **pooling,
    ),
]
