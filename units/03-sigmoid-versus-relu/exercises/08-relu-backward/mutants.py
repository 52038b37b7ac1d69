"""Slips in the solution that are none."""

BOTH = "of two conditions that must hold, or of which one is enough, either may stand first."

EQUAL = {
    "relu_backward": {"(x > 0) & (x < c) -> (x < c) & (x > 0)": BOTH},
    "count_dead": {
        "(z <= 0) | (z >= c) -> (z >= c) | (z <= 0)": BOTH,
        "int(((z <= 0) | (z >= c)).all(dim=0).sum()) -> ((z <= 0) | (z >= c)).all(dim=0).sum()": (
            "a tensor of one whole number is one, too."
        ),
    },
}
