"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {"attention": {"K.shape -> Q.shape": "queries and keys have one width, d_k."}}
