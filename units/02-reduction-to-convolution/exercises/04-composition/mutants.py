"""Slips in the solution that are no mistakes."""

FLOAT32 = "These numbers and their sums are exact in float32, and a check takes either dtype."

ZEROS = "torch.zeros(L, M, p + r - 1, q + s - 1"

EQUAL = {
    "compose": {
        f"{ZEROS}, dtype=F.dtype) -> {ZEROS})": FLOAT32,
    }
}
