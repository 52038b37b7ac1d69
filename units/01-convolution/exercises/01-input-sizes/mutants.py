"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {"input_sizes": {"max(least, 1) -> max(1, least)": "the larger of two is the larger of two."}}
