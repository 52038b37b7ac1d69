"""Mutants of the solution that are no mistakes, and why."""

SHAPES = "the axes are put in front by themselves when the two are added."
COUNT = "it has one entry for each word, too."
SQUARED = "what is squared may change its sign."

EQUAL = {
    "look": {
        "(states @ W.T)[:, None, :] -> (states @ W.T)[:, None]": "what is left out at the end is the whole axis.",
        "(cells @ U.T)[None, :, :] -> cells @ U.T": SHAPES,
        "(cells @ U.T)[None, :, :] -> (cells @ U.T)[:, :]": SHAPES,
        "(cells @ U.T)[None, :, :] -> (cells @ U.T)[None, :]": SHAPES,
        "len(states) / len(cells) -> len(hidden) / len(cells)": COUNT,
        "len(states) / len(cells) -> len(alpha) / len(cells)": COUNT,
        "1 - alpha.sum(dim=0) -> alpha.sum(dim=0) - 1": SQUARED,
        "1 - share -> share - 1": SQUARED,
        "alpha.reshape(len(states), height, width) -> alpha.reshape(len(hidden), height, width)": COUNT,
        "alpha.reshape(len(states), height, width) -> alpha.reshape(len(alpha), height, width)": COUNT,
    },
}
