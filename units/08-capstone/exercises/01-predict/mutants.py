"""Slips in the solution that are no mistakes."""

ORDER = "whether a list is among them does not depend on their order."

ITSELF = "layers[n] is a batch norm, which is looked through."

EQUAL = {
    "left": {
        "('relu', 'max pool') -> ('max pool', 'relu')": ORDER,
        "(['conv'], ['conv circular']) -> (['conv circular'], ['conv'])": ORDER,
        "layers[n + 1:] -> layers[n + 1 - 1:]": ITSELF,
        "n + 1 -> n * 1": ITSELF,
        "n + 1 -> n": ITSELF,
        "n + 1 -> n + 0": ITSELF,
    }
}
