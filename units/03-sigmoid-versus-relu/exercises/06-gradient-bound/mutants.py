"""Slips in the solution that are none."""

EQUAL = {
    "least_depth": {"product != 0 -> product > 0": "a power of a number between 0 and 1 is not negative."}
}
