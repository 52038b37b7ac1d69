"""Mutants of the solution that are no mistakes, and why."""

SVD, LIMIT = "torch.linalg.svd(sheets, full_matrices=False)", "1e-05 * S[:, :1, None]"
FIRST = "only the first column and the first row are used."
FAR = "rounding stays far below this limit, and a kernel that is none far above."

EQUAL = {
    "separate": {
        "F.transpose(0, 1) -> F.transpose(1, 0)": "two axes change places, whichever is named first.",
        f"{SVD} -> torch.linalg.svd(sheets)": FIRST,
        f"{SVD} -> torch.linalg.svd(sheets, full_matrices=True)": FIRST,
        "P[:, :, None] * D[:, None] -> P[:, :, None] @ D[:, None]": "a column times a row, either way.",
        "nearest - sheets -> sheets - nearest": "of the difference the size is taken.",
        f"{LIMIT} -> 2e-05 * S[:, :1, None]": FAR,
        f"{LIMIT} -> 5e-06 * S[:, :1, None]": FAR,
        "S[:, :1, None] -> S[:, None, :1]": "one number for each input map, either way.",
    },
}
