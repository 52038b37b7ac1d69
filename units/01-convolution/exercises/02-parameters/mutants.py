"""Mutants of the solution that are no mistakes, and why."""

EQUAL = {
    "parameters": {
        "M * K * p * q // g -> M * K * p * q / g": "M is a multiple of g, and a count may be written as 12.0.",
    },
}
