"""Slips in the solution that are none."""

EQUAL = {"sigmoid": {"x >= 0 -> x > 0": "at x = 0 the power is 1 as well: both branches are the same."}}
RIGHT = {"nan_gradient": lambda answer: -3e38 < answer() < -88.8}  # e^−x is ∞ in float32
