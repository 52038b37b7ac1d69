"""Slips in the solution that are none."""

from itertools import product

import torch

EQUAL = {
    "gradient_signs": {
        f"return (torch.sign(x), torch.sign(-x)) -> value {n} in {kind}": "any dtype holds −1, 0 and 1."
        for n in (1, 2)
        for kind in ("float16", "whole numbers")
    }
}


def _escapes(answer) -> bool:
    for count in (2, 3, 5):
        for choice in product((1.0, -1.0), repeat=count):
            signs = torch.tensor(choice, dtype=torch.float64)
            X, delta = answer(signs)
            step = (delta[:, None] * X).sum(0)
            if not (
                bool((X > 0).all()) and X.shape == (len(delta), count) and bool((step * signs > 0).all())
            ):
                return False
    return True


RIGHT = {"escaping_batch": _escapes}
