"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {"shift_matrix": {"for i in range(d // 2): -> runs backwards": "each wave has its own block."}}
