"""Slips in the solution that are no mistakes."""

FLOAT32 = "These numbers and their sums are exact in float32, and a check takes either dtype."
ORDER = "A sum does not depend on the order of its terms."

ZEROS = "torch.zeros(len(F) + s1 * (len(G) - 1)"

EQUAL = {
    "compose_strided": {
        f"{ZEROS}, dtype=F.dtype) -> {ZEROS})": FLOAT32,
        "F.dtype -> G.dtype": "Both kernels have one dtype.",
        "for u in range(len(F)): -> runs backwards": ORDER,
        "for w in range(len(G)): -> runs backwards": ORDER,
    }
}
