"""Slips in the solution that are no mistakes."""

ORDER = "whether a list is among them does not depend on their order."

EQUAL = {
    "left": {
        "('relu', 'max pool') -> ('max pool', 'relu')": ORDER,
        "(['conv'], ['conv circular']) -> (['conv circular'], ['conv'])": ORDER,
    }
}
