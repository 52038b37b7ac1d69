"""Slips in the solution that are no mistakes."""

FLOAT32 = "These numbers and their sums are exact in float32, and a check takes either dtype."
SAME_DTYPE = "All inputs have one dtype."
ORDER = "A sum does not depend on the order of its terms."

ZEROS = "torch.zeros(L, M, p + r - 1, q + s - 1"

EQUAL = {
    "compose": {
        f"{ZEROS}, dtype=F.dtype) -> {ZEROS})": FLOAT32,
        "F.dtype -> b.dtype": SAME_DTYPE,
        "F.dtype -> G.dtype": SAME_DTYPE,
        "F.dtype -> g.dtype": SAME_DTYPE,
        "for w in range(r): -> runs backwards": ORDER,
        "for z in range(s): -> runs backwards": ORDER,
    }
}
