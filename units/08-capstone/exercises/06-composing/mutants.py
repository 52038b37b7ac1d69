"""Slips in the solution that are no mistakes."""

FACTORS = "the two numbers of maps are only multiplied by each other."

EQUAL = {
    "multiply_adds": {
        "(M, K, p) -> (K, M, p)": FACTORS,
        "zip(maps[:-1], maps[1:], kernels, strict=True) -> zip(maps[1:], maps[:-1], kernels, strict=True)": FACTORS,
    },
    "fewest": {
        "for i in range(j): -> runs backwards": "the least of the ways does not depend on their order.",
        "best[n] -> best[j]": "behind the loop j is n.",
    },
}
