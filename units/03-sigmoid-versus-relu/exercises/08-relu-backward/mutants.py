"""Slips in the solution that are none."""

EQUAL = {
    "count_dead": {
        "int((Z <= 0).all(dim=0).sum()) -> (Z <= 0).all(dim=0).sum()": "a tensor of one whole number is one, too."
    }
}
