"""What students answer: the wrong ways, and what each is told and loses."""

from functools import partial

import torch

import nonconv.layers
from nonconv.authoring import edited, given, solution, wrong

MATRIX = ("matrix-values", "matrix-maps")
slip = partial(edited, "matrix_of", solution(__file__, "matrix"), given(__file__), loses=MATRIX)
DONE = "A.reshape(K * rows * columns, M * H * W)"

MISTAKES = [
    slip(
        "flips_the_kernel",
        (", j:j + q] = F", ", j:j + q] = F.flip(2, 3)"),
        says="the kernel is turned around: A has the numbers in the order in which they slide.",
    ),
    slip("transposes_the_matrix", (DONE, DONE + ".T"), shows="expected shape"),
    slip(
        "writes_the_image_column_by_column",
        (DONE, "A.transpose(4, 5).reshape(K * rows * columns, M * H * W)"),
        says="the image is written column by column: flatten() goes row by row, the last index runs fastest.",
    ),
    slip(
        "writes_the_output_column_by_column",
        (DONE, "A.transpose(1, 2).reshape(K * rows * columns, M * H * W)"),
        says="the output is written column by column: flatten() goes row by row, the last index runs fastest.",
    ),
    slip(
        "puts_the_maps_last",
        (DONE, "A.permute(1, 2, 0, 4, 5, 3).reshape(K * rows * columns, M * H * W)"),
        says="place by place, and the maps of each together: flatten() goes map by map.",
    ),
    slip(
        "puts_the_kernel_in_the_corner",
        ("i:i + p, j:j + q] = F", ":p, :q] = F"),
        says="all rows are the same: the window of output (i, j) begins in row i and column j.",
    ),
    slip("works_in_float32", (", dtype=F.dtype", ""), shows="its dtype is torch.float32"),
    slip(
        "uses_the_first_map_for_all",
        (", j:j + q] = F", ", j:j + q] = F[:, :1].expand_as(F)"),
        says="every input map gets the first sheet of the kernel: map m has its own.",
    ),
    slip(
        "uses_the_first_kernel_for_all",
        (", j:j + q] = F", ", j:j + q] = F[:1].expand_as(F)"),
        says="every output map gets the first kernel: map k has its own.",
    ),
]


@wrong("matrix_of", shows="calls nonconv.layers", loses=MATRIX)
def calls_the_ready_one(F, H, W):
    return nonconv.layers.convolution_matrix(F, (H, W))


@wrong("matrix_of", shows="expected shape", loses=MATRIX)
def adds_the_maps(F, H, W):
    K, M, p, q = F.shape
    A = torch.zeros(K, H - p + 1, W - q + 1, H, W, dtype=F.dtype)
    for i in range(H - p + 1):
        for j in range(W - q + 1):
            A[:, i, j, i : i + p, j : j + q] = F.sum(1)
    return A.reshape(-1, H * W)


@wrong("matrix_of", shows="expected shape", loses=MATRIX)
def slides_over_the_edge(F, H, W):
    K, M, p, q = F.shape
    row = torch.zeros(K, M, H, W, dtype=F.dtype)
    row[:, :, :p, :q] = F
    moved = [row.roll((i, j), (2, 3)).reshape(K, -1) for i in range(H) for j in range(W)]
    return torch.stack(moved, 1).reshape(K * H * W, M * H * W)
