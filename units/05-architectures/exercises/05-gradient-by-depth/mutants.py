"""Slips in the solution that are no mistakes."""

EQUAL = {
    "gradient_norms": {
        "len(W) -> len(gates)": "there is one gate for each block.",
        "x > 0 -> x >= 0": "no number in any x_l is exactly 0, as the card says.",
    }
}
