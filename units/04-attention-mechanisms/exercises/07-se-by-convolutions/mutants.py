"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "se_by_convolutions": {
        "X.dtype -> W0.dtype": "all that is given has one dtype.",
        "X.dtype -> W1.dtype": "all that is given has one dtype.",
        "A[0] -> A[-1]": "a batch of one: its first image is its last.",
    },
}
