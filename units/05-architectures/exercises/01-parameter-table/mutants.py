"""Slips in the solution that are no mistakes."""

EQUAL = {
    "parameter_table": {
        "kind == 'conv' -> kind <= 'conv'": "of the three words it is the first in the alphabet.",
        "kind == 'pool' -> kind >= 'pool'": "of the three words it is the last in the alphabet.",
    }
}
