"""Slips in the solution that are no mistakes."""

FLOAT32 = "These numbers and their sums are exact in float32, and a check takes either dtype."

ZEROS = "torch.zeros(len(F) + s1 * (len(G) - 1)"

EQUAL = {
    "compose_strided": {
        f"{ZEROS}, dtype=F.dtype) -> {ZEROS})": FLOAT32,
    }
}
