"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "bits": {
        "[first[x[:1]], table[x[:-1], x[1:]]] -> [table[x[:-1], x[1:]], first[x[:1]]]": "A mean does not ask for"
        " the order."
    }
}
