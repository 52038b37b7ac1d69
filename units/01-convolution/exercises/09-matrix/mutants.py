"""Mutants of the solution that are no mistakes, and why."""

ORDER = "the windows of different outputs stand in different rows of A."

EQUAL = {
    "matrix_of": {
        "for i in range(rows): -> runs backwards": ORDER,
        "for j in range(columns): -> runs backwards": ORDER,
    },
}
