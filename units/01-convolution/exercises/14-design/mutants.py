"""Mutants of the solution that are no mistakes, and why."""

from nonconv.checks.properties import PROPERTIES

TASKS = [
    (3, 16, 31, 1000),
    *((M, K, n, 6 * M * n + M * K + 2 * K) for M in (2, 5, 9) for K in (2, 7) for n in range(1, 20)),
]


def design(answer):
    """By the property itself, on many more tasks."""
    names = ("M", "K", "field", "budget")
    tasks = [dict(zip(names, task, strict=True)) for task in TASKS]
    return all(PROPERTIES["sees_so_many_rows"](task, answer(**task)) is None for task in tasks)


RIGHT = {"design": design}
