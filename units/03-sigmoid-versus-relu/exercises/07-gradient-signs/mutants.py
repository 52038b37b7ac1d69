"""Slips in the solution that are none."""

EQUAL = {
    "gradient_signs": {
        f"return (torch.sign(x), torch.sign(-x)) -> value {n} in {kind}": "any dtype holds −1, 0 and 1."
        for n in (1, 2)
        for kind in ("float16", "whole numbers")
    }
}


def _escapes(answer) -> bool:
    X, delta = answer()
    first, second = (delta[:, None] * X).sum(0).tolist()
    return bool((X > 0).all()) and X.shape == (*delta.shape, 2) and first * second < 0


RIGHT = {"escaping_batch": _escapes}
