"""Mutants of the solution that are no mistakes, and why."""

LARGER = "the larger of two is the larger of two."
ROWS, COLUMNS = "(-(-H // s) - 1) * s + p - H", "(-(-W // s) - 1) * s + q - W"

EQUAL = {
    "pad_same": {
        f"max({ROWS}, 0) -> max(0, {ROWS})": LARGER,
        f"max({COLUMNS}, 0) -> max(0, {COLUMNS})": LARGER,
    },
}
