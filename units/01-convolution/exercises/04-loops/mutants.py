"""Mutants of the solution that are no mistakes, and why."""

SIZES = "K, (H - p) // s + 1, (W - q) // s + 1, dtype=X.dtype"
ORDER = "each output number is written once, and in which order is no matter."

EQUAL = {
    "convolve": {
        f"torch.zeros({SIZES}) -> torch.ones({SIZES})": "every number is written over.",
        "for k in range(K): -> runs backwards": ORDER,
        "for i in range(Y.shape[1]): -> runs backwards": ORDER,
        "for j in range(Y.shape[2]): -> runs backwards": ORDER,
    },
}
