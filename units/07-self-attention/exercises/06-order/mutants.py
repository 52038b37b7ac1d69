"""Mutants of the solution that are no mistakes, and why."""

ANY = "any input without ties will do."
RANDOM = "torch.randn(n, d, generator=torch.Generator().manual_seed(0), dtype=torch.float64)"
CLOSE = "torch.allclose(f(X[swap]), f(X)[swap], atol=1e-06)"
TOLERANCE = "rounding is far below, what differs far above."

EQUAL = {
    "knows_no_order": {
        f"{RANDOM} -> torch.randn(n, d, dtype=torch.float64)": ANY,
        "torch.Generator().manual_seed(0) -> torch.Generator()": ANY,
        "torch.Generator().manual_seed(0) -> torch.Generator().manual_seed(1)": ANY,
        "torch.Generator().manual_seed(0) -> torch.Generator().manual_seed(-1)": ANY,
        "for i in range(n - 1): -> runs backwards": "all swaps are tried, in whatever order.",
        f"{CLOSE} -> torch.allclose(f(X)[swap], f(X[swap]), atol=1e-06)": "the tolerance is small on either side.",
        f"{CLOSE} -> torch.allclose(f(X[swap]), f(X)[swap])": TOLERANCE,
        f"{CLOSE} -> torch.allclose(f(X[swap]), f(X)[swap], atol=2e-06)": TOLERANCE,
        f"{CLOSE} -> torch.allclose(f(X[swap]), f(X)[swap], atol=5e-07)": TOLERANCE,
    },
}
