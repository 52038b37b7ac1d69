"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

from nonconv.authoring import edited, given, solution, wrong

TURNED = ("transposed-values", "transposed-sizes")
slip = partial(edited, "as_ordinary", solution(__file__, "transposed"), given(__file__), loses=TURNED)

# where Y stands too far on, its last numbers find no place
FITTING = (
    "= Y\n",
    "= Y[:, :Z[:, top:top + s * (rows - 1) + 1:s].shape[1], :Z[:, :, left:left + s * (columns - 1) + 1:s].shape[2]]\n",
)

MISTAKES = [
    slip(
        "does_not_flip_the_kernel",
        ("F.flip(2, 3).transpose(0, 1)", "F.transpose(0, 1)"),
        says="the kernel is not flipped: a copy that is dropped meets the sliding window in the other order.",
    ),
    slip(
        "flips_the_rows_only",
        ("F.flip(2, 3)", "F.flip(2)"),
        says="only the rows of the kernel are flipped: the columns too.",
    ),
    slip(
        "flips_the_maps_too",
        ("F.flip(2, 3).transpose(0, 1)", "F.flip(0, 1, 2, 3).transpose(0, 1)"),
        says="the maps are in the opposite order: only rows and columns are flipped, maps are swapped.",
    ),
    slip(
        "takes_P_for_the_frame",
        ("top, left = (p - 1 - P, q - 1 - P)", "top, left = (P, P)"),
        FITTING,
        says="the frame of Z is p − 1 − P rows on top, not P: the more A framed, the less is left here.",
    ),
    slip(
        "forgets_that_A_framed",
        ("top, left = (p - 1 - P, q - 1 - P)", "top, left = (p - 1, q - 1)"),
        FITTING,
        says="P does not count here: a frame of A cuts P rows off the result, so Y stands P rows further up.",
    ),
    slip("works_in_float32", (", dtype=Y.dtype", ""), shows="its dtype is torch.float32"),
    slip(
        "leaves_no_zeros_between",
        (" + s * (rows - 1) + 1:s", " + rows"),
        (" + s * (columns - 1) + 1:s", " + columns"),
        says="Y stands there without zeros between its numbers: s − 1 of them belong there.",
    ),
    slip(
        "returns_the_kernel_first",
        ("return (Z, F.flip(2, 3).transpose(0, 1))", "return (F.flip(2, 3).transpose(0, 1), Z)"),
        shows="in another order: return (Z, O)",
    ),
]


@wrong("as_ordinary", shows="O: expected shape", loses=TURNED)
def does_not_swap_the_maps(Y, F, size, s, P):
    K, _, p, q = F.shape
    Z = torch.zeros(K, size[0] + p - 1, size[1] + q - 1, dtype=Y.dtype)
    rows, columns = Y.shape[1:]
    a, b = p - 1 - P, q - 1 - P
    Z[:, a : a + s * (rows - 1) + 1 : s, b : b + s * (columns - 1) + 1 : s] = Y
    return Z, F.flip(2, 3)


@wrong("as_ordinary", shows="Z: expected shape", loses=TURNED)
def frames_both_sides_alike(Y, F, size, s, P):
    K, _, p, q = F.shape
    rows, columns = ((n - 1) * s + 1 for n in Y.shape[1:])
    Z = torch.zeros(K, rows + 2 * (p - 1 - P), columns + 2 * (q - 1 - P), dtype=Y.dtype)
    Z[:, p - 1 - P : p - 1 - P + rows : s, q - 1 - P : q - 1 - P + columns : s] = Y
    return Z, F.flip(2, 3).transpose(0, 1)


@wrong(
    "as_ordinary",
    says="the rows that are left over stand on top: they go to the bottom, behind the last number.",
    loses=TURNED,
)
def puts_what_is_left_on_top(Y, F, size, s, P):
    K, _, p, q = F.shape
    Z = torch.zeros(K, size[0] + p - 1, size[1] + q - 1, dtype=Y.dtype)
    rows, columns = ((n - 1) * s + 1 for n in Y.shape[1:])
    a, b = Z.shape[1] - (p - 1 - P) - rows, Z.shape[2] - (q - 1 - P) - columns
    Z[:, a : a + rows : s, b : b + columns : s] = Y
    return Z, F.flip(2, 3).transpose(0, 1)


@wrong(
    "as_ordinary",
    says="s zeros stand between two numbers: it is s − 1, so that they stand s apart.",
    loses=TURNED,
)
def leaves_one_zero_too_many(Y, F, size, s, P):
    K, _, p, q = F.shape
    Z = torch.zeros(K, size[0] + p - 1, size[1] + q - 1, dtype=Y.dtype)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[2]):
            a, b = p - 1 - P + i * (s + 1), q - 1 - P + j * (s + 1)
            if a < Z.shape[1] and b < Z.shape[2]:
                Z[:, a, b] = Y[:, i, j]
    return Z, F.flip(2, 3).transpose(0, 1)


@wrong(
    "as_ordinary",
    says="Y stands in the middle: on top are p − 1 − P rows, and what is left over goes to the bottom.",
    loses=TURNED,
)
def centres_what_is_left(Y, F, size, s, P):
    K, _, p, q = F.shape
    Z = torch.zeros(K, size[0] + p - 1, size[1] + q - 1, dtype=Y.dtype)
    rows, columns = ((n - 1) * s + 1 for n in Y.shape[1:])
    a, b = (Z.shape[1] - rows) // 2, (Z.shape[2] - columns) // 2
    Z[:, a : a + rows : s, b : b + columns : s] = Y
    return Z, F.flip(2, 3).transpose(0, 1)
