"""Mutants of the solution that are no mistakes, and why."""

SWAPPED = "two axes change places, whichever is named first."

EQUAL = {
    "as_ordinary": {
        "F.flip(2, 3).transpose(0, 1) -> F.flip(2, 3).transpose(1, 0)": SWAPPED,
        "F.flip(2, 3) -> F.flip(3, 2)": "both axes are flipped, whichever is named first.",
    },
}
