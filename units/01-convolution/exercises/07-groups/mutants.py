"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {"ungroup": {"for k in range(K): -> runs backwards": "each kernel goes to its own place."}}
