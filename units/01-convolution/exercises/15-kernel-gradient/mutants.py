"""Mutants of the solution that are no mistakes, and why."""

SIZES = "K, X.shape[0], p, q, dtype=X.dtype"
ORDER = "each tap has a place of its own."

EQUAL = {
    "kernel_gradient": {
        f"torch.zeros({SIZES}) -> torch.ones({SIZES})": "every number is written over.",
        "for u in range(p): -> runs backwards": ORDER,
        "for v in range(q): -> runs backwards": ORDER,
    },
}
