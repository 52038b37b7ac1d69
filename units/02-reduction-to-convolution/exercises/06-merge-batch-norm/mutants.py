"""Which other answers of the solutions' kind are right, and which slips are none."""

import math


def differs_from_the_slides(answer) -> bool:
    b, gamma, beta, mu, var, eps = answer()
    root = math.sqrt(var + eps)
    right = gamma * (b - mu) / root + beta
    return not math.isclose(right, b + beta - gamma * mu / root)


RIGHT = {"slides_counterexample": differs_from_the_slides}

EQUAL = {
    "fold_listing": {
        "G.reshape(1, -1, 1, 1) -> G.reshape(-1, 1, 1)": "an axis of length 1 in front is put there anyway."
    }
}
