"""Mutants of the solution that are no mistakes, and why."""

ORDER = "the order of the heads is free."
NEARLY = "the top of the bell moves by an eightieth of a place or less."
EXACT = "these are whole numbers, which each dtype holds."

EQUAL = {
    "heads_of": {
        "(K, M, p, q) -> (M, K, p, q)": "neither K nor M is used by name.",
        "(w, V) -> (V, w)": "both begin as empty lists.",
        "for u in range(p): -> runs backwards": ORDER,
        "for v in range(q): -> runs backwards": ORDER,
        "-40.0 -> -41.0": NEARLY,
        "-40.0 -> -39.0": NEARLY,
        "80.0 * down -> 81.0 * down": NEARLY,
        "80.0 * down -> 79.0 * down": NEARLY,
        "80.0 * right -> 81.0 * right": NEARLY,
        "80.0 * right -> 79.0 * right": NEARLY,
        "return (torch.tensor(w, dtype=F.dtype), torch.stack(V)) -> value 1 in float16": EXACT,
        "return (torch.tensor(w, dtype=F.dtype), torch.stack(V)) -> value 1 in whole numbers": EXACT,
        "torch.tensor(w, dtype=F.dtype) -> torch.tensor(w)": EXACT,
    },
}
