"""What students answer to `deformable`: the wrong ways, and what each is told and loses."""

from functools import partial

import nonconv.layers
from nonconv.authoring import edited, given, solution, wrong

LOOKS = ("deformable-values", "deformable-offsets")
slip = partial(
    edited, "deformable", solution(__file__, "deformable"), given(__file__, "bilinear"), loses=LOOKS
)
HERE = "(offset[:, u, v, i, j] + torch.tensor([i + u, j + v])).tolist()"

MISTAKES = [
    slip(
        "swaps_the_two_offsets",
        ("offset[:, u, v, i, j]", "offset[:, u, v, i, j].flip(0)"),
        says="offset[0] moves the column here: it moves the row, and offset[1] the column.",
    ),
    slip(
        "moves_the_other_way",
        ("(offset[:, u, v, i, j] +", "(-offset[:, u, v, i, j] +"),
        says="the offsets are subtracted: tap (u, v) looks at i + u *plus* its offset.",
    ),
    slip(
        "uses_the_offsets_of_the_first_place",
        ("u, v, i, j] +", "u, v, 0, 0] +"),
        says="every output uses the offsets of the first one: each place has its own, offset[:, u, v, i, j].",
    ),
    slip(
        "uses_the_offsets_of_the_first_tap",
        ("offset[:, u, v, i, j]", "offset[:, 0, 0, i, j]"),
        says="every tap uses the offsets of the first one: each tap has its own.",
    ),
    slip(
        "looks_at_where_the_output_stands",
        ("[i + u, j + v]", "[i, j]"),
        says="the taps stand on one place: without offsets, tap (u, v) looks at row i + u and column j + v.",
    ),
    slip(
        "rounds_the_offsets",
        (HERE, f"[float(int(one // 1)) for one in {HERE}]"),
        says="places are rounded down to a pixel: read between the pixels, with `bilinear`.",
    ),
    slip(
        "turns_the_kernel_around",
        ("F[u, v]", "F[p - 1 - u, q - 1 - v]"),
        says="the kernel is turned around: tap (u, v) has the number F[u, v].",
    ),
    slip(
        "keeps_the_last_tap",
        ("Y[i, j] += ", "Y[i, j] = "),
        says="only the last tap is left: the taps are added up, so is there an = where += belongs?",
    ),
    slip("works_in_float32", (", dtype=X.dtype", ""), shows="its dtype is torch.float32"),
]


@wrong("deformable", shows="calls nonconv.layers", loses=LOOKS)
def calls_the_ready_layer(X, F, offset):
    two = offset.permute(1, 2, 0, 3, 4).flatten(0, 2)
    return nonconv.layers.deform_conv2d(X[None, None], two[None], F[None, None])[0, 0]


@wrong("deformable", shows="expected shape", loses=LOOKS)
def keeps_the_batch(X, F, offset):
    p, q = F.shape
    return (X[: X.shape[0] - p + 1, : X.shape[1] - q + 1] * F[0, 0])[None, None]
