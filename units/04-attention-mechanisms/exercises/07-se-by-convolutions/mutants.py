"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "se_by_convolutions": {
        "A[0] -> A[-1]": "a batch of one: its first image is its last.",
    },
}
