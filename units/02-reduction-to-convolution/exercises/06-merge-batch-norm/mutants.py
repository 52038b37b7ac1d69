"""Which other answers of the solutions' kind are right."""

import math


def differs_from_the_slides(answer) -> bool:
    b, gamma, beta, mu, var, eps = answer()
    root = math.sqrt(var + eps)
    right = gamma * (b - mu) / root + beta
    return not math.isclose(right, b + beta - gamma * mu / root)


RIGHT = {"slides_counterexample": differs_from_the_slides}
