"""Mutants of the solution that are no mistakes, and why."""

ORDER = "a sum is the same in any order."

ROWS = "(top, top + 1 - r)", "(top + 1, r - top)"
COLUMNS = "(left, left + 1 - c)", "(left + 1, c - left)"
PLACE = "offset[:, u, v, i, j] + torch.tensor([i + u, j + v])"
FLOOR = "it is a whole number already."

EQUAL = {
    "bilinear": {
        "int(r // 1) -> round(r // 1)": FLOOR,
        "int(c // 1) -> round(c // 1)": FLOOR,
        f"for i, near_row in ({', '.join(ROWS)}): -> runs backwards": ORDER,
        f"({', '.join(ROWS)}) -> ({', '.join(ROWS[::-1])})": ORDER,
        f"for j, near_column in ({', '.join(COLUMNS)}): -> runs backwards": ORDER,
        f"({', '.join(COLUMNS)}) -> ({', '.join(COLUMNS[::-1])})": ORDER,
    },
    "deformable": {
        "for i in range(Y.shape[0]): -> runs backwards": ORDER,
        "for j in range(Y.shape[1]): -> runs backwards": ORDER,
        "for u in range(p): -> runs backwards": ORDER,
        "for v in range(q): -> runs backwards": ORDER,
        f"({PLACE}).tolist() -> {PLACE}": "`bilinear` reads at tensors of one number as well.",
    },
}
