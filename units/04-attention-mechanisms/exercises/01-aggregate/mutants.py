"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "aggregate": {
        "by == 'avg' -> by <= 'avg'": '`by` is one of two words, and "max" comes after "avg".',
    },
}
