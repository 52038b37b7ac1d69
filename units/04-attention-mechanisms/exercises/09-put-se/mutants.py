"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "put_se": {
        "n + 1 < len(model) -> n + 1 != len(model)": "n + 1 is never above the length.",
    },
    "se_cost": {
        "for layer in model: -> runs backwards": "a sum of whole numbers in another order.",
        "2 * C * C // r -> 2 * C * C / r": "r divides C: the same number, as a float.",
        "C // r -> C / r": "r divides C: the same number, as a float.",
    },
}
