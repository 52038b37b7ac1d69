"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {"receptive_field": {"size, jump = (1, 1) -> jump, size = (1, 1)": "both are 1."}}
