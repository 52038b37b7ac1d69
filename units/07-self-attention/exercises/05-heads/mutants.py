"""Mutants of the solution that are no mistakes, and why."""

WIDTH = "the queries, keys and values of a head have one width, d/h."

EQUAL = {"multi_head": {"k.shape -> q.shape": WIDTH, "k.shape -> v.shape": WIDTH}}
