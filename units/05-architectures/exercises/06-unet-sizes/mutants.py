"""Slips in the solution that are no mistakes."""

EVEN = "a size that fits gives every pooling an even number."

EQUAL = {
    "unet_walk": {
        "(sizes[-1] - 4) // 2 -> (sizes[-1] - 4) / 2": EVEN,
        "(sizes[-1] - 4) // 2 -> (sizes[-1] - 3) // 2": EVEN,
    },
    "fitting_size": {
        "at % 2 == 0 -> at % 2 <= 0": "in Python a remainder by 2 is 0 or 1.",
        "at //= 2 -> /=": "where it is not the same, `even` is False already.",
        "at > 0 -> at > 1": "behind the way up, which doubles, the number is even.",
    },
}
